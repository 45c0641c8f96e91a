import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { Reporter, TestModule, TestSuite, Vitest } from "vitest/node";
import { serveCalls } from "./channel.js";
import { visibleSeed } from "./draw.js";
import { courseRoot, type Exercise, markedByHand, type Pack, suiteFile } from "./pack.js";
import { type ExerciseReport, firstLine, handReport, reportOf, type TestOutcome } from "./report.js";
import { sparePool } from "./spare-pool.js";
import type { Caller } from "./subject.js";
import type { SuiteContext } from "./suite.js";

export interface RunOptions {
  readonly caller: Caller;
  readonly seed?: string;
}

const built = fileURLToPath(new URL("..", import.meta.url)); // lib/dist, or lib/src under vitest
const extension = import.meta.url.slice(import.meta.url.lastIndexOf("."));
/** An instructor's suites lie outside the course, where Node would not find the library. */
const alias = [
  { find: /^unrolled$/, replacement: `${built}index${extension}` },
  { find: /^unrolled\/(.*)$/, replacement: `${built}$1${extension}` },
];

function exerciseReport(exercise: Exercise, suite: TestSuite | undefined): ExerciseReport {
  const outcomes = Array.from(suite?.children.allTests() ?? [], (test): [string, TestOutcome] => {
    const { state, errors } = test.result();
    return [test.name, { passed: state === "passed", trace: test.meta().unrolled, error: errors?.[0]?.message }];
  });
  return reportOf(exercise, new Map(outcomes));
}

/** Runs suites with vitest, many times in one process. One run at a time. */
export class Engine {
  private running: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly vitest: Vitest,
    private readonly pack: Pack,
  ) {}

  /** @param ahead whether a thread is kept ready for the next run: faster for many runs, wasted on one */
  static async start(pack: Pack, { ahead = true }: { readonly ahead?: boolean } = {}): Promise<Engine> {
    const { createVitest } = await import("vitest/node");
    const silent: Reporter = {};
    const vitest = await createVitest(
      "test",
      {
        root: courseRoot(),
        config: false,
        watch: false,
        include: [`${pack.suites}/*.test.ts`],
        pool: sparePool(ahead),
        isolate: false,
        maxWorkers: 1,
        reporters: [silent],
        passWithNoTests: true,
        testTimeout: 60_000,
        // the built library is loaded by Node, and so once; its sources, in our own tests, by vite
        server: { deps: { external: extension === ".js" ? [new RegExp(`^${built.replace(/[^\w/]/g, "\\$&")}`)] : [] } },
      },
      { logLevel: "silent", server: { watch: null, ws: false }, resolve: { alias } },
    );
    return new Engine(vitest, pack);
  }

  /** Checks exercises of one notebook against the code behind `caller`. */
  run(exercises: readonly Exercise[], options: RunOptions): Promise<ExerciseReport[]> {
    const turn = this.running.then(() => this.runNow(exercises, options));
    this.running = turn.catch(() => undefined);
    return turn;
  }

  private async runNow(all: readonly Exercise[], options: RunOptions): Promise<ExerciseReport[]> {
    const files = new Map<string, Exercise[]>();
    for (const exercise of all.filter((exercise) => !markedByHand(exercise))) {
      const file = suiteFile(this.pack, exercise);
      files.set(file, [...(files.get(file) ?? []), exercise]);
    }
    const suites = new Map<string, TestSuite>();
    for (const [file, exercises] of files) {
      for (const suite of await this.runFile(file, exercises, options)) suites.set(suite.name, suite);
    }
    return all.map((exercise) =>
      markedByHand(exercise)
        ? handReport(exercise)
        : exerciseReport(exercise, suites.get(`${exercise.id} ${exercise.title}`)),
    );
  }

  private async runFile(
    file: string,
    exercises: readonly Exercise[],
    { caller, seed = visibleSeed }: RunOptions,
  ): Promise<TestSuite[]> {
    const context: SuiteContext = {
      only: exercises.map(({ id }) => id),
      seed,
      channel: `unrolled-${randomUUID()}`,
      masters: this.pack.masters,
      suites: this.pack.suites,
    };
    const served = serveCalls(context.channel, caller);
    try {
      const project = this.vitest.getRootProject();
      project.provide("unrolled", context);
      const specification = project.createSpecification(file);
      const { testModules, unhandledErrors } = await this.vitest.runTestSpecifications([specification]);
      // the list also has the files of earlier runs
      const module = testModules.find(({ moduleId }) => moduleId === specification.moduleId);
      const fault = faultOf(module, unhandledErrors);
      if (fault || !module) throw new Error(`the checks of ${exercises[0].file} could not run: ${fault}`);
      return [...module.children.suites()];
    } finally {
      served.close();
    }
  }

  async close(): Promise<void> {
    await this.vitest.close();
  }
}

function faultOf(module: TestModule | undefined, unhandled: readonly unknown[]): string | undefined {
  const errors = [...(module?.errors() ?? []), ...unhandled] as { message?: string }[];
  if (errors.length > 0) return firstLine(errors[0]?.message);
  return module ? undefined : "vitest found no such suite";
}
