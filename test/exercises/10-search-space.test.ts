import { exercise, expect, type Made, parts, test } from "unrolled/exercise/suite";
import { telling } from "./reference/telling.js";
import type { Matrix, Vector } from "./reference/vectors.js";

/** The q-quantile of numbers in order, interpolated between neighbours: the setup cell's. */
function quantile(sorted: Vector, q: number): number {
  const place = q * (sorted.length - 1);
  const below = Math.floor(place);
  return sorted[below] + (place - below) * (sorted[Math.min(below + 1, sorted.length - 1)] - sorted[below]);
}
const mean = (values: Vector): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const median = (values: Vector): number =>
  quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );

exercise("10.1", (subject, draw) => {
  const slips = {
    "the interval is that of the medians, not of the losses":
      "the quantiles of the losses: they bound a run, not the median",
    "each draw gives its median, not its mean": "the mean of each draw: take its median",
    "the median of the losses is reported, not their mean": "the mean of the losses: one failed run moves it at will",
    "numbers are put in order as numbers": "sorted as texts: give sort a comparison",
    "the places count in the losses as they came":
      "the losses were sorted before the draws: the places point elsewhere",
    "the interval runs from 5 % to 95 %": "from 10 % to 90 %: that is the middle 80 %",
  } as const;
  const unsorted = "the medians of the draws were not put in order before their quantiles";
  const inNumbers = slips["numbers are put in order as numbers"];
  type Slip = (typeof slips)[keyof typeof slips] | typeof unsorted;
  const known: Slip[] = [...Object.values(slips), unsorted];
  interface Inputs {
    losses: Vector;
    resamples: Matrix;
  }
  const inputs = (): Inputs => {
    const small = draw.vector(2, 1, 9).map((value) => Math.round(value) * 1e-7);
    const losses = [draw.number(0.01, 0.3), small[0], draw.number(0.31, 0.9), draw.number(0.01, 0.9), small[1]];
    const places = () => Array.from({ length: 5 }, () => draw.integer(0, 4));
    return { losses, resamples: Array.from({ length: 12 }, places) };
  };
  const interval = ({ losses, resamples }: Inputs, made: Made<Slip>): Vector => {
    const asTexts = made(inNumbers);
    const inOrder = (values: Vector): Vector => [...values].sort(asTexts ? undefined : (a, b) => a - b);
    const middle = (values: Vector): number => quantile(inOrder(values), 0.5);
    const from = made(slips["the places count in the losses as they came"]) ? inOrder(losses) : losses;
    const ofDraw = made(slips["each draw gives its median, not its mean"]) ? mean : middle;
    const medians = resamples.map((places) => ofDraw(places.map((k) => from[k])));
    const ofLosses = made(slips["the interval is that of the medians, not of the losses"]);
    const bounded = ofLosses ? inOrder(losses) : made(unsorted) ? medians : inOrder(medians);
    const edge = made(slips["the interval runs from 5 % to 95 %"]) ? 0.1 : 0.05;
    const centre = made(slips["the median of the losses is reported, not their mean"]) ? mean : middle;
    return [centre(losses), quantile(bounded, edge), quantile(bounded, 1 - edge)];
  };
  const options = { atol: 1e-15, names: ["median", "low", "high"] };
  for (const [title, slip] of Object.entries(slips)) {
    test(title, async () => {
      const guarded: Slip[] = slip === inNumbers ? [slip, unsorted] : [slip];
      for (const one of guarded) {
        const { inputs: drawn, answers } = telling<Inputs, Slip>(one, known, inputs, interval);
        const answer = await subject.call("medianInterval", drawn.losses, drawn.resamples);
        const { median: middle, low, high } = parts(answer, "median", "low", "high");
        expect([middle, low, high]).toAvoid(one, answers, options);
      }
    });
  }
});

exercise("10.2", (subject, draw) => {
  const slips = {
    "the learning rate is uniform in its logarithm": "the learning rate is uniform: its logarithm should be",
    "power and logarithm have the same base": "a power of e was taken of a logarithm to base 10",
    "the hidden size is uniform in its logarithm": "the hidden size is uniform: its logarithm should be",
    "the hidden size is a whole number": "the hidden size was not rounded",
    "it is the nearest whole number": "the hidden size was rounded down, not to the nearest",
    "each setting has a random number of its own": "one random number was used for all three settings",
  } as const;
  const settings = (u: Vector, made: Made<(typeof slips)[keyof typeof slips]>): Vector => {
    const own = (k: number): number => (made(slips["each setting has a random number of its own"]) ? u[0] : u[k]);
    const between = (share: number, low: number, high: number, uniform: boolean): number => {
      if (uniform) return low + share * (high - low);
      const e = made(slips["power and logarithm have the same base"]);
      return e ? Math.exp(Math.log10(low) + share * Math.log10(high / low)) : low * (high / low) ** share;
    };
    const size = between(own(1), 8, 128, made(slips["the hidden size is uniform in its logarithm"]));
    const whole = made(slips["it is the nearest whole number"]) ? Math.floor(size) : Math.round(size);
    return [
      between(own(0), 1e-5, 1e-1, made(slips["the learning rate is uniform in its logarithm"])),
      made(slips["the hidden size is a whole number"]) ? size : whole,
      own(2),
    ];
  };
  for (const [title, slip] of Object.entries(slips)) {
    test(title, async () => {
      const draws = () => draw.vector(3, 0.05, 0.95);
      const { inputs: u, answers } = telling(slip, Object.values(slips), draws, settings);
      const answer = parts(await subject.call("drawSettings", u), "learningRate", "hiddenSize", "inputNoise");
      expect([answer.learningRate, answer.hiddenSize, answer.inputNoise]).toAvoid(slip, answers, {
        names: ["learningRate", "hiddenSize", "inputNoise"],
      });
    });
  }
});

exercise("10.3", (subject, draw) => {
  const lucky = "the best test loss that ever came up: nobody gets it who repeats the work";
  const slips = {
    "the best number that ever came up is not the report": lucky,
    "the rate is chosen by validation": "the rate was chosen by the test losses, which are for reporting",
    "the rate is chosen by all seeds, not by the luckiest":
      "the rate was chosen by the lowest validation loss of one seed",
    "the test loss is reported, not the validation loss": "the validation loss was reported: the choice has used it up",
    "all seeds are reported, not the luckiest":
      "the lowest test loss at that rate was reported, not the median of all seeds",
    "medians are taken, not means": "means in place of medians: one failed run moves them at will",
  } as const;
  const oneRun = "the test loss of one run was reported, the one that was chosen: take the median of all seeds";
  const allSeeds = slips["all seeds are reported, not the luckiest"];
  type Slip = (typeof slips)[keyof typeof slips] | typeof oneRun;
  const known: Slip[] = [...Object.values(slips), oneRun];
  interface Run {
    rate: number;
    seed: number;
    validation: number;
    test: number;
  }
  const runs = (): Run[] => {
    const [validation, tests] = [draw.vector(12, 0.01, 0.6), draw.vector(12, 0.01, 0.6)]; // all differ: no rates tie
    return [0.1, 0.03, 0.01, 0.003].flatMap((rate, k) =>
      [1, 2, 3].map((seed, j) => ({ rate, seed, validation: validation[3 * k + j], test: tests[3 * k + j] })),
    );
  };
  const report = (all: Run[], made: Made<Slip>): Vector => {
    if (made(lucky)) {
      const best = all.reduce((lowest, run) => (run.test < lowest.test ? run : lowest));
      return [best.rate, best.test];
    }
    const middle = made(slips["medians are taken, not means"]) ? mean : median;
    const least = (values: Vector): number => Math.min(...values);
    const choose = made(slips["the rate is chosen by all seeds, not by the luckiest"]) ? least : middle;
    const by = made(slips["the rate is chosen by validation"]) ? "test" : "validation";
    const at = (rate: number, of: "test" | "validation"): Vector =>
      all.filter((run) => run.rate === rate).map((run) => run[of]);
    const rates = [...new Set(all.map(({ rate }) => rate))];
    const rate = rates.reduce((best, next) => (choose(at(next, by)) < choose(at(best, by)) ? next : best));
    const told = made(slips["the test loss is reported, not the validation loss"]) ? "validation" : "test";
    const losses = at(rate, told);
    if (made(oneRun)) return [rate, losses[at(rate, by).indexOf(least(at(rate, by)))]];
    return [rate, (made(allSeeds) ? least : middle)(losses)];
  };
  for (const [title, slip] of Object.entries(slips)) {
    test(title, async () => {
      const luckElsewhere = () => telling<Run[], Slip>(lucky, known, runs, report).inputs;
      const guarded: Slip[] = slip === allSeeds ? [slip, oneRun] : [slip];
      for (const one of guarded) {
        const { inputs: drawn, answers } = telling<Run[], Slip>(one, known, luckElsewhere, report);
        const { rate, loss } = parts(await subject.call("report", drawn), "rate", "loss");
        expect([rate, loss]).toAvoid(one, answers, { names: ["rate", "loss"] });
        expect([rate, loss]).toAvoid(lucky, answers); // as it was given, it earns nothing
      }
    });
  }
});

exercise("10.4", (subject) => {
  const questions: Record<string, [right: string, why: Record<string, string>]> = {
    "1: which gate matters most": [
      "c",
      {
        a: "it does on the stream; on adding nothing happens without it",
        b: "it does on adding; on the stream little happens without it",
        d: "coupled gates still forget and still admit: no gate is missing there",
      },
    ],
    "2: two medians with their intervals": [
      "b",
      {
        a: "a difference of 0.01 with intervals ten times as wide can be chance",
        c: "nor does it show the LSTM to be better: look at the intervals",
        d: "much the same score is not the same function",
      },
    ],
    "3: the weakest point of the study": [
      "a",
      {
        b: "a chart would show the same numbers",
        c: "two different tasks are the strength of it",
        d: "a share of solved sequences can be read as well as a loss",
      },
    ],
    "4: the missing gate or the missing size": [
      "a",
      {
        b: "more seeds make the intervals narrower, but size and gate still change together",
        c: "that is another question: whether the rate suits the variant",
        d: "that changes both size and gates again",
      },
    ],
    "5: a sentence about T = 1000": [
      "c",
      {
        a: "the column is about T = 50; what a longer gap asks for was not tried",
        b: "the second column is another task",
        d: "the second column is another task: it neither shows nor refutes it",
      },
    ],
  };
  for (const [k, [title, [right, why]]] of Object.entries(questions).entries()) {
    test(title, async () => {
      const answers = await subject.value<Record<string, unknown>>("answers");
      expect(answers[`q${k + 1}`]).toChoose(right, why);
    });
  }
});
