import type { TracedStep } from "./trace.js";
import { type Affine, normalForm, type Pointwise, type Value } from "./values.js";

/** Every value that a step computes, and which are computed together: a stage is what has one level and one width. */
export class StepValues {
  readonly results: Map<string, Value>;
  /** Operands before their users. */
  readonly pointwise: readonly Pointwise[];
  readonly sums: readonly Affine[];
  /** Lower levels before higher ones. */
  readonly stages: ReadonlyMap<string, readonly Pointwise[]>;
  /** A copy of a sum of products that more than one stage, or somebody outside, needs. */
  readonly #copies = new Map<Affine, Pointwise>();

  constructor(readonly step: TracedStep) {
    this.results = new Map(normalForm(step));
    this.pointwise = this.#collect();
    this.sums = this.#findSums();
    this.stages = this.#findStages();
  }

  /** Finds every value, and wraps in a copy what is computed by a product but not used by exactly one stage. */
  #collect(): Pointwise[] {
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
    for (const [name, value] of this.results) use(value, nextStates.has(name) ? "a state" : "a result");
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
    for (const [name, value] of this.results) {
      if (value.kind === "pointwise" || value.kind === "affine") continue;
      const { width } = value;
      const copy: Pointwise = { kind: "pointwise", id: id++, width, level: 0, op: "copy", operands: [value] };
      this.results.set(name, copy);
      copies.push(copy);
    }
    return [...copies, ...order];
  }

  /** The value itself, or the copy that everybody else is to use. */
  used = (value: Value): Value => (value.kind === "affine" ? (this.#copies.get(value) ?? value) : value);

  operands = (value: Pointwise): readonly Value[] =>
    value.op === "copy" && this.#copies.get(value.operands[0] as Affine) === value
      ? value.operands
      : value.operands.map(this.used);

  #findSums(): Affine[] {
    const found = new Set<Affine>();
    for (const value of this.pointwise) {
      for (const operand of this.operands(value)) if (operand.kind === "affine") found.add(operand);
    }
    return [...found];
  }

  stageUsing(sum: Affine): string {
    return stageOf(this.pointwise.find((value) => this.operands(value).includes(sum))!);
  }

  #findStages(): Map<string, Pointwise[]> {
    const stages = new Map<string, Pointwise[]>();
    for (const value of [...this.pointwise].sort((a, b) => a.level - b.level)) {
      stages.set(stageOf(value), [...(stages.get(stageOf(value)) ?? []), value]);
    }
    return stages;
  }
}

export const sumArray = ({ id }: Affine): string => `sum ${id}`;
export const stageOf = ({ level, width }: Value): string => `level ${level}, width ${width}`;

/** Operands before their users. */
export function byUse(operandsOf: (value: Pointwise) => readonly Value[]): (a: Pointwise, b: Pointwise) => number {
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
