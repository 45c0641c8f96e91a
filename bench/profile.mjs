// Where an iteration of training goes: matrix products, pointwise kernels (gates and their gradients), and the rest.
import { library } from "./library.mjs";

const index = await import(`${library}/index.js`);
const { simd } = await import(`${library}/tensor/kernels/simd/simd.js`);
const { WasmMachine } = await import(`${library}/compile/wasm-machine.js`);
const { adam, compile, crossEntropy, fit, LSTMCell, linear, mse, seededRng, Tensor } = index;

const spent = { products: 0, gates: 0 };
const timed =
  (part, run) =>
  (...args) => {
    const start = performance.now();
    const result = run(...args);
    spent[part] += performance.now() - start;
    return result;
  };

/** From here on all kernels of this process are timed. */
function watch() {
  const kernels = simd();
  const products = Object.entries(kernels.functions).filter(([, run]) => typeof run === "function");
  kernels.functions = Object.fromEntries(products.map(([name, run]) => [name, timed("products", run)]));
  const { kernel } = WasmMachine.prototype;
  WasmMachine.prototype.kernel = function (...args) {
    const { arrays, run } = kernel.apply(this, args);
    return { arrays, run: timed("gates", run) };
  };
}

function trainer({ kind, T, B, H, D, O }) {
  const rng = seededRng(1);
  const cell = compile(new LSTMCell(D, H, { rng, dtype: "float32" }));
  const readout = linear(H, O, { rng, dtype: "float32" });
  const filled = (rows, cols, make) =>
    new Tensor(
      rows,
      cols,
      new Float32Array(rows * cols).map((_, k) => make(k)),
    );
  const letters = () => {
    const x = filled(B, D, () => 0);
    for (let b = 0; b < B; b++) x.data[b * D + Math.floor(D * rng.uniform())] = 1;
    return x;
  };
  const xs = Array.from({ length: T }, () => (kind === "adding" ? filled(B, D, () => rng.uniform()) : letters()));
  const classes = () => filled(B, 1, () => Math.floor(O * rng.uniform()));
  const answers = kind === "adding" ? { target: filled(B, 1, () => rng.uniform()) } : { targets: xs.map(classes) };
  const loss = kind === "adding" ? mse : crossEntropy;
  const options = { loss, optimizer: adam({ learningRate: 1e-3 }), clipNorm: 1, steps: 1e9 };
  return fit({ cell, readout }, { batch: () => ({ xs, ...answers }) }, options);
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Milliseconds of a typical iteration, in parts. */
export async function profile(shape, seconds = 2) {
  const run = trainer(shape);
  const parts = { products: [], gates: [], rest: [] };
  const end = performance.now() + 1000 * seconds;
  for (let k = 0; performance.now() < end || k < 20; k++) {
    spent.products = spent.gates = 0;
    const start = performance.now();
    await run.next();
    const { products, gates } = spent;
    if (k < 10) continue; // until what compiles itself has done so
    parts.products.push(products);
    parts.gates.push(gates);
    parts.rest.push(performance.now() - start - products - gates);
  }
  await run.return();
  return Object.fromEntries(Object.entries(parts).map(([part, times]) => [part, median(times)]));
}

/** `profile` for workloads by name. */
export async function profiles(shapes, say) {
  watch();
  say("\nWhere an iteration goes, ms: matrix products, gates and their gradients, the rest");
  const rows = [];
  for (const [workload, shape] of shapes) {
    const row = { workload, ...(await profile(shape)) };
    rows.push(row);
    const [products, gates, rest] = [row.products, row.gates, row.rest].map((ms) => ms.toFixed(2).padStart(8));
    say(`  ${workload.padEnd(4)}${products}${gates}${rest}`);
  }
  return rows;
}
