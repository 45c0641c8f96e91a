import { type Expression, Expressions, type Store } from "../tensor/kernels/simd/expression.js";
import type { Tensor } from "../tensor/tensor.js";
import { expressionOf, passBack } from "./differentiate.js";
import type { TracedStep } from "./trace.js";
import { type Affine, normalForm, type Pointwise, type Value } from "./values.js";

/**
 * A step as stages, and the same backwards. Everything a stage reads or writes is an array with a name; where arrays
 * lie is decided here, but not how large a batch or how long a sequence is.
 *
 * Forward, a step goes up the levels: at each, the products whose sources are ready, then the pointwise arithmetic.
 * Backward it goes down: at each level the pointwise arithmetic, then what flows back through the products.
 */
export interface Plan {
  readonly groups: readonly Group[];
  readonly forward: readonly Stage[];
  readonly backward: readonly Stage[];
  readonly arrays: ReadonlyMap<string, Place>;
  readonly buffers: ReadonlyMap<string, BufferShape>;
  readonly states: readonly StatePlan[];
  /** Where x goes, before the first step. */
  readonly inputs: readonly string[];
  /** Each result of a step, to be computed from what is stored. */
  readonly results: ReadonlyMap<string, Output>;
  /** Rows of weights that pointwise arithmetic reads, with the array of their gradient. */
  readonly rows: readonly RowPlan[];
  readonly levels: number;
  /** Gradient arrays that are added to without ever being written whole: to be cleared before each step. */
  readonly cleared: readonly string[];
  /** Arrays that hold what reaches results other than states from outside, if that was asked for. */
  readonly resultGradients: ReadonlyMap<string, string>;
  /** Arrays whose sum is the gradient of x. */
  readonly inputGradient: readonly string[];
  /** The stride of an array. */
  padded(width: number): number;
}

/** Pointwise arithmetic over arrays of one width. */
export interface Stage {
  readonly level: number;
  readonly width: number;
  readonly stores: readonly Store[];
}

/** Sums over the same sources: one matrix product for all of them. */
export interface Group {
  readonly name: string;
  /** 0 if its sources are only x and the bias: then it is computed for all time steps at once. */
  readonly level: number;
  readonly sources: readonly Source[];
  readonly sums: readonly Sum[];
  /** Width of [sources], of [sums] and of [gradients of the sources], with padding. */
  readonly depth: number;
  readonly width: number;
  readonly backWidth: number;
}

export interface Source {
  readonly value: Value | "one";
  readonly width: number;
  readonly at: number;
  /** Column among the gradients of the sources; undefined if it needs none. */
  readonly backAt: number | undefined;
}

export interface Sum {
  readonly value: Affine;
  readonly at: number;
}

/** Which columns of which buffer; a shift of 1 looks one time step ahead. */
export interface Place {
  readonly buffer: string;
  readonly column: number;
  readonly shift: 0 | 1;
}

/** "steps": a slot per time step and one more. "ring": two, in turn. "once": one. "row": a single row. */
export interface BufferShape {
  readonly stride: number;
  readonly slots: "steps" | "ring" | "once" | "row";
}

export interface StatePlan {
  readonly name: string;
  readonly width: number;
  /** Arrays that must hold it before the first step. */
  readonly before: readonly string[];
  /** The array that holds it after a step. */
  readonly after: string;
  /** Arrays whose sum is the gradient of the state after a step; what comes from outside is added to the first. */
  readonly gradients: readonly string[];
}

export interface RowPlan {
  readonly array: string;
  readonly gradient: string | undefined;
  readonly tensor: Tensor;
  readonly from: number;
  readonly width: number;
}

export interface Output {
  readonly width: number;
  readonly value: Expression;
}

/** How wide arrays are made: vectors of four and panels of eight for SIMD, as they are for plain loops. */
export interface Padding {
  readonly vector: number;
  readonly panel: number;
}

const upTo = (width: number, multiple: number): number => Math.ceil(width / multiple) * multiple;

/** @throws CannotCompile if the step does what cannot be fused */
export function makePlan(step: TracedStep, padding: Padding, wanted: WantedGradients): Plan {
  return new Planner(step, padding, wanted).plan();
}

/** Gradients that are rarely asked for, and cost time. */
export interface WantedGradients {
  /** ∂L/∂x */
  readonly inputs: boolean;
  /** Whether L also depends on results that are no states. */
  readonly results: boolean;
}

class Planner {
  readonly #e = new Expressions();
  readonly #results: Map<string, Value>;
  readonly #arrays = new Map<string, Place>();
  readonly #buffers = new Map<string, BufferShape>();
  readonly #rows = new Map<string, RowPlan>();
  /** A copy of a sum of products that more than one stage, or somebody outside, needs. */
  readonly #copies = new Map<Affine, Pointwise>();
  #pointwise: Pointwise[] = [];
  readonly #groups: Group[] = [];
  /** The array that holds a value on the way forward. */
  readonly #stored = new Map<Value, string>();
  /** The same value in further places: where other groups read it. */
  readonly #alsoAt = new Map<Value, string[]>();
  /** Sums that are needed as they are on the way back, or for a result. */
  readonly #neededRaw = new Set<Value>();
  readonly #inputs: string[] = [];
  readonly #before = new Map<string, string[]>();
  /** Gradient arrays by what they are the gradient of. */
  readonly #seeds = new Map<Value | string, string[]>();
  readonly #cleared: string[] = [];
  readonly #inputGradient: string[] = [];
  readonly #resultGradients = new Map<string, string>();

  constructor(
    private readonly step: TracedStep,
    private readonly padding: Padding,
    private readonly wanted: WantedGradients,
  ) {
    this.#results = new Map(normalForm(step));
  }

  plan(): Plan {
    this.#collect();
    this.#formGroups();
    this.#placeStates();
    this.#placeValues();
    if (this.wanted.results) this.#placeResultGradients();
    const backward = this.#backward();
    const results = this.#outputs();
    this.#placeInSums();
    return {
      groups: this.#groups,
      forward: this.#forward(),
      backward,
      arrays: this.#arrays,
      buffers: this.#buffers,
      states: this.step.states.map((state) => this.#statePlan(state)),
      inputs: this.#inputs,
      results,
      rows: [...this.#rows.values()],
      levels: Math.max(0, ...this.#groups.map(({ level }) => level)),
      cleared: this.#cleared,
      resultGradients: this.#resultGradients,
      inputGradient: this.#inputGradient,
      padded: (width) => upTo(width, this.padding.vector),
    };
  }

  // ---- which values there are

  /** Finds every value, and wraps in a copy what is computed by a product but not used by exactly one stage. */
  #collect(): void {
    const users = new Map<Affine, Set<string>>();
    const seen = new Set<Value>();
    const order: Pointwise[] = [];
    const use = (value: Value, by: string): void => {
      if (value.kind === "affine") users.set(value, (users.get(value) ?? new Set()).add(by));
      visit(value);
    };
    const visit = (value: Value): void => {
      if (seen.has(value)) return;
      seen.add(value);
      if (value.kind === "affine") {
        for (const { source } of value.terms) if (source !== "one") use(source, "a product");
      } else if (value.kind === "pointwise") {
        for (const operand of value.operands) use(operand, stageOf(value));
        order.push(value);
      }
    };
    const nextStates = new Set(this.step.states.map(({ name }) => name));
    for (const [name, value] of this.#results) use(value, nextStates.has(name) ? "a state" : "a result");
    let id = Math.max(...[...seen].map((value) => value.id)) + 1;
    const copies: Pointwise[] = [];
    for (const [value, by] of users) {
      if (by.size === 1 && ![...by][0].startsWith("a ")) continue;
      const { width, level } = value;
      const copy: Pointwise = { kind: "pointwise", id: id++, width, level, op: "copy", operands: [value] };
      this.#copies.set(value, copy);
      copies.push(copy);
    }
    // a result that is handed on unchanged, or is one of the inputs, is copied by a stage like any other
    for (const [name, value] of this.#results) {
      if (value.kind === "pointwise" || value.kind === "affine") continue;
      const { width } = value;
      const copy: Pointwise = { kind: "pointwise", id: id++, width, level: 0, op: "copy", operands: [value] };
      this.#results.set(name, copy);
      copies.push(copy);
    }
    this.#pointwise = [...copies, ...order];
  }

  /** The value itself, or the copy that everybody else is to use. */
  #used = (value: Value): Value => (value.kind === "affine" ? (this.#copies.get(value) ?? value) : value);

  #operands = (value: Pointwise): readonly Value[] =>
    value.op === "copy" && this.#copies.get(value.operands[0] as Affine) === value
      ? value.operands
      : value.operands.map(this.#used);

  #sums(): Affine[] {
    const found = new Set<Affine>();
    for (const value of this.#pointwise) {
      for (const operand of this.#operands(value)) if (operand.kind === "affine") found.add(operand);
    }
    return [...found];
  }

  // ---- products

  #formGroups(): void {
    const bySources = new Map<string, Affine[]>();
    const rank = (source: Value | "one"): number => (source === "one" ? 2 : source.kind === "x" ? 1 : 0);
    for (const sum of this.#sums()) {
      const ids = sum.terms.map(({ source }) => (source === "one" ? source : this.#used(source).id));
      const key = ids.map(String).sort().join();
      bySources.set(key, [...(bySources.get(key) ?? []), sum]);
    }
    for (const sums of bySources.values()) {
      const sources = sums[0].terms.map(({ source }) => (source === "one" ? source : this.#used(source)));
      sources.sort((a, b) => rank(a) - rank(b));
      this.#groups.push(this.#group(`group${this.#groups.length}`, sums, sources));
    }
  }

  #group(name: string, values: Affine[], from: (Value | "one")[]): Group {
    const { vector, panel } = this.padding;
    let [depth, backWidth, width] = [0, 0, 0];
    const sources = from.map((value): Source => {
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
    const group = { name, level: values[0].level, sources, sums, depth, width, backWidth };
    this.#buffers.set(`${name} sources`, { stride: depth, slots: "steps" });
    this.#buffers.set(`${name} sums`, { stride: width, slots: "steps" });
    if (backWidth > 0) this.#buffers.set(`${name} back`, { stride: backWidth, slots: "ring" });
    for (const { value, at } of sums) this.#place(sumArray(value), `${name} sums`, at);
    for (const source of sources) this.#placeSource(group, source);
    return group;
  }

  #placeSource({ name }: Group, { value, at, backAt }: Source): void {
    if (value === "one") return;
    const array = `${name} ${value.id}`;
    const isState = value.kind === "state";
    this.#place(array, `${name} sources`, at);
    if (value.kind === "x") this.#inputs.push(array);
    else if (isState) this.#before.set(value.name, [...(this.#before.get(value.name) ?? []), array]);
    if (isState || value.kind === "x") this.#rememberStored(value, array);
    else this.#alsoAt.set(value, [...(this.#alsoAt.get(value) ?? []), array]);
    if (backAt === undefined) return;
    const gradient = `d ${array}`;
    this.#place(gradient, `${name} back`, backAt, isState ? 1 : 0);
    if (value.kind === "x") this.#inputGradient.push(gradient);
    else this.#addSeed(isState ? value.name : value, gradient);
  }

  // ---- where forward values lie

  #placeStates(): void {
    for (const { name, width } of this.step.states) {
      const known = this.#before.get(name);
      const before = known ?? [this.#own(`state ${name}`, width)];
      this.#before.set(name, before);
      for (const array of before) {
        const { buffer, column } = this.#arrays.get(array)!;
        this.#place(`${array} next`, buffer, column, 1);
      }
      const value = this.#results.get(name)!;
      this.#rememberStored(this.#used(value), `${before[0]} next`);
      for (const array of before)
        this.#alsoAt.set(this.#used(value), [...(this.#alsoAt.get(this.#used(value)) ?? []), `${array} next`]);
    }
  }

  /** Values that another stage or the way back needs are stored; the rest is computed again from them. */
  #placeValues(): void {
    const stored = new Set<Value>(this.#pointwise.filter(({ op }) => ["sigmoid", "tanh", "relu", "exp"].includes(op)));
    for (const value of this.#pointwise) {
      for (const operand of this.#operands(value)) {
        if (operand.kind === "pointwise" && stageOf(operand) !== stageOf(value)) stored.add(operand);
      }
    }
    for (const value of this.#pointwise) {
      if (this.#stored.has(value)) continue;
      const inSources = this.#alsoAt.get(value);
      if (inSources) this.#stored.set(value, inSources[0]);
      else if (stored.has(value)) this.#stored.set(value, `value ${value.id}`); // placed by #placeInSums
    }
  }

  /** A stage may overwrite the sums it reads: the values it leaves for the way back take their places. */
  #placeInSums(): void {
    for (const [key, values] of this.#stages()) {
      const free = this.#sums().filter((sum) => this.#stageUsing(sum) === key && !this.#neededRaw.has(sum));
      for (const value of values) {
        const array = this.#stored.get(value);
        if (array !== `value ${value.id}`) continue;
        const own = free.findIndex((sum) => this.#operands(value).includes(sum));
        const sum = free.splice(own < 0 ? 0 : own, 1)[0];
        if (sum) this.#arrays.set(array, this.#arrays.get(sumArray(sum))!);
        else this.#own(array, value.width);
      }
    }
  }

  #stageUsing(sum: Affine): string {
    return stageOf(this.#pointwise.find((value) => this.#operands(value).includes(sum))!);
  }

  #stages(): Map<string, Pointwise[]> {
    const stages = new Map<string, Pointwise[]>();
    for (const value of [...this.#pointwise].sort((a, b) => a.level - b.level)) {
      stages.set(stageOf(value), [...(stages.get(stageOf(value)) ?? []), value]);
    }
    return stages;
  }

  // ---- forward

  #forward(): Stage[] {
    const stages: Stage[] = [];
    for (const values of this.#stages().values()) {
      const [{ level, width }] = values;
      const stores: Store[] = [];
      const known = new Map<Value, Expression>();
      const expression = (value: Value): Expression => {
        const done = known.get(value);
        if (done) return done;
        const here = value.kind === "pointwise" && values.includes(value);
        const made = here ? expressionOf(this.#e, value, this.#operands(value).map(expression)) : this.#read(value);
        known.set(value, made);
        return made;
      };
      for (const value of values) {
        const array = this.#stored.get(value);
        const places = new Set([...(array ? [array] : []), ...(this.#alsoAt.get(value) ?? [])]);
        for (const to of places) stores.push({ to, value: expression(value) });
      }
      if (stores.length > 0) stages.push({ level, width, stores });
    }
    return stages;
  }

  /** A value from the array that holds it. */
  #read(value: Value): Expression {
    if (value.kind === "number") return this.#e.constant(value.value);
    if (value.kind === "affine") return this.#e.input(sumArray(value));
    if (value.kind === "row") return this.#e.input(this.#rowPlan(value.id, value).array);
    const whole = this.#stored.get(value);
    if (whole !== undefined) return this.#e.input(whole);
    if (value.kind === "pointwise") throw new Error(`compile: value ${value.id} is not stored`);
    return this.#e.input(this.#given(value.kind, value.name, value.from, value.width));
  }

  /** Some columns of x or of a state, as an array of their own name. */
  #given(kind: "x" | "state", name: string, from: number, width: number): string {
    const array = `${kind} ${name} ${from} ${width}`;
    if (this.#arrays.has(array)) return array;
    let whole = kind === "state" ? this.#before.get(name)![0] : this.#inputs[0];
    if (whole === undefined) {
      whole = this.#own("x", this.step.inputSize);
      this.#inputs.push(whole);
    }
    const { buffer, column } = this.#arrays.get(whole)!;
    this.#place(array, buffer, column + from);
    return array;
  }

  // ---- backward

  #backward(): Stage[] {
    const stages: Stage[] = [];
    const written = new Set<string>(this.#statesReadInPart());
    for (const base of written) this.#cleared.push(base);
    for (const values of [...this.#stages().values()].reverse()) {
      const [{ level, width }] = values;
      const gradients = this.#gradientsOf(values);
      const stores: Store[] = [];
      /** The first to write to an array overwrites what an earlier step left there. */
      const accumulate = (array: string, gradient: Expression, base = array): void => {
        const before = written.has(base) ? this.#e.input(array) : this.#e.constant(0);
        stores.push({ to: array, value: this.#e.add(before, gradient) });
        written.add(base);
      };
      for (const sum of this.#sums()) {
        if (this.#stageUsing(sum) !== stageOf(values[0])) continue;
        stores.push({ to: sumArray(sum), value: gradients.get(sum) ?? this.#e.constant(0) });
      }
      for (const [value, gradient] of gradients) {
        if (value.kind === "pointwise") accumulate(this.#gradientArray(value), gradient);
        else if (value.kind === "state") {
          accumulate(this.#stateGradient(value.name, value.from, value.width), gradient, `d state ${value.name}`);
        } else if (value.kind === "x" && this.wanted.inputs) {
          written.add("d x");
          accumulate(this.#xGradient(value.from, value.width), gradient, "d x");
        } else if (value.kind === "row" && value.tensor!.requiresGrad) {
          const array = this.#rowPlan(value.id, value).gradient!;
          stores.push({ to: array, value: this.#e.add(this.#e.input(array), gradient) });
        }
      }
      if (stores.length > 0) stages.push({ level, width, stores });
    }
    for (const { name } of this.step.states) {
      const array = `d state ${name}`;
      if (this.#arrays.has(array) && !written.has(array)) this.#cleared.push(array);
    }
    if (this.#arrays.has("d x")) this.#cleared.push("d x");
    return stages;
  }

  /** The gradients of states of which single columns are read: parts are added to them, in any order. */
  #statesReadInPart(): Set<string> {
    const widths = new Map(this.step.states.map(({ name, width }) => [name, width]));
    const operands = this.#pointwise.flatMap((value) => this.#operands(value));
    const inPart = operands.filter((value) => value.kind === "state" && value.width !== widths.get(value.name));
    return new Set(inPart.map((value) => `d state ${(value as { name: string }).name}`));
  }

  /** What the given values, all of one stage, hand to the values outside of it. */
  #gradientsOf(values: readonly Pointwise[]): Map<Value, Expression> {
    const gradients = new Map<Value, Expression>();
    const add = (value: Value, gradient: Expression): void => {
      if (gradient.op === "constant" && gradient.value === 0) return;
      const before = gradients.get(value);
      gradients.set(value, before ? this.#e.add(before, gradient) : gradient);
    };
    for (const value of values) for (const seed of this.#seedsOf(value)) add(value, this.#e.input(seed));
    for (const value of [...values].sort(byUse(this.#operands)).reverse()) {
      const gradient = gradients.get(value);
      if (!gradient) continue;
      gradients.delete(value);
      const operands = this.#operands(value);
      const parts = passBack(this.#e, value, operands, gradient, this.#recomputed);
      parts.forEach((part, k) => {
        add(operands[k], part);
      });
    }
    for (const value of [...gradients.keys()]) {
      if (value.kind === "number") gradients.delete(value);
    }
    return gradients;
  }

  #placeResultGradients(): void {
    const states = new Set(this.step.states.map(({ name }) => name));
    for (const [name, result] of this.#results) {
      if (states.has(name)) continue;
      const array = this.#own(`d result ${name}`, result.width, "once");
      this.#addSeed(this.#used(result), array);
      this.#resultGradients.set(name, array);
    }
  }

  #seedsOf(value: Value): string[] {
    const asState = this.step.states.filter(({ name }) => this.#used(this.#results.get(name)!) === value);
    return [...asState.flatMap(({ name, width }) => this.#stateSeeds(name, width)), ...(this.#seeds.get(value) ?? [])];
  }

  /** A forward value on the way back: from its array, or computed again from what is stored. */
  #recomputed = (value: Value): Expression => {
    if (value.kind === "affine") {
      this.#neededRaw.add(value);
      return this.#e.input(sumArray(value));
    }
    if (value.kind !== "pointwise" || this.#stored.has(value)) return this.#read(value);
    return expressionOf(this.#e, value, this.#operands(value).map(this.#recomputed));
  };

  /** The gradient of a value that a lower stage made. */
  #gradientArray(value: Pointwise): string {
    const array = `d value ${value.id}`;
    if (!this.#arrays.has(array)) {
      this.#own(array, value.width, "once");
      this.#addSeed(value, array);
    }
    return array;
  }

  #stateGradient(name: string, from: number, width: number): string {
    const array = `d state ${name}`;
    const whole = this.step.states.find((state) => state.name === name)!.width;
    if (!this.#arrays.has(array)) {
      this.#own(array, whole, "ring");
      this.#place(`${array} after`, array, 0, 1);
    }
    if (width === whole) return array;
    this.#place(`${array} ${from}`, array, from);
    return `${array} ${from}`;
  }

  #xGradient(from: number, width: number): string {
    if (!this.#arrays.has("d x")) {
      this.#own("d x", this.step.inputSize, "ring");
      this.#inputGradient.push("d x");
    }
    this.#place(`d x ${from} ${width}`, "d x", from);
    return `d x ${from} ${width}`;
  }

  /** Where the gradient of a state after a step comes from: the step that follows, by its arithmetic and its products. */
  #stateSeeds(name: string, width: number): string[] {
    const readByArithmetic = this.#pointwise.some((value) =>
      this.#operands(value).some((operand) => operand.kind === "state" && operand.name === name),
    );
    const products = this.#seeds.get(name) ?? [];
    if (!readByArithmetic && products.length > 0) return products;
    const array = this.#stateGradient(name, 0, width);
    return [`${array} after`, ...products];
  }

  #statePlan({ name, width }: { name: string; width: number }): StatePlan {
    const before = this.#before.get(name)!;
    return { name, width, before, after: `${before[0]} next`, gradients: this.#stateSeeds(name, width) };
  }

  #outputs(): Map<string, Output> {
    return new Map(
      [...this.#results].map(([name, result]) => {
        const value = this.#used(result);
        return [name, { width: value.width, value: this.#recomputed(value) }];
      }),
    );
  }

  // ---- small things

  #rowPlan(id: number, value: { tensor?: Tensor; from: number; width: number }): RowPlan {
    const array = `row ${id}`;
    const known = this.#rows.get(array);
    if (known) return known;
    this.#own(array, value.width, "row");
    const gradient = value.tensor!.requiresGrad ? this.#own(`d ${array}`, value.width, "row") : undefined;
    const plan = { array, gradient, tensor: value.tensor!, from: value.from, width: value.width };
    this.#rows.set(array, plan);
    return plan;
  }

  /** A buffer that holds one array. */
  #own(array: string, width: number, slots: BufferShape["slots"] = "steps"): string {
    this.#buffers.set(array, { stride: upTo(width, this.padding.vector), slots });
    this.#place(array, array, 0);
    return array;
  }

  #place(array: string, buffer: string, column: number, shift: 0 | 1 = 0): void {
    this.#arrays.set(array, { buffer, column, shift });
  }

  #rememberStored(value: Value, array: string): void {
    if (!this.#stored.has(value)) this.#stored.set(value, array);
  }

  #addSeed(of: Value | string, array: string): void {
    this.#seeds.set(of, [...(this.#seeds.get(of) ?? []), array]);
  }
}

const sumArray = ({ id }: Affine): string => `sum ${id}`;
const stageOf = ({ level, width }: Value): string => `level ${level}, width ${width}`;

/** Operands before their users. */
function byUse(operandsOf: (value: Pointwise) => readonly Value[]): (a: Pointwise, b: Pointwise) => number {
  const depth = new Map<Value, number>();
  const depthOf = (value: Value): number => {
    if (value.kind !== "pointwise") return 0;
    const known = depth.get(value);
    if (known !== undefined) return known;
    const made = 1 + Math.max(0, ...operandsOf(value).map(depthOf));
    depth.set(value, made);
    return made;
  };
  return (a, b) => depthOf(a) - depthOf(b);
}
