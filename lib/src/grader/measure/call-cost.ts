import { Worker } from "node:worker_threads";
import { serveCalls } from "../../exercise/channel.js";
import { Runners } from "../runner/bundle.js";
import { SandboxCaller } from "../sandbox/caller.js";
import { defaultLimits, sandboxCommand } from "../sandbox/command.js";
import { readHost } from "../sandbox/probe.js";

const CALLS = 1000;
const WARM = 200;

/** The way of a suite's call: from the thread that tests through the judge's into the sandbox, and back. */
const calls = `
const { workerData, parentPort } = require("node:worker_threads");
import(workerData.module).then(async ({ callerOverChannel }) => {
  const { caller } = callerOverChannel(workerData.channel);
  const alive = setInterval(() => {}, 1000);
  const times = [];
  for (let k = 0; k < ${WARM + CALLS}; k++) {
    const start = performance.now();
    const { value } = await caller("half", [k]);
    times.push(performance.now() - start);
    if (value !== k / 2) throw new Error("half of " + k + " must be " + k / 2 + ", got " + value);
  }
  clearInterval(alive);
  parentPort.postMessage(times.slice(${WARM}));
});
`;

/** Milliseconds of each of 1,000 calls with a number into learner's code in the strict sandbox. `folder`: see openFolder. */
export async function callMilliseconds(folder: string): Promise<number[]> {
  const limits = defaultLimits;
  const code = await new Runners(folder).fileFor([]);
  const sandbox = new SandboxCaller({
    command: sandboxCommand("strict", await readHost(), { code, limits, uid: 60_000 }),
    limits,
    program: () => "return { half: () => (x) => x / 2 };",
    exports: ["half"],
    problems: [],
    placeOf: String,
  });
  const channel = `unrolled-call-cost-${process.pid}`;
  const served = serveCalls(channel, sandbox.call);
  const module = new URL("../../exercise/channel.js", import.meta.url).href;
  const worker = new Worker(calls, { eval: true, workerData: { module, channel } });
  try {
    return await new Promise((resolve, reject) => {
      worker.once("message", resolve).once("error", reject);
      worker.once("exit", () => reject(new Error("the thread that calls ended early")));
    });
  } finally {
    await worker.terminate();
    served.close();
    sandbox.close();
  }
}
