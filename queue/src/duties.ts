import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inWorker } from "unrolled/experiments/in-worker";
import { findExperiment } from "unrolled/experiments/registry";
import type { WorkOptions } from "unrolled/grader/batch/queue-package";
import { Grader } from "unrolled/grader/grade";
import { packAt } from "unrolled/grader/pack-at";
import type { Tier } from "unrolled/grader/result";
import { doDrill } from "./drill.js";
import { type GradePayload, type Payload, type ReproducePayload, sizes, unpackNotebook } from "./payload.js";

/** A job that no worker can ever do: not tried again. */
export class Hopeless extends Error {
  override readonly name = "Hopeless";
}

const hopeless = (error: unknown): never => {
  throw new Hopeless((error as Error).message);
};

/** Does jobs, one after the other. What it needs to know it was started with; jobs only say what to do it to. */
export class Duties {
  private grader?: Promise<Grader>;

  /** @param tier the sandbox that this machine was found to have */
  constructor(
    private readonly options: WorkOptions,
    private readonly tier: Tier,
  ) {}

  /** The result, small and plain. @param failed how often it failed before */
  async do(payload: Payload, failed: number): Promise<unknown> {
    const result = await this.byKind(payload, failed);
    const size = JSON.stringify(result).length;
    if (size > sizes.result) throw new Hopeless(`the result has ${size} characters, and ${sizes.result} can travel`);
    return result;
  }

  async close(): Promise<void> {
    await (await this.grader)?.close();
  }

  private byKind(payload: Payload, failed: number): Promise<unknown> {
    if (payload.kind === "grade") return this.grade(payload);
    if (payload.kind === "reproduce") return this.run(payload);
    if (!this.options.drill) throw new Hopeless("a drill, and this worker was not started with --drill");
    return doDrill(payload, failed);
  }

  private async grade({ learner, assignment, notebook, key }: GradePayload): Promise<unknown> {
    const { root, pack, hiddenSeed } = this.options;
    this.grader ??= Grader.start({ pack: packAt(pack, root), tier: this.tier, hiddenSeed });
    const grader = await this.grader;
    const folder = join(grader.folder, "submitted");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, "notebook.ipynb");
    writeFileSync(file, await unpackNotebook(notebook).catch(hopeless), { mode: 0o600 });
    try {
      const result = await grader.grade({ file, learner, assignment });
      if (result.fault?.by === "grader") throw new Error(result.fault.message);
      if (result.key !== key) throw new Hopeless("its key is not that of what it holds");
      return result;
    } finally {
      rmSync(file, { force: true });
    }
  }

  private async run({ experiment: name, tier, run }: ReproducePayload): Promise<unknown> {
    let experiment: ReturnType<typeof findExperiment>;
    try {
      experiment = findExperiment(name);
    } catch (error) {
      return hopeless(error);
    }
    const config = experiment.config(tier);
    const spec = experiment.everyRun?.(config).find(({ key }) => key === run);
    if (!spec) throw new Hopeless(`${name} has no such run`);
    return inWorker(name, config)(spec, () => {}, new AbortController().signal);
  }
}
