import type { Expression, Store } from "../tensor/kernels/simd/expression.js";
import { expressionOf, passBack } from "./differentiate.js";
import type { ForwardPlanner } from "./forward.js";
import type { Output, PlanOptions, ResultGradient, Stage, StatePlan } from "./plan.js";
import { byUse, stageOf, sumArray } from "./step-values.js";
import type { Pointwise, Value } from "./values.js";

/** Plans the way back: for each stage, the gradients of what it read from those of what it made. */
export class BackwardPlanner {
  /** Gradient arrays that are only ever added to: to be cleared before each step. */
  readonly cleared: string[] = [];
  /** Where the gradients of results are laid, if they are wanted. */
  readonly resultGradients = new Map<string, ResultGradient>();

  constructor(
    private readonly forward: ForwardPlanner,
    private readonly wanted: PlanOptions,
  ) {
    if (wanted.results) this.#placeResultGradients();
  }

  stages(): Stage[] {
    const stages: Stage[] = [];
    const written = new Set<string>(this.#statesReadInPart());
    for (const base of written) this.cleared.push(base);
    for (const values of [...this.forward.values.stages.values()].reverse()) {
      const [{ level, width }] = values;
      const { gradients, within } = this.#gradientsOf(values);
      const stores: Store[] = [];
      for (const [name, { whole }] of this.resultGradients) {
        const value = this.forward.values.used(this.forward.values.results.get(name)!) as Pointwise;
        if (!values.includes(value)) continue;
        stores.push({ to: whole, value: within.get(value) ?? this.forward.e.constant(0) });
      }
      /** The first to write to an array overwrites what an earlier step left there. */
      const accumulate = (array: string, gradient: Expression, base = array): void => {
        const before = written.has(base) ? this.forward.e.input(array) : this.forward.e.constant(0);
        stores.push({ to: array, value: this.forward.e.add(before, gradient) });
        written.add(base);
      };
      for (const sum of this.forward.values.sums) {
        if (this.forward.values.stageUsing(sum) !== stageOf(values[0])) continue;
        stores.push({ to: sumArray(sum), value: gradients.get(sum) ?? this.forward.e.constant(0) });
      }
      for (const [value, gradient] of gradients) {
        if (value.kind === "pointwise") accumulate(this.#gradientArray(value), gradient);
        else if (value.kind === "state") {
          accumulate(this.#stateGradient(value.name, value.from, value.width), gradient, `d state ${value.name}`);
        } else if (value.kind === "x" && this.wanted.inputs) {
          written.add("d x");
          accumulate(this.#xGradient(value.from, value.width), gradient, "d x");
        } else if (value.kind === "row" && value.tensor!.requiresGrad) {
          const array = this.forward.arrays.row(value).gradient!;
          stores.push({ to: array, value: this.forward.e.add(this.forward.e.input(array), gradient) });
        }
      }
      if (stores.length > 0) stages.push({ level, width, stores });
    }
    for (const { name } of this.forward.values.step.states) {
      const array = `d state ${name}`;
      if (this.forward.arrays.has(array) && !written.has(array)) this.cleared.push(array);
    }
    if (this.forward.arrays.has("d x")) this.cleared.push("d x");
    return stages;
  }

  /** The gradients of states of which single columns are read: parts are added to them, in any order. */
  #statesReadInPart(): Set<string> {
    const widths = new Map(this.forward.values.step.states.map(({ name, width }) => [name, width]));
    const operands = this.forward.values.pointwise.flatMap((value) => this.forward.values.operands(value));
    const inPart = operands.filter((value) => value.kind === "state" && value.width !== widths.get(value.name));
    return new Set(inPart.map((value) => `d state ${(value as { name: string }).name}`));
  }

  /** The gradients of values of one stage, and what they hand to values outside of it. */
  #gradientsOf(values: readonly Pointwise[]) {
    const gradients = new Map<Value, Expression>();
    const within = new Map<Value, Expression>();
    const add = (value: Value, gradient: Expression): void => {
      if (gradient.op === "constant" && gradient.value === 0) return;
      const before = gradients.get(value);
      gradients.set(value, before ? this.forward.e.add(before, gradient) : gradient);
    };
    for (const value of values) for (const seed of this.#seedsOf(value)) add(value, this.forward.e.input(seed));
    for (const value of [...values].sort(byUse(this.forward.values.operands)).reverse()) {
      const gradient = gradients.get(value);
      if (!gradient) continue;
      gradients.delete(value);
      within.set(value, gradient);
      const operands = this.forward.values.operands(value);
      const parts = passBack(this.forward.e, value, operands, gradient, this.#recomputed);
      parts.forEach((part, k) => {
        add(operands[k], part);
      });
    }
    for (const value of [...gradients.keys()]) {
      if (value.kind === "number") gradients.delete(value);
    }
    return { gradients, within };
  }

  #placeResultGradients(): void {
    const { arrays, values } = this.forward;
    const states = new Set(values.step.states.map(({ name }) => name));
    for (const [name, { width }] of values.results) {
      const value = values.used(values.results.get(name)!);
      const whole = arrays.own(`whole d ${name}`, width, "once");
      if (states.has(name)) this.resultGradients.set(name, { whole });
      else {
        const outside = arrays.own(`d result ${name}`, width, "once");
        this.forward.addSeed(value, outside);
        this.resultGradients.set(name, { whole, outside });
      }
    }
  }

  #seedsOf(value: Value): string[] {
    const asState = this.forward.values.step.states.filter(
      ({ name }) => this.forward.values.used(this.forward.values.results.get(name)!) === value,
    );
    return [
      ...asState.flatMap(({ name, width }) => this.#stateSeeds(name, width)),
      ...(this.forward.seeds.get(value) ?? []),
    ];
  }

  /** A forward value on the way back: from its array, or computed again from what is stored. */
  #recomputed = (value: Value): Expression => {
    if (value.kind === "affine") {
      this.forward.neededRaw.add(value);
      return this.forward.e.input(sumArray(value));
    }
    if (value.kind !== "pointwise" || this.forward.stored.has(value)) return this.forward.read(value);
    return expressionOf(this.forward.e, value, this.forward.values.operands(value).map(this.#recomputed));
  };

  /** The gradient of a value that a lower stage made. */
  #gradientArray(value: Pointwise): string {
    const array = `d value ${value.id}`;
    if (!this.forward.arrays.has(array)) {
      this.forward.arrays.own(array, value.width, "once");
      this.forward.addSeed(value, array);
    }
    return array;
  }

  #stateGradient(name: string, from: number, width: number): string {
    const array = `d state ${name}`;
    const whole = this.forward.values.step.states.find((state) => state.name === name)!.width;
    if (!this.forward.arrays.has(array)) {
      this.forward.arrays.own(array, whole, "ring");
      this.forward.arrays.place(`${array} after`, array, 0, 1);
    }
    if (width === whole) return array;
    this.forward.arrays.place(`${array} ${from}`, array, from);
    return `${array} ${from}`;
  }

  #xGradient(from: number, width: number): string {
    if (!this.forward.arrays.has("d x")) {
      this.forward.arrays.own("d x", this.forward.values.step.inputSize, "ring");
      this.forward.inputGradient.push("d x");
    }
    this.forward.arrays.place(`d x ${from} ${width}`, "d x", from);
    return `d x ${from} ${width}`;
  }

  /** Where the gradient of a state after a step comes from: the step that follows, by its arithmetic and its products. */
  #stateSeeds(name: string, width: number): string[] {
    const readByArithmetic = this.forward.values.pointwise.some((value) =>
      this.forward.values.operands(value).some((operand) => operand.kind === "state" && operand.name === name),
    );
    const products = this.forward.seeds.get(name) ?? [];
    if (!readByArithmetic && products.length > 0) return products;
    const array = this.#stateGradient(name, 0, width);
    return [`${array} after`, ...products];
  }

  statePlan({ name, width }: { name: string; width: number }): StatePlan {
    const before = this.forward.before.get(name)!;
    return { name, width, before, after: `${before[0]} next`, gradients: this.#stateSeeds(name, width) };
  }

  outputs(): Map<string, Output> {
    return new Map(
      [...this.forward.values.results].map(([name, result]) => {
        const value = this.forward.values.used(result);
        return [name, { width: value.width, value: this.#recomputed(value) }];
      }),
    );
  }
}
