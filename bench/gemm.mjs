// How fast our own large matrix product is on this core, in GFLOP/s: what the training iterations are held against.
import { library } from "./library.mjs";

const { simd, useRelaxedSimd } = await import(`${library}/tensor/kernels/simd/simd.js`);

function rate() {
  const { functions, memory } = simd();
  const n = 256;
  const [a, b, c] = [memory.take(n * n), memory.take(n * n), memory.take(n * n)];
  const scratch = memory.take(functions.gemmScratch(n) / 4);
  memory.floats.fill(0.5, a / 4, a / 4 + n * n);
  memory.floats.fill(0.5, b / 4, b / 4 + n * n);
  let best = Number.POSITIVE_INFINITY;
  for (let k = 0; k < 200; k++) {
    const start = performance.now();
    functions.gemm(n, n, n, a, n, 1, b, n, 1, c, n, 0, scratch);
    best = Math.min(best, performance.now() - start);
  }
  return Math.round((2 * n ** 3) / best / 1e5) / 10;
}

export async function gemmRate() {
  const plain = rate();
  return { simd: plain, relaxed: useRelaxedSimd() ? rate() : undefined };
}
