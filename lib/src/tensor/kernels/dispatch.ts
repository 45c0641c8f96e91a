// The ops' arithmetic for both dtypes: float64 on the reference loops, float32 on SIMD where it pays.
import type { NumberArray } from "./reference.js";
import * as reference from "./reference.js";
import { emitFlatKernel } from "./simd/emit.js";
import { Expressions, type Unary } from "./simd/expression.js";
import { type Simd, simd } from "./simd/simd.js";

export {
  add,
  addNumber,
  addProduct,
  addRows,
  addScaled,
  allocate,
  type DType,
  mul,
  type NumberArray,
  relu,
  reluBack,
  sum,
  transposed,
} from "./reference.js";

/** Below this many multiplications, copying to the kernels' memory and back takes longer than the loops. */
const worthGemm = 2048;
/** Below this many entries likewise. */
const worthMap = 32;

/** Where operands are laid for a call; nothing in it outlives the call. */
let desk = { address: 0, count: 0 };

function deskFor(count: number): number {
  const { memory } = simd()!;
  if (desk.count < count) {
    if (desk.count > 0) memory.release(desk.address, desk.count);
    const roomy = Math.max(65_536, 2 ** Math.ceil(Math.log2(count)));
    desk = { address: memory.take(roomy), count: roomy };
  }
  return desk.address;
}

const inFours = (count: number): number => (count + 3) & ~3;

/** C[m,n] += A B, where A and B may be read transposed: entry (r, c) of A is at r · aRow + c · aCol. */
function gemm32(
  [m, k, n]: [number, number, number],
  [a, aRow, aCol]: [NumberArray, number, number],
  [b, bRow, bCol]: [NumberArray, number, number],
  c: NumberArray,
): void {
  const { functions, memory } = simd()!;
  const [sizeA, sizeB, sizeC] = [inFours(m * k), inFours(k * n), inFours(m * n)];
  const atA = deskFor(sizeA + sizeB + sizeC + functions.gemmScratch(m) / 4);
  const [atB, atC] = [atA + 4 * sizeA, atA + 4 * (sizeA + sizeB)];
  const { floats } = memory;
  floats.set(a, atA / 4);
  floats.set(b, atB / 4);
  floats.set(c, atC / 4);
  functions.gemm(m, n, k, atA, aRow, aCol, atB, bRow, bCol, atC, n, 1, atC + 4 * sizeC);
  c.set(floats.subarray(atC / 4, atC / 4 + m * n));
}

const onSimd = (y: NumberArray, work: number, worth: number): boolean =>
  y instanceof Float32Array && work >= worth && simd() !== undefined;

/** C[m,n] += A[m,k] B[k,n] */
export function gemm(m: number, k: number, n: number, a: NumberArray, b: NumberArray, c: NumberArray): void {
  if (onSimd(c, m * k * n, worthGemm)) gemm32([m, k, n], [a, k, 1], [b, n, 1], c);
  else reference.gemm(m, k, n, a, b, c);
}

/** C[m,k] += A[m,n] Bᵀ, with B[k,n] */
export function gemmABt(m: number, n: number, k: number, a: NumberArray, b: NumberArray, c: NumberArray): void {
  if (onSimd(c, m * k * n, worthGemm)) gemm32([m, n, k], [a, n, 1], [b, 1, n], c);
  else reference.gemmABt(m, n, k, a, b, c);
}

/** C[k,n] += Aᵀ B, with A[m,k] and B[m,n] */
export function gemmAtB(k: number, m: number, n: number, a: NumberArray, b: NumberArray, c: NumberArray): void {
  if (onSimd(c, m * k * n, worthGemm)) gemm32([k, m, n], [a, 1, k], [b, n, 1], c);
  else reference.gemmAtB(k, m, n, a, b, c);
}

type FlatKernel = (length: number, x: number, y: number) => void;

/** y = op(x) as a kernel, made at its first use. */
function mapKernel(op: Unary): () => FlatKernel {
  let kernel: FlatKernel | undefined;
  let madeFor: Simd | undefined;
  return () => {
    const on = simd()!;
    if (!kernel || madeFor !== on) {
      const e = new Expressions();
      kernel = emitFlatKernel([{ to: "y", value: e.unary(op, e.input("x")) }], on);
      madeFor = on;
    }
    return kernel;
  };
}

const sigmoidKernel = mapKernel("sigmoid");
const tanhKernel = mapKernel("tanh");
const expKernel = mapKernel("exp");

function map32(kernel: FlatKernel, x: NumberArray, y: NumberArray): void {
  const { memory } = simd()!;
  const at = deskFor(inFours(x.length));
  memory.floats.set(x, at / 4);
  kernel(x.length, at, at);
  y.set(memory.floats.subarray(at / 4, at / 4 + x.length));
}

export function sigmoid(x: NumberArray, y: NumberArray): void {
  if (onSimd(y, y.length, worthMap)) map32(sigmoidKernel(), x, y);
  else reference.sigmoid(x, y);
}

export function tanh(x: NumberArray, y: NumberArray): void {
  if (onSimd(y, y.length, worthMap)) map32(tanhKernel(), x, y);
  else reference.tanh(x, y);
}

/** y = eˣ; in float32, between e⁻⁸⁷ and e⁸⁷ */
export function exp(x: NumberArray, y: NumberArray): void {
  if (onSimd(y, y.length, worthMap)) map32(expKernel(), x, y);
  else for (let k = 0; k < x.length; k++) y[k] = Math.exp(x[k]);
}

export { sigmoidBack, tanhBack } from "./reference.js";
