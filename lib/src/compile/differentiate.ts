import type { Expression, Expressions } from "../tensor/kernels/simd/expression.js";
import type { Pointwise, Value } from "./values.js";

/** What a pointwise value is, given its operands. */
export function expressionOf(e: Expressions, { op }: Pointwise, [a, b]: readonly Expression[]): Expression {
  if (op === "add") return e.add(a, b);
  if (op === "mul") return e.mul(a, b);
  if (op === "detach" || op === "copy") return a;
  return e.unary(op, a);
}

/**
 * How a gradient passes back through one pointwise value: dy is its own, and the result is what each operand gets.
 *
 *     y = a + b     da = dy             db = dy
 *     y = a ⊙ b     da = dy ⊙ b         db = dy ⊙ a
 *     y = σ(a)      da = dy ⊙ y ⊙ (1 − y)
 *     y = tanh(a)   da = dy ⊙ (1 − y ⊙ y)
 *     y = relu(a)   da = dy where y > 0
 *     y = exp(a)    da = dy ⊙ y
 *
 * @param valueOf the expression for a value computed on the way forward
 */
export function passBack(
  e: Expressions,
  y: Pointwise,
  [a, b]: readonly Value[],
  dy: Expression,
  valueOf: (value: Value) => Expression,
): Expression[] {
  const one = e.constant(1);
  if (y.op === "add") return [dy, dy];
  if (y.op === "mul") return [e.mul(dy, valueOf(b)), e.mul(dy, valueOf(a))];
  if (y.op === "copy") return [dy];
  if (y.op === "detach") return [e.constant(0)];
  const v = valueOf(y);
  if (y.op === "sigmoid") return [e.mul(dy, e.mul(v, e.sub(one, v)))];
  if (y.op === "tanh") return [e.mul(dy, e.sub(one, e.mul(v, v)))];
  if (y.op === "relu") return [e.whenPositive(dy, v)];
  return [e.mul(dy, v)];
}
