/**
 * Arithmetic on single entries, as data: what a kernel computes for each entry of its arrays. Built by the functions
 * below, which make the same expression the same object, so that what occurs twice is computed once.
 */
export interface Expression {
  readonly op: "input" | "constant" | Unary | Binary;
  readonly operands: readonly Expression[];
  /** Of an input: which array. */
  readonly name: string;
  /** Of a constant. */
  readonly value: number;
  readonly id: number;
}

export type Unary = "sigmoid" | "tanh" | "relu" | "exp";
/** whenPositive(a, b) is a where b > 0, otherwise 0. */
export type Binary = "add" | "sub" | "mul" | "whenPositive";

/** Makes expressions; within one workshop equal expressions are one object. */
export class Expressions {
  readonly #made = new Map<string, Expression>();

  input = (name: string): Expression => this.#make("input", [], name, 0);
  constant = (value: number): Expression => this.#make("constant", [], "", value);
  unary = (op: Unary, a: Expression): Expression => this.#make(op, [a]);
  whenPositive = (a: Expression, b: Expression): Expression => (is(a, 0) ? a : this.#make("whenPositive", [a, b]));

  add = (a: Expression, b: Expression): Expression => {
    if (is(a, 0)) return b;
    if (is(b, 0)) return a;
    return this.#make("add", [a, b]);
  };

  sub = (a: Expression, b: Expression): Expression => (is(b, 0) ? a : this.#make("sub", [a, b]));

  mul = (a: Expression, b: Expression): Expression => {
    if (is(a, 1)) return b;
    if (is(b, 1)) return a;
    if (is(a, 0)) return a;
    if (is(b, 0)) return b;
    return this.#make("mul", [a, b]);
  };

  /** The same expression over other operands. */
  rebuild = ({ op, operands: [a, b], name, value }: Expression, to: (e: Expression) => Expression): Expression => {
    if (op === "input") return this.input(name);
    if (op === "constant") return this.constant(value);
    if (op === "add" || op === "sub" || op === "mul" || op === "whenPositive") return this[op](to(a), to(b));
    return this.unary(op, to(a));
  };

  #make(op: Expression["op"], operands: readonly Expression[], name = "", value = 0): Expression {
    const key = `${op} ${operands.map(({ id }) => id).join()} ${name} ${Object.is(value, -0) ? "-0" : value}`;
    const known = this.#made.get(key);
    if (known) return known;
    const expression = { op, operands, name, value, id: this.#made.size };
    this.#made.set(key, expression);
    return expression;
  }
}

const is = ({ op, value }: Expression, wanted: number): boolean => op === "constant" && value === wanted;

/** What a kernel writes: one expression per array. All are computed before any is stored, so an array may be both. */
export interface Store {
  readonly to: string;
  readonly value: Expression;
}

/** Every expression that the given ones are made of, operands first. */
export function inOrder(roots: readonly Expression[]): Expression[] {
  const seen = new Set<Expression>();
  const visit = (e: Expression): void => {
    if (seen.has(e)) return;
    for (const operand of e.operands) visit(operand);
    seen.add(e);
  };
  roots.forEach(visit);
  return [...seen];
}

/** The arrays that a kernel reads or writes, in a fixed order. */
export function arraysOf(stores: readonly Store[]): string[] {
  const read = inOrder(stores.map(({ value }) => value)).filter(({ op }) => op === "input");
  return [...new Set([...read.map(({ name }) => name), ...stores.map(({ to }) => to)])];
}
