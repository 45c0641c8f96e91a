// Started by kill.test.ts as a process that can be killed: runs an experiment and says how far it is.
import { KeptRuns } from "../../../lib/dist/experiments/kept-runs.js";
import { canonicalJson } from "../../../lib/dist/experiments/record.js";
import { runExperiment } from "../../../lib/dist/experiments/run-experiment.js";
import { addingExperiment } from "../../../lib/dist/experiments/sweeps/adding.js";

const { config, file, stallAfter } = JSON.parse(process.argv[2]);
let finished = 0;
const results = await runExperiment(addingExperiment, config, {
  kept: new KeptRuns(file, "stamp"),
  execute: async (spec) => {
    const outcome = await addingExperiment.run(config, spec);
    if (finished === stallAfter) await new Promise(() => setInterval(() => {}, 1000)); // to be killed in a run, never after the last
    return outcome;
  },
  onFinished: ({ key }) => {
    finished++;
    console.log(`finished ${key}`);
  },
});
console.log(`results ${canonicalJson(results)}`);
