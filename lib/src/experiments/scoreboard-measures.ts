import { LSTM1997Cell } from "../cells/lstm1997.js";
import { RNNCell } from "../cells/rnn.js";
import { linear } from "../layers/linear.js";
import { gradientFlow } from "../measure/gradient-flow.js";
import { forgetGateAt, halfLife } from "../measure/memory.js";
import { parameterCount } from "../measure/parameters.js";
import { quantile } from "../measure/quantile.js";
import { successRate } from "../measure/success-rate.js";
import { adding } from "../tasks/adding.js";
import { copying } from "../tasks/copying.js";
import { orthogonal } from "../tensor/init.js";
import { seededRng } from "../tensor/rng.js";
import type { Measured } from "./scoreboard.js";
import type { SweepResult, SweepResults } from "./sweep.js";

const brief = (value: number, digits = 3): string => String(Number(value.toPrecision(digits)));
const counted = (value: number): string => Math.round(value).toLocaleString("en-US");
const percent = (share: number): string => `${Math.round(100 * share)} %`;
const median = (values: readonly number[]): number => quantile(values, 0.5);
const span = (values: readonly number[], say = brief): string =>
  `${say(Math.min(...values))} to ${say(Math.max(...values))}`;

/** After how many sequences the seeds that solved it did. */
const solvers = ({ solvedAfter }: SweepResult): number[] => solvedAfter.filter((after) => after !== null);

/**
 * Sequences until solved against the paper's count. Agrees if every seed solves it and the median is within a factor
 * of ten: the order of magnitude is what can be compared between two optimisers and two criteria.
 */
export function sequencesUntilSolved(result: SweepResult, paper: number): Measured {
  const solved = solvers(result);
  const seeds = result.solvedAfter.length;
  if (solved.length === 0) return { ...share(result), agrees: false };
  const ratio = median(solved) / paper;
  return {
    ours: `${counted(median(solved))} sequences; ${solved.length} of ${seeds} seeds solve it`,
    seeds,
    interval: span(solved, counted),
    deviation: `× ${brief(ratio, 2)}`,
    agrees: solved.length === seeds && ratio > 0.1 && ratio < 10,
  };
}

/** How many seeds solve it. Agrees if all do. */
export function share(result: SweepResult): Measured {
  const seeds = result.solvedAfter.length;
  const solved = solvers(result).length;
  const { low, high } = successRate(solved, seeds);
  return {
    ours: `${solved} of ${seeds} seeds solve it`,
    seeds,
    interval: `${percent(low)} to ${percent(high)}`,
    agrees: solved === seeds,
  };
}

/** Who solves a task on how many seeds: "RNN 0, LSTM 3 of 3". */
export function whoSolves(contestants: Readonly<Record<string, SweepResult>>): string {
  const counts = Object.entries(contestants).map(([name, result]) => `${name} ${solvers(result).length}`);
  return `${counts.join("; ")} of ${Object.values(contestants)[0].solvedAfter.length} seeds`;
}

/** The loss at the end. Agrees if it is below `limit` on every seed. */
export function lossBelow({ testLoss }: SweepResult, limit: number): Measured {
  const losses = testLoss.map((loss) => loss ?? Number.POSITIVE_INFINITY);
  return {
    ours: brief(median(losses)),
    seeds: losses.length,
    interval: span(losses),
    agrees: Math.max(...losses) < limit,
  };
}

/** For how many of its training steps a loss stays within 15 % of a level, by seed. */
export function stepsNear(level: number, { curves }: SweepResult): number[] {
  return curves.map(({ step, loss }) => step[0] * loss.filter((v) => Math.abs(v - level) < 0.15 * level).length);
}

/** A stay of a hundred steps near 1/12 counts as a plateau; it agrees if every seed has one. */
export function plateaus(result: SweepResult): Measured {
  const [sixth, twelfth] = [1 / 6, 1 / 12].map((level) => stepsNear(level, result));
  return {
    ours: `${median(sixth)} steps near 1/6, ${median(twelfth)} near 1/12`,
    seeds: sixth.length,
    interval: `${span(sixth)}; ${span(twelfth)}`,
    agrees: twelfth.every((steps) => steps >= 100),
  };
}

/** Chrono against bias 1. Agrees if it solves on more seeds, or on as many in at most half of the sequences. */
export function chronoAgainst(plain: SweepResult, chrono: SweepResult): Measured {
  const [a, b] = [solvers(plain), solvers(chrono)];
  const ratio = a.length > 0 && b.length > 0 ? median(a) / median(b) : undefined;
  const say = (solved: number[]): string =>
    `${solved.length} of ${plain.solvedAfter.length} seeds${solved.length > 0 ? `, ${counted(median(solved))} sequences` : ""}`;
  return {
    ours: `chrono ${say(b)}; bias 1 ${say(a)}`,
    seeds: plain.solvedAfter.length,
    interval: b.length > 0 ? span(b, counted) : "",
    ...(ratio && { deviation: `${brief(ratio, 2)} times as fast` }),
    agrees: b.length > a.length || (b.length === a.length && (ratio ?? 0) >= 2),
  };
}

/** Always answering the mean, or one marked value plus a half, on 10,000 fresh sequences of the adding problem. */
export function addingBaseline(known: 0 | 1): Measured {
  const { xs, target } = adding({ seqLen: 10, batchSize: 10_000 }, seededRng(2)).batch();
  const early = xs.slice(0, 5); // the baselines are the same at every T
  const first = (b: number): number => early.find((x) => x.data[2 * b + 1] === 1)!.data[2 * b];
  const errors = Array.from(target.data, (y, b) => (known === 0 ? y - 1 : y - first(b) - 0.5) ** 2);
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  const paper = known === 0 ? 1 / 6 : 1 / 12;
  return {
    ours: brief(mean),
    deviation: `${brief((100 * (mean - paper)) / paper, 2)} %`,
    agrees: Math.abs(mean / paper - 1) < 0.03,
  };
}

/** 10 ln 8 / (T + 20), as the task works it out. */
export function copyingBaselines(papers: Readonly<Record<number, number>>): Measured {
  const ours = Object.keys(papers).map((delay) => copying({ delay: Number(delay) }).baselines.memoryless);
  const apart = Object.values(papers).map((paper, k) => Math.abs(paper - ours[k]));
  return {
    ours: ours.map((value) => value.toFixed(3)).join(", "),
    deviation: brief(Math.max(...apart), 1),
    agrees: Math.max(...apart) < 0.001,
  };
}

/** Below the baseline: agrees if a gated cell gets there on every seed. */
export function belowBaseline(contestants: Readonly<Record<string, SweepResult>>, baseline: number): Measured {
  const losses = Object.entries(contestants).map(([name, { testLoss }]) => ({
    name,
    loss: testLoss.map((value) => value ?? Number.POSITIVE_INFINITY),
  }));
  const best = losses.reduce((a, b) => (median(b.loss) < median(a.loss) ? b : a));
  return {
    ours: losses.map(({ name, loss }) => `${name} ${brief(median(loss))}`).join("; "),
    seeds: best.loss.length,
    interval: `${best.name} ${span(best.loss)}`,
    deviation: `${best.name}: × ${brief(median(best.loss) / baseline, 2)} of ${brief(baseline)}`,
    agrees: Math.max(...best.loss) < baseline,
  };
}

/** 93, 156 and 308 weights: input units, blocks of two cells, outputs. */
export function weightCounts(): Measured {
  const nets = [
    [2, 2, 1],
    [8, 2, 4],
    [8, 3, 8],
  ] as const;
  const counts = nets.map(([inputs, blocks, outputs]) => {
    const cell = new LSTM1997Cell(inputs, 2 * blocks, { cellsPerBlock: 2 });
    return parameterCount(cell) + parameterCount(linear(cell.hiddenSize, outputs));
  });
  return { ours: counts.join(", "), deviation: "0", agrees: counts.join() === "93,156,308" };
}

/** f¹⁰⁰ and the half-life at forget bias 0, 1, 2, 5. */
export function forgetBiasPhysics(): Measured {
  const gates = [0, 1, 2, 5].map(forgetGateAt);
  const [kept, lives] = [gates.map((f) => f ** 100), gates.map(halfLife)];
  const papers = [8e-31, 2.5e-14, 3e-6, 0.51];
  return {
    ours: `${kept.map((share) => brief(share, 2)).join(", ")}; half-lives ${lives.map((steps) => brief(steps, steps < 10 ? 2 : 3)).join(", ")}`,
    deviation: "rounding",
    agrees: kept.every((share, k) => Math.abs(share / papers[k] - 1) < 0.1),
  };
}

/** A tanh RNN whose largest singular value is 0.95: what is left of a gradient after 50 steps, against 0.95⁵⁰. */
export function vanishingBound(): Measured {
  const bound = 0.95 ** 50;
  const left = [1, 2, 3, 4, 5].map((seed) => {
    const rng = seededRng(seed);
    const cell = new RNNCell(2, 16, { rng, recurrentInit: orthogonal(0.95) });
    const { norm } = gradientFlow(cell, adding({ seqLen: 51, batchSize: 8 }, rng).batch().xs);
    return norm[50] / norm[0];
  });
  return {
    ours: `${brief(median(left), 2)} of it is left`,
    seeds: left.length,
    interval: span(left, (v) => brief(v, 2)),
    agrees: Math.max(...left) <= bound,
  };
}

/** What each variant of the LSTM loses against vanilla, as share right, averaged over the tasks. */
export function odysseyLosses(
  results: SweepResults,
  critical: readonly string[],
  harmless: readonly string[],
): Measured {
  const tasks = Object.values(results);
  const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
  const right = (name: string): number => mean(tasks.map((task) => mean(task[name].right)));
  const lost = (name: string): number => right("V") - right(name);
  return {
    ours: [...critical, ...harmless].map((name) => `${name} ${(100 * -lost(name)).toFixed(0)}`).join(", "),
    seeds: tasks[0].V.right.length,
    deviation: "points of accuracy against vanilla, mean of the tasks",
    agrees: critical.every((name) => lost(name) > 0.05) && harmless.every((name) => lost(name) < 0.05),
  };
}
