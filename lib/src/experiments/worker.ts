import { parentPort, workerData } from "node:worker_threads";
import type { BaseConfig, RunSpec } from "./experiment.js";
import { findExperiment } from "./registry.js";

/** What a worker is started with; it does one run and ends. */
export interface WorkerTask {
  readonly experiment: string;
  readonly config: BaseConfig;
  readonly spec: RunSpec;
}

export type WorkerMessage = { readonly share: number } | { readonly outcome: unknown };

const { experiment, config, spec } = workerData as WorkerTask;
const send = (message: WorkerMessage): void => parentPort!.postMessage(message);
const outcome = await findExperiment(experiment).run(config, spec, (share) => send({ share }));
send({ outcome });
