import { type Expression, Expressions, type Store } from "../tensor/kernels/simd/expression.js";
import { type Arrays, upTo } from "./arrays.js";
import { expressionOf } from "./differentiate.js";
import type { Group, PlanOptions, Source, Stage, Sum } from "./plan.js";
import { byUse, type StepValues, stageOf, sumArray } from "./step-values.js";
import type { Affine, Pointwise, Value } from "./values.js";

/** Plans the way forward: which products are one, where each value lies, and what each stage computes. */
export class ForwardPlanner {
  readonly e = new Expressions();
  readonly groups: Group[] = [];
  /** The array that holds a value. */
  readonly stored = new Map<Value, string>();
  /** The same value in further places: where groups read it, or the next step. */
  readonly alsoAt = new Map<Value, string[]>();
  /** Sums that are needed as they are on the way back, or for a result. */
  readonly neededRaw = new Set<Value>();
  /** Where x goes, and each state before the first step. */
  readonly inputs: string[] = [];
  readonly before = new Map<string, string[]>();
  /** Gradient arrays by what they are the gradient of: a value, or a state by its name. */
  readonly seeds = new Map<Value | string, string[]>();
  readonly inputGradient: string[] = [];

  constructor(
    readonly values: StepValues,
    readonly arrays: Arrays,
    private readonly wanted: PlanOptions,
  ) {
    this.#formGroups();
    this.#placeStates();
    this.#placeValues();
  }

  // ---- products
  #formGroups(): void {
    const bySources = new Map<string, Affine[]>();
    const rank = (source: Value | "one"): number => (source === "one" ? 2 : source.kind === "x" ? 1 : 0);
    for (const sum of this.values.sums) {
      const ids = sum.terms.map(({ source }) => (source === "one" ? source : this.values.used(source).id));
      const key = ids.map(String).sort().join();
      bySources.set(key, [...(bySources.get(key) ?? []), sum]);
    }
    for (const sums of bySources.values()) {
      const sources = sums[0].terms.map(({ source }) => (source === "one" ? source : this.values.used(source)));
      sources.sort((a, b) => rank(a) - rank(b));
      this.groups.push(this.#group(`group${this.groups.length}`, sums, sources));
    }
  }

  #group(name: string, values: Affine[], from: (Value | "one")[]): Group {
    const { vector, panel } = this.arrays.padding;
    let [depth, backWidth, width] = [0, 0, 0];
    const looksUp = this.wanted.oneHot && from.some((value) => value !== "one" && value.kind === "x");
    const laid = looksUp ? from.filter((value) => value === "one" || value.kind !== "x") : from;
    const sources = laid.map((value): Source => {
      const isInput = value === "one" || value.kind === "x";
      const size = value === "one" ? 1 : value.width;
      const isCut = value !== "one" && value.kind === "pointwise" && value.op === "detach";
      const needsGradient = isInput ? value !== "one" && this.wanted.inputs : !isCut;
      const source = { value, width: size, at: depth, backAt: needsGradient ? backWidth : undefined };
      // kernels write whole vectors; x and the bias are laid there before, and may stand side by side
      depth += isInput ? size : upTo(size, vector);
      if (needsGradient) backWidth += upTo(size, panel);
      return source;
    });
    depth = upTo(depth, vector);
    const sums = values.map((value): Sum => {
      const sum = { value, at: width };
      width += upTo(value.width, panel);
      return sum;
    });
    const group = { name, level: values[0].level, sources, sums, looksUp, depth, width, backWidth };
    this.arrays.buffers.set(`${name} sources`, { stride: depth, slots: "steps" });
    this.arrays.buffers.set(`${name} sums`, { stride: width, slots: "steps" });
    if (backWidth > 0) this.arrays.buffers.set(`${name} back`, { stride: backWidth, slots: "ring" });
    for (const { value, at } of sums) this.arrays.place(sumArray(value), `${name} sums`, at);
    for (const source of sources) this.#placeSource(group, source);
    return group;
  }

  #placeSource({ name }: Group, { value, at, backAt }: Source): void {
    if (value === "one") return;
    const array = `${name} ${value.id}`;
    const isState = value.kind === "state";
    this.arrays.place(array, `${name} sources`, at);
    if (value.kind === "x") this.inputs.push(array);
    else if (isState) this.before.set(value.name, [...(this.before.get(value.name) ?? []), array]);
    if (isState || value.kind === "x") this.#rememberStored(value, array);
    else this.alsoAt.set(value, [...(this.alsoAt.get(value) ?? []), array]);
    if (backAt === undefined) return;
    const gradient = `d ${array}`;
    this.arrays.place(gradient, `${name} back`, backAt, isState ? 1 : 0);
    if (value.kind === "x") this.inputGradient.push(gradient);
    else this.addSeed(isState ? value.name : value, gradient);
  }

  // ---- where values lie

  #placeStates(): void {
    for (const { name, width } of this.values.step.states) {
      const known = this.before.get(name);
      const before = known ?? [this.arrays.own(`state ${name}`, width)];
      this.before.set(name, before);
      for (const array of before) {
        const { buffer, column } = this.arrays.places.get(array)!;
        this.arrays.place(`${array} next`, buffer, column, 1);
      }
      const value = this.values.results.get(name)!;
      this.#rememberStored(this.values.used(value), `${before[0]} next`);
      for (const array of before)
        this.alsoAt.set(this.values.used(value), [
          ...(this.alsoAt.get(this.values.used(value)) ?? []),
          `${array} next`,
        ]);
    }
  }

  /** Values that another stage or the way back needs are stored; the rest is computed again from them. */
  #placeValues(): void {
    const stored = new Set<Value>(this.values.pointwise.filter(squashes));
    for (const value of this.values.pointwise) {
      for (const operand of this.values.operands(value)) {
        if (operand.kind === "pointwise" && stageOf(operand) !== stageOf(value)) stored.add(operand);
      }
    }
    for (const value of this.values.pointwise) {
      if (this.stored.has(value)) continue;
      const inSources = this.alsoAt.get(value);
      if (inSources) this.stored.set(value, inSources[0]);
      else if (stored.has(value)) this.stored.set(value, `value ${value.id}`); // placed by #placeInSums
    }
  }

  /** A stage may overwrite the sums it reads: the values it leaves for the way back take their places. */
  placeInSums(): void {
    for (const [key, values] of this.values.stages) {
      const free = this.values.sums.filter((sum) => this.values.stageUsing(sum) === key && !this.neededRaw.has(sum));
      for (const value of values) {
        const array = this.stored.get(value);
        if (array !== `value ${value.id}`) continue;
        const own = free.findIndex((sum) => this.values.operands(value).includes(sum));
        const sum = free.splice(own < 0 ? 0 : own, 1)[0];
        if (sum) this.arrays.places.set(array, this.arrays.places.get(sumArray(sum))!);
        else this.arrays.own(array, value.width);
      }
    }
  }

  // ---- stages

  stages(): Stage[] {
    const stages: Stage[] = [];
    for (const values of [...this.values.stages.values()].flatMap(this.#inPasses)) {
      const [{ level, width }] = values;
      const stores: Store[] = [];
      const known = new Map<Value, Expression>();
      const expression = (value: Value): Expression => {
        const done = known.get(value);
        if (done) return done;
        const here = value.kind === "pointwise" && values.includes(value);
        const made = here ? expressionOf(this.e, value, this.values.operands(value).map(expression)) : this.read(value);
        known.set(value, made);
        return made;
      };
      for (const value of values) {
        for (const to of this.#arraysOf(value)) stores.push({ to, value: expression(value) });
      }
      if (stores.length > 0) stages.push({ level, width, stores });
    }
    return stages;
  }

  /**
   * A stage that squashes what it has squashed already, as tanh(cₜ) does, in two passes: first what squashes once. One
   * after the other they take as long to wait for as to compute; apart, a processor works on several vectors at once.
   */
  #inPasses = (values: readonly Pointwise[]): (readonly Pointwise[])[] => {
    const depth = new Map<Value, number>();
    for (const value of [...values].sort(byUse(this.values.operands))) {
      const before = this.values.operands(value).map((operand) => depth.get(operand) ?? 0);
      depth.set(value, Math.max(...before) + (squashes(value) ? 1 : 0));
    }
    const first = values.filter((value) => depth.get(value)! < 2);
    const second = values.filter((value) => depth.get(value)! >= 2);
    const written = new Set(first.flatMap((value) => this.#arraysOf(value).map(this.arrays.placeOf)));
    const lost = (value: Value): boolean => {
      if (value.kind === "affine") return written.has(this.arrays.placeOf(sumArray(value)));
      return first.includes(value as Pointwise) && !this.stored.has(value);
    };
    const readLater = second.flatMap((value) => this.values.operands(value));
    return second.length === 0 || readLater.some(lost) ? [values] : [first, second];
  };

  /** Every array that a value is stored in. */
  #arraysOf(value: Value): string[] {
    const array = this.stored.get(value);
    return [...new Set([...(array ? [array] : []), ...(this.alsoAt.get(value) ?? [])])];
  }

  /** A value from the array that holds it. */
  read(value: Value): Expression {
    if (value.kind === "number") return this.e.constant(value.value);
    if (value.kind === "affine") return this.e.input(sumArray(value));
    if (value.kind === "row") return this.e.input(this.arrays.row(value).array);
    const whole = this.stored.get(value);
    if (whole !== undefined) return this.e.input(whole);
    if (value.kind === "pointwise") throw new Error(`compile: value ${value.id} is not stored`);
    return this.e.input(this.#given(value.kind, value.name, value.from, value.width));
  }

  /** Some columns of x or of a state, as an array of their own name. */
  #given(kind: "x" | "state", name: string, from: number, width: number): string {
    const array = `${kind} ${name} ${from} ${width}`;
    if (this.arrays.has(array)) return array;
    let whole = kind === "state" ? this.before.get(name)![0] : this.inputs[0];
    if (whole === undefined) {
      whole = this.arrays.own("x", this.values.step.inputSize);
      this.inputs.push(whole);
    }
    const { buffer, column } = this.arrays.places.get(whole)!;
    this.arrays.place(array, buffer, column + from);
    return array;
  }

  #rememberStored(value: Value, array: string): void {
    if (!this.stored.has(value)) this.stored.set(value, array);
  }

  addSeed(of: Value | string, array: string): void {
    this.seeds.set(of, [...(this.seeds.get(of) ?? []), array]);
  }
}

const squashes = ({ op }: Pointwise): boolean => ["sigmoid", "tanh", "relu", "exp"].includes(op);
