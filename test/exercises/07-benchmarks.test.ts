import { exercise, expect, type Made, parts, test, variants } from "unrolled/exercise/suite";
import { addingRun, type Run, type RunSlip, runSlips } from "./reference/adding-run.js";
import { telling, tells } from "./reference/telling.js";
import type { Matrix, Vector } from "./reference/vectors.js";

exercise("07.1", (subject) => {
  const entries: [title: string, right: number, mistakes: Record<string, number>][] = [
    [
      "the target adds the two marked values",
      1.3,
      { "all values were added: only the marked ones count": 2.9, "the mean of the two in place of their sum": 0.65 },
    ],
    [
      "always answering the mean leaves the variance of both values",
      1 / 6,
      {
        "the variance of one value: the target has two": 1 / 12,
        "the standard deviation: a squared error is a variance": Math.sqrt(1 / 6),
        "the error on this one sequence, not over many": 0.09,
      },
    ],
    [
      "with one value known, one variance is left",
      1 / 12,
      { "half of it: the other value's whole variance is left": 1 / 24, "nothing is gained by knowing a value": 1 / 6 },
    ],
    [
      "a wrong constant costs its squared distance on top",
      1 / 6 + 0.09,
      {
        "the variance is missing: the target varies around its mean": 0.09,
        "the distance from the mean is not squared": 1 / 6 + 0.3,
        "the error on this one sequence, not over many": 0,
        "nothing was added for the wrong constant": 1 / 6,
      },
    ],
  ];
  for (const [k, [title, right, mistakes]] of entries.entries()) {
    test(title, async () => {
      const scores = await subject.value<Vector>("scores");
      expect(scores).toBeInformative([4]);
      expect(scores[k]).toBeAllClose(right, { atol: 6e-4, reveal: false, mistakes });
    });
  }
});

exercise("07.2", (subject, draw) => {
  const slips = {
    "a step shows the value, then the marker": "the marker comes first in the pair",
    "the first marker stays in the first half": "the first marker was spread over all steps",
    "the second marker stays in the second half": "the second place is not counted from the middle on",
    "places are rounded down": "a place was rounded to the nearest step: round down",
    "the middle step belongs to the second half": "half of an odd number of steps was rounded up",
  } as const;
  const shorter = "the second half was taken to be as long as the first: of an odd number of steps it has one more";
  type Slip = (typeof slips)[keyof typeof slips] | typeof shorter;
  const all: Slip[] = [...Object.values(slips), shorter];
  interface Draws {
    values: Vector;
    r1: number;
    r2: number;
  }
  const draws = (): Draws => ({
    values: draw.vector(draw.integer(3, 5) * 2 + 1, 0.01, 0.99),
    r1: draw.number(0, 0.99),
    r2: draw.number(0, 0.99),
  });
  const sequence = ({ values, r1, r2 }: Draws, made: Made<Slip>): Matrix => {
    const T = values.length;
    const half = made(slips["the middle step belongs to the second half"]) ? Math.ceil(T / 2) : Math.floor(T / 2);
    const down = made(slips["places are rounded down"]) ? Math.round : Math.floor;
    const a = down(r1 * (made(slips["the first marker stays in the first half"]) ? T : half));
    const b =
      down(r2 * (made(shorter) ? half : T - half)) +
      (made(slips["the second marker stays in the second half"]) ? 0 : half);
    const pairs = values.map((value, t) => [value, t === a || t === b ? 1 : 0]);
    return made(slips["a step shows the value, then the marker"]) ? pairs.map(([value, m]) => [m, value]) : pairs;
  };

  const middle = "the middle step belongs to the second half";
  for (const [title, slip] of Object.entries({ ...slips, [middle]: [slips[middle], shorter] })) {
    test(title, async () => {
      for (const one of [slip].flat() as Slip[]) {
        const { inputs, answers } = telling(one, all, draws, sequence);
        const { xs } = parts(await subject.call("addingSequence", inputs.values, inputs.r1, inputs.r2), "xs", "target");
        expect(xs).toAvoid(one, answers);
      }
    });
  }

  test("the target is the sum of the marked values", async () => {
    const [r1, r2] = [draw.number(0.01, 0.2), draw.number(0.6, 0.85)]; // two places, whatever the slip in finding them
    const values = draw.vector(9, 0.01, 0.99);
    const answer = parts(await subject.call("addingSequence", values, r1, r2), "xs", "target");
    expect(answer.xs).toBeInformative([values.length, 2]);
    const xs = answer.xs as Matrix; // the learner's own: a slip in the places costs nothing here
    const column = xs.every(([, m]) => m === 0 || m === 1) ? 0 : 1;
    const marked = xs.filter((pair) => pair[1 - column] === 1).map((pair) => pair[column]);
    const sum = marked.reduce((total, value) => total + value, 0);
    if (marked.length === 0 || marked.length > 2) {
      throw new TypeError(`xs must mark one step in each half, got ${marked.length} marked steps`);
    }
    expect(answer.target).toBeAllClose(sum, {
      mistakes: {
        "the mean of the two in place of their sum": sum / 2,
        "the product of the two: that is another benchmark": marked.reduce((total, value) => total * value, 1),
        "all values were added: only the marked ones count": values.reduce((total, value) => total + value, 0),
        "the places were added, not the values that stand there": xs.reduce((s, p, t) => s + t * p[1 - column], 0),
      },
    });
  });
});

exercise("07.3", (subject, draw) => {
  const slips = {
    "the biases count": "the biases are missing",
    "the weights from the hidden state count": "the weights from the hidden state are missing",
    "every unit has its own bias": "one bias for a whole layer: each unit has its own",
    "the candidate is a layer too": "only the gates were counted: the candidate has weights too",
  } as const;
  type Slip = (typeof slips)[keyof typeof slips];
  const kinds = ["rnn", "gru", "lstm"] as const;
  const counts = (n: number, m: number, made: Made<Slip>): Vector => {
    const bias = made(slips["the biases count"]) ? 0 : made(slips["every unit has its own bias"]) ? 1 : m;
    const layer = m * n + (made(slips["the weights from the hidden state count"]) ? 0 : m * m) + bias;
    const gatesOnly = made(slips["the candidate is a layer too"]);
    return [layer, (gatesOnly ? 2 : 3) * layer, (gatesOnly ? 3 : 4) * layer];
  };
  for (const [title, slip] of Object.entries(slips)) {
    test(title, async () => {
      const [n, m] = [draw.integer(2, 9), draw.integer(3, 40)];
      const got: unknown[] = [];
      for (const kind of kinds) got.push(await subject.call("parameters", kind, n, m));
      expect(got).toAvoid(
        slip,
        variants(Object.values(slips), (made) => counts(n, m, made)),
      );
    });
  }

  const sizeSlips = {
    "the size is found by parameters, not by units": "four times the units: the weights grow with their square",
    "the nearest size counts, also from below": "the first size with enough parameters; the one before is nearer",
    "the nearest size counts, also from above": "the last size with too few parameters; the next one is nearer",
  } as const;
  interface Counts {
    rnn: Vector; // of 1, 2, ... units
    lstm: Vector;
  }
  const size = ({ rnn, lstm }: Counts, units: number, made: Made<(typeof sizeSlips)[keyof typeof sizeSlips]>) => {
    if (made(sizeSlips["the size is found by parameters, not by units"])) return 4 * units;
    const wanted = lstm[units - 1];
    const above = rnn.findIndex((count) => count >= wanted) + 1;
    const below = rnn.filter((count) => count <= wanted).length;
    if (made(sizeSlips["the nearest size counts, also from below"])) return above;
    if (made(sizeSlips["the nearest size counts, also from above"])) return below;
    return wanted - rnn[below - 1] < rnn[above - 1] - wanted ? below : above;
  };
  /** Whether two sizes are equally near: either would be right. */
  const tied = ({ rnn, lstm }: Counts, units: number): boolean => {
    const distances = rnn.map((count) => Math.abs(count - lstm[units - 1]));
    return distances.filter((distance) => distance === Math.min(...distances)).length > 1;
  };
  const own = async (kind: "rnn" | "lstm", n: number, most: number): Promise<Vector> => {
    const counts: Vector = [];
    for (let m = 1; m <= most; m++) counts.push(await subject.call("parameters", kind, n, m));
    expect(counts).toBeInformative(); // the learner's own: a slip in counting costs nothing here
    return counts;
  };
  for (const [title, slip] of Object.entries(sizeSlips)) {
    test(title, async () => {
      const drawn = draw.vector(9, 2, 12).map(Math.round);
      for (const n of [draw.integer(2, 4), draw.integer(5, 7), 3, 4, 8, 9]) {
        const counts = { rnn: await own("rnn", n, 50), lstm: await own("lstm", n, 12) };
        const sizes = drawn.filter((units) => !tied(counts, units));
        const all = sizes.map((units) => variants(Object.values(sizeSlips), (made) => size(counts, units, made)));
        const k = all.findIndex((answers) => tells(slip, answers));
        if (k < 0 && n !== 9) continue; // this input size rounds the other way
        expect(await subject.call("matchingSize", n, sizes[Math.max(k, 0)])).toAvoid(slip, all[Math.max(k, 0)]);
        return;
      }
    });
  }
});

exercise("07.4", (subject, draw) => {
  const slips = {
    "the average is not taken over the classes": "averaged over the classes as well: one of them counts at each step",
    "the average is taken over the steps": "summed over the steps: the loss is per step",
    "the average is taken over the sequences": "summed over the sequences: the loss is an average over them",
    "the logarithm is taken before the average": "the logarithm of an average: take it of each probability",
    "the loss is in nats, and positive": "the sign is missing: the logarithm of a probability is negative",
  } as const;
  const bits = "this is in bits: take the natural logarithm";
  const sign = slips["the loss is in nats, and positive"];
  const known = [...Object.values(slips), bits] as const;
  const cost = (probabilities: Vector[][], classes: number[][], made: Made<(typeof known)[number]>): number => {
    const right = classes.flatMap((steps, b) => steps.map((k, t) => probabilities[b][t][k]));
    const over = made(slips["the average is taken over the steps"])
      ? classes.length
      : made(slips["the average is taken over the sequences"])
        ? classes[0].length
        : right.length * (made(slips["the average is not taken over the classes"]) ? probabilities[0][0].length : 1);
    const sum = (numbers: Vector): number => numbers.reduce((total, p) => total + p, 0);
    const logs = made(slips["the logarithm is taken before the average"])
      ? Math.log(sum(right) / over)
      : sum(right.map(Math.log)) / over;
    return ((made(sign) ? 1 : -1) * logs) / (made(bits) ? Math.LN2 : 1);
  };
  for (const [title, slip] of Object.entries(slips)) {
    test(title, async () => {
      const [batchSize, seqLen, size] = [2, 3, 5];
      const shares = (): Vector => {
        const parts = draw.vector(size, 0.1, 1);
        return parts.map((part) => part / parts.reduce((sum, other) => sum + other, 0));
      };
      const probabilities = Array.from({ length: batchSize }, () => Array.from({ length: seqLen }, shares));
      const classes = probabilities.map((steps) => steps.map(() => draw.integer(0, size - 1)));
      const answers = variants(known, (made) => cost(probabilities, classes, made));
      const got = await subject.call("crossEntropy", probabilities, classes);
      expect(got).toAvoid(slip === sign ? [slip, bits] : slip, answers);
    });
  }

  const baselineSlips = {
    "the baseline divides by all steps": "divided by the delay alone: ten steps show symbols, ten ask for them",
    "the baseline guesses among the eight symbols": "ln 9: the blank is no longer possible when a symbol is due",
    "the baseline pays for ten symbols": "one symbol was paid for: ten are due",
  } as const;
  const shown = "divided by T + 10: ten steps show the symbols, and ten more ask for them";
  const asking = "averaged over the ten steps that ask: the blanks cost nothing, and count";
  const steps = "the baseline divides by all steps";
  const titles = { ...baselineSlips, [steps]: [baselineSlips[steps], shown, asking] as const };
  for (const [title, slip] of Object.entries(titles)) {
    test(title, async () => {
      const T = draw.integer(30, 600);
      const answers = variants([...Object.values(baselineSlips), shown, asking], (made) => {
        const symbols = made(baselineSlips["the baseline pays for ten symbols"]) ? 1 : 10;
        const guess = Math.log(made(baselineSlips["the baseline guesses among the eight symbols"]) ? 9 : 8);
        if (made(asking)) return guess;
        return (symbols * guess) / (T + (made(baselineSlips[steps]) ? 0 : made(shown) ? 10 : 20));
      });
      expect(await subject.call("memorylessLoss", T)).toAvoid(slip, answers);
    });
  }
});

exercise("07.5", (subject, draw) => {
  const titles: Record<string, RunSlip> = {
    "the seed decides everything that is random": runSlips.seed,
    "cell, readout and sequences draw from streams of their own": runSlips.streams,
    "an RNN is trained when one is asked for": runSlips.kind,
    "the sequences are as long as asked for": runSlips.seqLen,
    "the learning rate is 0.01": runSlips.rate,
    "the gradient is clipped at norm 1": runSlips.clip,
  };
  const all = Object.values(runSlips);
  for (const [title, slip] of Object.entries(titles)) {
    test(title, async () => {
      const kind = slip === runSlips.kind || draw.integer(0, 1) ? "rnn" : "lstm";
      const run: Run = { kind, hiddenSize: 3, seqLen: draw.integer(4, 7), steps: 6, seed: draw.integer(2, 999) };
      const right = await addingRun(run);
      const withSlip = await Promise.all(all.map((made) => addingRun(run, made)));
      const answers = variants(all, (made) => {
        const slips = all.flatMap((known, k) => (made(known) ? [k] : []));
        if (slips.length > 1) return [[-1]]; // two at once: not looked for, and no answer
        return slips.length === 1 ? withSlip[slips[0]] : right;
      });
      const losses = await subject.call("learningCurve", kind, run.hiddenSize, run.seqLen, run.steps, run.seed);
      expect(losses).toAvoid(slip, answers, { rtol: 1e-7 });
    });
  }

  const slips = {
    "a run that never gets there still counts in the median": "the runs that never got there were left out",
    "the first step below the level counts, also if the curve rises again": "only the runs that end below were counted",
    "steps are counted from 1": "steps are counted from 0: the first is step 1",
    "steps are put in order as numbers": "sorted as texts: 100 before 20",
    "it is the median, not the mean": "the mean: one run that never gets there makes it infinite",
  } as const;
  type Slip = (typeof slips)[keyof typeof slips];
  const summary = ({ curves, level }: { curves: Matrix; level: number }, made: Made<Slip>): Vector => {
    const endOnly = made(slips["the first step below the level counts, also if the curve rises again"]);
    const firsts = curves.map((curve) => {
      const place = curve.findIndex((loss) => loss < level);
      if (place < 0 || (endOnly && !(curve[curve.length - 1] < level))) return Number.POSITIVE_INFINITY;
      return made(slips["steps are counted from 1"]) ? place : place + 1;
    });
    const reaching = firsts.filter((step) => step < Number.POSITIVE_INFINITY);
    const kept = made(slips["a run that never gets there still counts in the median"]) ? reaching : firsts;
    const inOrder = [...kept].sort(made(slips["steps are put in order as numbers"]) ? undefined : (a, b) => a - b);
    const mean = kept.reduce((sum, step) => sum + step, 0) / kept.length;
    const median = inOrder[Math.floor(inOrder.length / 2)] ?? Number.NaN;
    return [reaching.length, made(slips["it is the median, not the mean"]) ? mean : median];
  };
  const curves = (): { curves: Matrix; level: number } => {
    const [level, length] = [0.05, 24];
    const losses = (low: number, high: number, count: number): Vector =>
      Array.from({ length: count }, () => draw.number(low, high));
    const falling = (): Vector => {
      const first = draw.integer(3, length - 3);
      const tail = losses(0.01, 0.03, length - first);
      return [...losses(0.07, 0.17, first), ...tail.slice(1), draw.integer(0, 3) ? tail[0] : 0.06];
    };
    const high = (): Vector => losses(0.07, 0.17, length);
    return { curves: [falling(), high(), falling(), high(), falling()], level };
  };
  for (const [title, slip] of Object.entries(slips)) {
    test(title, async () => {
      const { inputs, answers } = telling(slip, Object.values(slips), curves, summary);
      const { reached, median } = parts(
        await subject.call("summary", inputs.curves, inputs.level),
        "reached",
        "median",
      );
      expect([reached, median]).toAvoid(slip, answers, { names: ["reached", "median"] });
    });
  }
});
