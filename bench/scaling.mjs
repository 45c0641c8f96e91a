// E: how time and memory grow with the length of a sequence and with the hidden size, each in a process of its own.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { library } from "./library.mjs";

const batchSize = 32;

/** The fastest of some iterations at length T and hidden size H, and the most memory that was resident. */
async function one(T, H) {
  const { adding, compile, fit, LSTMCell, linear, seededRng } = await import(`${library}/index.js`);
  const rng = seededRng(1);
  const model = {
    cell: compile(new LSTMCell(2, H, { rng, dtype: "float32" })),
    readout: linear(H, 1, { rng, dtype: "float32" }),
  };
  const batch = adding({ seqLen: T, batchSize, dtype: "float32" }, rng).batch();
  const run = fit(model, { batch: () => batch }, { steps: 1e9, clipNorm: 1 });
  let minMs = Number.POSITIVE_INFINITY;
  const begin = performance.now();
  for (let k = 0; k < 6 || performance.now() - begin < 1000; k++) {
    const start = performance.now();
    await run.next();
    minMs = Math.min(minMs, performance.now() - start);
  }
  await run.return();
  return { minMs, residentMb: process.resourceUsage().maxRSS / 1024 };
}

export function scaling(say) {
  const points = [50, 100, 200, 500, 1000, 2000].map((T) => [T, 32]);
  points.push(...[16, 32, 64, 128, 256, 512].map((H) => [100, H]));
  say(`\nE: time and memory against length T and hidden size H (batch ${batchSize}, the fastest iteration)`);
  return points.map(([T, H]) => {
    const { stdout } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), T, H], { encoding: "utf8" });
    const { minMs, residentMb } = JSON.parse(stdout);
    const gflops = (2 * T * batchSize * 4 * H * (3 * H + 6)) / minMs / 1e6;
    const row = { T, H, minMs, perStepUs: (1000 * minMs) / T, gflops, residentMb: Math.round(residentMb) };
    const columns = [`${minMs.toFixed(1)} ms`, `${row.perStepUs.toFixed(0)} us a step`, `${gflops.toFixed(1)} GFLOP/s`];
    const wide = [...columns, `${row.residentMb} MB`].map((text) => text.padStart(16)).join("");
    say(`  ${`T=${T}`.padEnd(7)}${`H=${H}`.padEnd(6)}${wide}`);
    return row;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(JSON.stringify(await one(...process.argv.slice(2).map(Number))));
}
