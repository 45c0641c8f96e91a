import { existsSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { visibleSeed } from "../exercise/draw.js";
import { checkedLater, type Exercise, markedByHand, type Pack, suiteFile } from "../exercise/pack.js";
import { Quiet } from "./batch/quiet.js";
import type { Prepared } from "./intake/prepare.js";
import { Reader } from "./intake/reader.js";
import { judge } from "./judge/client.js";
import type { Group, JudgeJob } from "./judge/job.js";
import { type Basis, basisOf, keyOf } from "./keys.js";
import type { Fault, Flag, GradeResult, ResultExercise, Tier } from "./result.js";
import { Runners } from "./runner/bundle.js";
import { defaultLimits, type Host, type Limits, sandboxCommand } from "./sandbox/command.js";
import { openFolder, probe, readHost } from "./sandbox/probe.js";
import { scoreExercise } from "./score.js";

export interface GraderOptions {
  readonly pack: Pack;
  /** The tier to use; the strongest that works here unless told. */
  readonly tier?: Tier;
  /** What secret inputs are drawn from. */
  readonly hiddenSeed?: string;
  readonly limits?: Partial<Limits>;
  /** The container image of tier docker. */
  readonly image?: string;
}

export interface Submission {
  readonly file: string;
  readonly learner: string;
  readonly name?: string;
  readonly assignment?: string;
  readonly receivedAt?: string;
  /** What was noticed before the file was read. */
  readonly flags?: readonly Flag[];
}

/** A submission as it was read, and the key of its result. */
export interface ReadSubmission {
  readonly prepared: Prepared;
  readonly assignment: string;
  readonly key: string;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
/** Without the fields that are undefined. */
const defined = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Grades submissions, one or many at a time. Holds what they share: the reader, the runners' code, the sandbox's tier. */
export class Grader {
  private readonly reader = new Reader();
  private readonly runners: Runners;
  private readonly quiet = new Quiet();
  private slot = 0;

  private constructor(
    private readonly options: GraderOptions,
    private readonly host: Host,
    readonly tier: Tier,
    readonly basis: Basis,
    /** Holds the code of the runners; gone after `close`. */
    readonly folder: string,
  ) {
    this.runners = new Runners(folder);
  }

  static async start(options: GraderOptions): Promise<Grader> {
    const host = await readHost();
    const tier = options.tier ?? (await probe(host));
    return new Grader(options, host, tier, basisOf(options.pack, tier, options.hiddenSeed), openFolder());
  }

  async close(): Promise<void> {
    await this.reader.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Reads a submission: enough to know its key, not yet its verdict. */
  async read({ file, learner, assignment: wanted }: Submission): Promise<ReadSubmission> {
    const { masters, suites } = this.options.pack;
    const prepared = await this.reader.read({ file, masters, suites, assignment: wanted });
    const assignment = prepared.assignment ?? wanted ?? "";
    return { prepared, assignment, key: keyOf(learner, assignment, prepared.file.sha256, this.basis) };
  }

  /** One submission in, one result out. A fault of the grader's own is a result that is not gradable. */
  async grade(submission: Submission, signal?: AbortSignal, known?: ReadSubmission): Promise<GradeResult> {
    const start = performance.now();
    const seconds = (): number => Math.round(performance.now() - start) / 1000;
    let read = known;
    try {
      read ??= await this.read(submission);
      const { fault } = read.prepared;
      const outcome =
        fault === undefined
          ? await this.judged(read.prepared, signal)
          : { fault: { by: "submission", message: fault } as const };
      return this.result(submission, read, outcome, seconds());
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return this.result(submission, read, { fault: { by: "grader", message } }, seconds());
    }
  }

  /** The result of a submission that could not be graded through no fault of its own. */
  failed(submission: Submission, read: ReadSubmission, message: string): GradeResult {
    return this.result(submission, read, { fault: { by: "grader", message } }, 0);
  }

  private exercisesOf(assignment: string | undefined): Exercise[] {
    return this.options.pack.exercises.filter(({ file }) => file === `${assignment}.ipynb`);
  }

  private async judged(
    prepared: Prepared,
    signal?: AbortSignal,
  ): Promise<{ exercises: ResultExercise[]; flags: Flag[] }> {
    const exercises = this.exercisesOf(prepared.assignment);
    const { hiddenSeed = visibleSeed } = this.options;
    const secret =
      hiddenSeed !== visibleSeed || exercises.some(({ tests }) => tests.some((test) => test.visibility === "hidden"));
    const absent = exercises.filter((exercise) => this.isCheckedElsewhere(exercise));
    const here = exercises.filter((exercise) => !absent.includes(exercise));
    const run = async (seed: string) => judge({ ...(await this.jobFor(prepared, here)), seed }, this.quiet, signal);
    const [visible, hidden] = await Promise.all([run(visibleSeed), secret ? run(hiddenSeed) : undefined]);
    const found = {
      visible: visible.exercises,
      hidden: hidden?.exercises,
      answers: new Map(prepared.answers),
      stubs: new Map(prepared.stubs),
    };
    const flags = visible.problems.map(
      ({ cell, message }): Flag => ({
        code: "cell-stopped",
        message: `${prepared.cells[cell]?.id ?? cell}: ${message}`,
      }),
    );
    const later = absent.map(
      ({ id }): Flag => ({ code: "checked-later", message: `${id} is checked when it is handed in` }),
    );
    return { exercises: exercises.map((exercise) => scoreExercise(exercise, found)), flags: [...flags, ...later] };
  }

  /** An exam item in the learner's own copy of the course, which has no suite for it. */
  private isCheckedElsewhere(exercise: Exercise): boolean {
    return checkedLater(exercise) && !existsSync(suiteFile(this.options.pack, exercise));
  }

  /** Exercises that may import the same share a process; others must not see each other's library. */
  private async jobFor(prepared: Prepared, exercises: readonly Exercise[]): Promise<Omit<JudgeJob, "seed">> {
    const { masters, suites } = this.options.pack;
    const limits = { ...defaultLimits, ...this.options.limits };
    const tested = exercises.filter((exercise) => !markedByHand(exercise));
    const keyOfGroup = ({ imports, suite }: Exercise): string => JSON.stringify([[...imports].sort(), suite]);
    const groups = [...new Set(tested.map(keyOfGroup))].map(async (key): Promise<Group> => {
      const code = await this.runners.fileFor((JSON.parse(key) as [string[]])[0]);
      const uid = 60_000 + (this.slot++ % 4000);
      return {
        exercises: tested.filter((exercise) => keyOfGroup(exercise) === key).map(({ id }) => id),
        command: sandboxCommand(this.tier, this.host, { code, limits, uid, image: this.options.image }),
      };
    });
    return {
      masters,
      suites,
      groups: await Promise.all(groups),
      parts: prepared.parts,
      problems: prepared.problems,
      exports: [...new Set(tested.flatMap((exercise) => exercise.exports))],
      cellIds: prepared.cells.map(({ id }) => id),
      limits,
    };
  }

  private result(
    { learner, name, receivedAt, file, flags = [] }: Submission,
    read: ReadSubmission | undefined,
    outcome: { readonly exercises: ResultExercise[]; readonly flags: Flag[] } | { readonly fault: Fault },
    seconds: number,
  ): GradeResult {
    const { assignment = "", key = "", prepared } = read ?? {};
    const about = prepared?.file ?? { name: basename(file), sha256: "", bytes: 0 };
    const { exercises, flags: seen } = "fault" in outcome ? { exercises: [], flags: [] } : outcome;
    return defined({
      schema: 1,
      learner,
      name,
      assignment,
      submission: {
        file: about.name,
        sha256: about.sha256,
        bytes: about.bytes,
        receivedAt: receivedAt ?? about.receivedAt,
      },
      gradable: !("fault" in outcome),
      fault: "fault" in outcome ? outcome.fault : undefined,
      key,
      ...this.basis,
      flags: [...flags, ...(prepared?.flags ?? []), ...seen],
      exercises,
      earned: sum(exercises.map(({ earned }) => earned)),
      points: sum(this.exercisesOf(assignment).map(({ points }) => points)),
      seconds,
    });
  }
}
