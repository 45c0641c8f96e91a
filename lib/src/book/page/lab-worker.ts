// Runs in a worker of the laboratory's page, so that the page stays awake while the network learns.
import { type RetrainOptions, retrain } from "../retrain.js";

interface WorkerScope {
  onmessage: ((event: { data: RetrainOptions }) => void) | null;
  postMessage(message: unknown): void;
}
const scope = globalThis as unknown as WorkerScope;

scope.onmessage = async ({ data }) => {
  try {
    for await (const { step, loss } of retrain(data)) scope.postMessage({ step, loss });
    scope.postMessage({ done: true });
  } catch (error) {
    scope.postMessage({ problem: (error as Error).message });
  }
};
