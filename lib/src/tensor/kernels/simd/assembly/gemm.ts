// C (+)= A B for any strides, so that Aᵀ and Bᵀ need no copy of their own: entry (r, c) is at r · rowStride + c · colStride.
//
// A is repacked in panels of four rows and B in panels of eight columns, so that the innermost loop reads both in one
// straight line; it keeps a 4 × 8 tile of C in registers. The sum over k always runs upwards: same bits everywhere.
// See Goto & van de Geijn (2008), Anatomy of high-performance matrix multiplication, ACM TOMS 34(3).
import { FLOAT, load4, madd, splat, store4 } from "./vector";

const ROWS: i32 = 4;
const COLS: i32 = 8;
/** How much of k is packed at once: a panel of B then stays in the first-level cache. */
const DEPTH: i32 = 256;

/** Bytes of scratch memory that gemm needs for M rows. */
export function gemmScratch(M: i32): i32 {
  const rows = (M + ROWS - 1) & ~(ROWS - 1);
  return 128 + ((DEPTH * (rows + COLS)) << 2);
}

/** Turns a 4 × 4 block that is contiguous along k into four vectors across rows, stored `step` bytes apart. */
// @ts-ignore: decorator
@inline function transpose4(p0: usize, p1: usize, p2: usize, p3: usize, to: usize, step: usize): void {
  const a = load4(p0), b = load4(p1), c = load4(p2), d = load4(p3);
  const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5), ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  store4(to, v128.shuffle<f64>(ab0, cd0, 0, 2));
  store4(to + step, v128.shuffle<f64>(ab0, cd0, 1, 3));
  store4(to + 2 * step, v128.shuffle<f64>(ab1, cd1, 0, 2));
  store4(to + 3 * step, v128.shuffle<f64>(ab1, cd1, 1, 3));
}

/** Packs `lanes` (4 or 8) rows of a [rows, K] matrix as [K][lanes]; rows that are not there become zeros. */
// @ts-ignore: decorator
@inline function packPanel(to: usize, from: usize, rows: i32, K: i32, rowStride: i32, kStride: i32, lanes: i32): void {
  const bytes = <usize>lanes * FLOAT;
  const rowStep = <usize>rowStride * FLOAT;
  const kStep = <usize>kStride * FLOAT;
  if (rows >= lanes && rowStride == 1) {
    for (let k = 0; k < K; k++) {
      for (let lane: usize = 0; lane < bytes; lane += 16) store4(to + lane, load4(from + lane));
      to += bytes; from += kStep;
    }
    return;
  }
  let k = 0;
  if (rows >= lanes && kStride == 1) {
    for (; k + 4 <= K; k += 4) {
      for (let lane = 0; lane < lanes; lane += 4) {
        const p = from + <usize>lane * rowStep;
        transpose4(p, p + rowStep, p + 2 * rowStep, p + 3 * rowStep, to + <usize>lane * FLOAT, bytes);
      }
      to += 4 * bytes; from += 16;
    }
  }
  for (; k < K; k++) {
    for (let lane = 0; lane < lanes; lane++) {
      store<f32>(to + <usize>lane * FLOAT, lane < rows ? load<f32>(from + <usize>lane * rowStep) : 0);
    }
    to += bytes; from += kStep;
  }
}

/** A 4 × 8 tile of C (+)= a panel of A times a panel of B. Not unrolled: V8 would load ahead and run out of registers. */
// @ts-ignore: decorator
@inline function tile(K: i32, a: usize, b: usize, c: usize, ldc: i32, accumulate: bool): void {
  const row = <usize>ldc * FLOAT;
  const c1 = c + row, c2 = c1 + row, c3 = c2 + row;
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  if (accumulate) {
    c00 = load4(c); c01 = load4(c + 16); c10 = load4(c1); c11 = load4(c1 + 16);
    c20 = load4(c2); c21 = load4(c2 + 16); c30 = load4(c3); c31 = load4(c3 + 16);
  }
  const end = a + (<usize>K << 4);
  while (a < end) {
    const b0 = load4(b), b1 = load4(b + 16);
    let x = splat(a);
    c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
    x = v128.load_splat<f32>(a, 4); c10 = madd(x, b0, c10); c11 = madd(x, b1, c11);
    x = v128.load_splat<f32>(a, 8); c20 = madd(x, b0, c20); c21 = madd(x, b1, c21);
    x = v128.load_splat<f32>(a, 12); c30 = madd(x, b0, c30); c31 = madd(x, b1, c31);
    a += 16; b += 32;
  }
  store4(c, c00); store4(c + 16, c01); store4(c1, c10); store4(c1 + 16, c11);
  store4(c2, c20); store4(c2 + 16, c21); store4(c3, c30); store4(c3 + 16, c31);
}

/** All rows of C for the eight columns of one panel of B; a tile that hangs over the edge is made in scratch and copied. */
function panel(M: i32, width: i32, K: i32, a: usize, b: usize, c: usize, ldc: i32, accumulate: bool, edge: usize): void {
  for (let m = 0; m < M; m += ROWS) {
    const rows = min(ROWS, M - m);
    const to = c + <usize>(m * ldc) * FLOAT;
    if (rows == ROWS && width == COLS) tile(K, a, b, to, ldc, accumulate);
    else {
      for (let r = 0; r < rows; r++) for (let j = 0; j < width; j++) {
        store<f32>(edge + <usize>(r * COLS + j) * FLOAT, accumulate ? load<f32>(to + <usize>(r * ldc + j) * FLOAT) : 0);
      }
      tile(K, a, b, edge, COLS, true);
      for (let r = 0; r < rows; r++) for (let j = 0; j < width; j++) {
        store<f32>(to + <usize>(r * ldc + j) * FLOAT, load<f32>(edge + <usize>(r * COLS + j) * FLOAT));
      }
    }
    a += <usize>K << 4;
  }
}

function packRows(to: usize, from: usize, M: i32, K: i32, rowStride: i32, kStride: i32): void {
  for (let m = 0; m < M; m += ROWS) {
    packPanel(to, from + <usize>(m * rowStride) * FLOAT, M - m, K, rowStride, kStride, ROWS);
    to += <usize>K << 4;
  }
}

/** C[M,N] (+)= A[M,K] B[K,N]. C's rows are ldc apart. */
export function gemm(
  M: i32, N: i32, K: i32, A: usize, aRow: i32, aCol: i32, B: usize, bRow: i32, bCol: i32,
  C: usize, ldc: i32, accumulate: bool, scratch: usize,
): void {
  if (M == 1 && bCol == 1 && aCol == 1) { rowTimes(N, K, A, B, bRow, C, accumulate); return; }
  const edge = scratch, packedB = scratch + 128, packedA = packedB + <usize>(DEPTH * COLS) * FLOAT;
  for (let k0 = 0; k0 < K; k0 += DEPTH) {
    const depth = min(DEPTH, K - k0);
    packRows(packedA, A + <usize>(k0 * aCol) * FLOAT, M, depth, aRow, aCol);
    for (let n = 0; n < N; n += COLS) {
      packPanel(packedB, B + <usize>(k0 * bRow + n * bCol) * FLOAT, N - n, depth, bCol, bRow, COLS);
      panel(M, min(COLS, N - n), depth, packedA, packedB, C + <usize>n * FLOAT, ldc, accumulate || k0 > 0, edge);
    }
  }
}

/**
 * Packs a block B[K,N] for gemmPacked: weights are packed once and used at every time step. Panels are panelStride floats
 * apart, so that blocks that stand on top of each other in one larger matrix can be packed one by one; for B alone it is
 * K · 8. Columns that are missing in the last panel become zeros.
 */
export function packB(to: usize, panelStride: i32, B: usize, N: i32, K: i32, bRow: i32, bCol: i32): void {
  for (let n = 0; n < N; n += COLS) {
    packPanel(to, B + <usize>(n * bCol) * FLOAT, N - n, K, bCol, bRow, COLS);
    to += <usize>panelStride * FLOAT;
  }
}

/** gemm with B already packed in full panels: N is a multiple of 8. A is row-major with rows lda apart. */
export function gemmPacked(
  M: i32, N: i32, K: i32, A: usize, lda: i32, packed: usize, C: usize, ldc: i32, accumulate: bool, scratch: usize,
): void {
  if (M == 1) { oneRow(N, K, A, packed, C, accumulate); return; }
  const edge = scratch, packedA = scratch + 128;
  packRows(packedA, A, M, K, lda, 1);
  for (let n = 0; n < N; n += COLS) {
    panel(M, COLS, K, packedA, packed, C + <usize>n * FLOAT, ldc, accumulate, edge);
    packed += <usize>K << 5;
  }
}

/**
 * c[N] (+)= a[K] times packed panels: one streaming step. Two panels at a time, so that additions need not wait for each
 * other; with more, V8 runs out of registers again.
 */
function oneRow(N: i32, K: i32, a: usize, packed: usize, c: usize, accumulate: bool): void {
  const step = <usize>K << 5;
  const end = a + <usize>K * FLOAT;
  let n = 0;
  for (; n + 2 * COLS <= N; n += 2 * COLS) {
    let y0 = f32x4.splat(0), y1 = y0, y2 = y0, y3 = y0;
    if (accumulate) { y0 = load4(c); y1 = load4(c + 16); y2 = load4(c + 32); y3 = load4(c + 48); }
    let b0 = packed, b1 = b0 + step;
    for (let p = a; p < end; p += FLOAT) {
      const x = splat(p);
      y0 = madd(x, load4(b0), y0); y1 = madd(x, load4(b0 + 16), y1);
      y2 = madd(x, load4(b1), y2); y3 = madd(x, load4(b1 + 16), y3);
      b0 += 32; b1 += 32;
    }
    store4(c, y0); store4(c + 16, y1); store4(c + 32, y2); store4(c + 48, y3);
    c += 64; packed += step << 1;
  }
  if (n < N) {
    let y0 = f32x4.splat(0), y1 = y0;
    if (accumulate) { y0 = load4(c); y1 = load4(c + 16); }
    for (let p = a; p < end; p += FLOAT) {
      const x = splat(p);
      y0 = madd(x, load4(packed), y0); y1 = madd(x, load4(packed + 16), y1);
      packed += 32;
    }
    store4(c, y0); store4(c + 16, y1);
  }
}

/** c[N] (+)= a[K] B[K,N] with B as it is, rows ldb apart: packing it would take longer than the product. */
function rowTimes(N: i32, K: i32, a: usize, B: usize, ldb: i32, c: usize, accumulate: bool): void {
  const row = <usize>ldb * FLOAT;
  const end = a + <usize>K * FLOAT;
  let n = 0;
  for (; n + 16 <= N; n += 16) {
    const at = <usize>n * FLOAT;
    let y0 = f32x4.splat(0), y1 = y0, y2 = y0, y3 = y0;
    if (accumulate) { y0 = load4(c + at); y1 = load4(c + at + 16); y2 = load4(c + at + 32); y3 = load4(c + at + 48); }
    let b = B + at;
    for (let p = a; p < end; p += FLOAT) {
      const x = splat(p);
      y0 = madd(x, load4(b), y0); y1 = madd(x, load4(b + 16), y1);
      y2 = madd(x, load4(b + 32), y2); y3 = madd(x, load4(b + 48), y3);
      b += row;
    }
    store4(c + at, y0); store4(c + at + 16, y1); store4(c + at + 32, y2); store4(c + at + 48, y3);
  }
  for (; n < N; n++) {
    let sum: f32 = accumulate ? load<f32>(c + <usize>n * FLOAT) : 0;
    let b = B + <usize>n * FLOAT;
    for (let p = a; p < end; p += FLOAT) { sum += load<f32>(p) * load<f32>(b); b += row; }
    store<f32>(c + <usize>n * FLOAT, sum);
  }
}
