// What every peer in JavaScript does: reads a workload from its folder, and runs as many iterations as it is told to.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

function read(folder) {
  const floats = (name) => new Float32Array(new Uint8Array(readFileSync(join(folder, name))).buffer);
  const shape = JSON.parse(readFileSync(join(folder, "shape.json"), "utf8"));
  const weights = Object.fromEntries(["Wih", "Whh", "b", "Wo", "bo"].map((name) => [name, floats(name)]));
  const data = Array.from({ length: shape.batches }, (_, k) => ({ x: floats(`x${k}`), y: floats(`y${k}`) }));
  return { shape, weights, data };
}

const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

/**
 * build({ shape, weights, data }) gives step(k), one training iteration on batch k, or one streaming step: a loss, or a
 * promise of it. `info` tells what the peer runs on.
 */
export async function serve(build, info = {}) {
  const [folder, mode] = process.argv.slice(2);
  const workload = read(folder);
  const step = await build(workload);
  if (mode === "cold") {
    await step(0);
    say({ done: true });
    process.exit(0);
  }
  say({ ready: true, info: typeof info === "function" ? info() : info });
  const together = workload.shape.kind === "stream" ? 100 : 1;
  let k = 0;
  for await (const line of createInterface({ input: process.stdin })) {
    const { iterations } = JSON.parse(line);
    const times = [];
    const losses = [];
    for (let n = 0; n < iterations; n++) {
      const start = performance.now();
      let loss;
      for (let m = 0; m < together; m++) {
        loss = step(k++ % workload.shape.batches);
        if (loss instanceof Promise) loss = await loss;
      }
      times.push((performance.now() - start) / together);
      losses.push(Number(loss));
    }
    say({ times, losses, residentMb: process.resourceUsage().maxRSS / 1024 });
  }
  process.exit(0);
}
