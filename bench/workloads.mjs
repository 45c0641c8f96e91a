// What is measured: shapes, data and starting weights, the same for every peer, written to files that all of them read.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** steps T, batch B, hidden H, input D, outputs O; "adding" has its loss at the end, "characters" at every step. */
export const workloads = {
  A1: { kind: "adding", T: 100, B: 32, H: 32, D: 2, O: 1 },
  A2: { kind: "adding", T: 100, B: 32, H: 64, D: 2, O: 1 },
  A3: { kind: "adding", T: 200, B: 64, H: 128, D: 2, O: 1 },
  B: { kind: "characters", T: 64, B: 32, H: 128, D: 64, O: 64 },
  C: { kind: "stream", T: 1, B: 1, H: 128, D: 64, O: 64 },
  D: { kind: "adding", T: 100, B: 32, H: 32, D: 2, O: 1 },
};
export const learningRate = 1e-3;
export const clipNorm = 1;
/** Batches that a run goes round in. */
export const batches = 4;

/** Uniform numbers in [0, 1): mulberry32. */
function uniforms(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Weights in PyTorch's layout, gates i, f, g, o; one bias. */
function weights({ D, H, O }) {
  const next = uniforms(1);
  const take = (count) => Float32Array.from({ length: count }, () => (2 * next() - 1) / Math.sqrt(H));
  return { Wih: take(4 * H * D), Whh: take(4 * H * H), b: take(4 * H), Wo: take(O * H), bo: take(O) };
}

/** x [T, B, D] and y: [B] sums for adding, [T, B] class numbers for characters. */
function batch({ kind, T, B, D }, seed) {
  const next = uniforms(1000 + seed);
  const x = new Float32Array(T * B * D);
  if (kind === "stream") return { x: x.map(() => 2 * next() - 1), y: new Float32Array(0) };
  if (kind === "characters") {
    const y = new Float32Array(T * B);
    for (let b = 0; b < B; b++) {
      let letter = Math.floor(next() * D);
      for (let t = 0; t < T; t++) {
        x[(t * B + b) * D + letter] = 1;
        letter = (5 * letter + 1 + Math.floor(next() * 4)) % D;
        y[t * B + b] = letter;
      }
    }
    return { x, y };
  }
  const y = new Float32Array(B);
  for (let b = 0; b < B; b++) {
    for (let t = 0; t < T; t++) x[(t * B + b) * D] = next();
    for (const marked of [Math.floor((next() * T) / 2), Math.floor(((1 + next()) * T) / 2)]) {
      x[(marked * B + b) * D + 1] = 1;
      y[b] += x[(marked * B + b) * D];
    }
  }
  return { x, y };
}

/** Writes a workload's numbers as float32 files. @returns the folder */
export function writeWorkload(shape) {
  const folder = mkdtempSync(join(tmpdir(), "unrolled-bench-"));
  const write = (name, values) => writeFileSync(join(folder, name), Buffer.from(values.buffer));
  for (const [name, values] of Object.entries(weights(shape))) write(name, values);
  for (let k = 0; k < batches; k++) {
    const { x, y } = batch(shape, k);
    write(`x${k}`, x);
    write(`y${k}`, y);
  }
  writeFileSync(join(folder, "shape.json"), JSON.stringify({ ...shape, learningRate, clipNorm, batches }));
  return folder;
}
