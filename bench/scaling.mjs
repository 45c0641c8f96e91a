// E: how time and memory grow with the length of a sequence and with the hidden size.
import { fileURLToPath } from "node:url";

const library = process.env.UNROLLED_DIST ?? fileURLToPath(new URL("../lib/dist", import.meta.url));

export async function scaling(say) {
  const { adding, compile, fit, LSTMCell, linear, seededRng } = await import(`${library}/index.js`);
  async function one(T, H) {
    const rng = seededRng(1);
    const model = {
      cell: compile(new LSTMCell(2, H, { rng, dtype: "float32" })),
      readout: linear(H, 1, { rng, dtype: "float32" }),
    };
    const task = adding({ seqLen: T, batchSize: 32, dtype: "float32" }, rng);
    const batch = task.batch();
    const times = [];
    const run = fit(model, { batch: () => batch }, { steps: 6, clipNorm: 1 });
    for (let k = 0; k < 6; k++) {
      const start = performance.now();
      await run.next();
      times.push(performance.now() - start);
    }
    return Math.min(...times.slice(1));
  }
  const rows = [];
  const add = async (T, H) => {
    const minMs = await one(T, H);
    const flops = 2 * T * 32 * 4 * H * (3 * H + 6);
    rows.push({ T, H, minMs, perStepUs: (1000 * minMs) / T, gflops: flops / minMs / 1e6 });
  };
  await add(50, 32); // warms up
  rows.pop();
  for (const T of [50, 100, 200, 500, 1000, 2000]) await add(T, 32);
  for (const H of [16, 32, 64, 128, 256, 512]) await add(100, H);
  say("\nE: time against length T and hidden size H (batch 32, the fastest of five iterations)");
  for (const { T, H, minMs, perStepUs, gflops } of rows) {
    const columns = [`T=${T}`.padEnd(7), `H=${H}`.padEnd(6), `${minMs.toFixed(1)} ms`.padStart(11)];
    say(
      `  ${columns.join("")}${`${perStepUs.toFixed(0)} us a step`.padStart(16)}${`${gflops.toFixed(1)} GFLOP/s`.padStart(15)}`,
    );
  }
  return rows;
}
