import { exercise, expect, type Made, parts, test, variants } from "unrolled/exercise/suite";
import {
  drawn,
  inputSlopes,
  type SampleSlip,
  type SoftmaxSlip,
  sampleSlips,
  softmaxOf,
  softmaxSlips,
  type WindowSlip,
  windowSlips,
  windowsOf,
} from "./reference/language.js";
import type { Matrix, Vector } from "./reference/vectors.js";

/** Each entry plus all before it, row by row. */
function runningSums(rows: Matrix): Matrix {
  let sum = 0;
  return rows.map((row) =>
    row.map((value) => {
      sum += value;
      return sum;
    }),
  );
}

exercise("12.1", (subject, draw) => {
  const titles: Record<string, WindowSlip> = {
    "the target is the next character": windowSlips.same,
    "the target comes after the input": windowSlips.swapped,
    "a window's last target is the next window's first character": windowSlips.rotated,
    "no character is skipped between windows": windowSlips.gap,
    "windows do not overlap": windowSlips.overlap,
  };
  const check = async (slip: string, text: Vector, seqLen: number) => {
    const { inputs, targets } = parts(await subject.call("windows", text, seqLen), "inputs", "targets");
    const answers = variants<string>(Object.values(windowSlips), (made) => {
      const right = windowsOf(text, seqLen, made);
      return [right.inputs, right.targets];
    });
    // A window that is cut off at the end of the text is filled up with NaN, so that it can be compared.
    const filled = (rows: unknown): unknown => {
      const full = (row: unknown): row is Vector => !Array.isArray(row) || row.length >= seqLen;
      if (!Array.isArray(rows)) return rows;
      if (!rows.slice(0, -1).every(full)) return rows; // short on purpose, not cut off
      return rows.map((row) =>
        full(row) ? row : [...row, ...Array(seqLen - (row as Vector).length).fill(Number.NaN)],
      );
    };
    expect([filled(inputs), filled(targets)]).toAvoid(slip, answers, { names: ["inputs", "targets"] });
  };
  const text = (size: number): Vector => draw.vector(size, 0.01, 0.99).map((value) => Math.round(value * 100));
  for (const [title, slip] of Object.entries(titles)) {
    test(title, () => check(slip, text(4 * 3 + 2 + draw.integer(0, 1)), 4));
  }
  test("the last window's last target lies inside the text", async () => {
    await check(windowSlips.beyond, text(4 * 3), 4);
    await check(windowSlips.short, text(4 * 3 + 1), 4);
  });
});

exercise("12.2", (subject, draw) => {
  const softmaxTitles: Record<string, SoftmaxSlip[]> = {
    "the temperature divides": [softmaxSlips.multiplied],
    "the temperature acts before the softmax": [softmaxSlips.after],
    "the shares add up to 1": [softmaxSlips.unnormalised, softmaxSlips.raw],
    "large logits do not overflow": [softmaxSlips.overflow],
  };
  for (const [title, slips] of Object.entries(softmaxTitles)) {
    test(title, async () => {
      const large = title === "large logits do not overflow";
      const logits = large ? draw.vector(4, 800, 804) : draw.vector(5);
      const temperature = large ? 1 : [0.4, 0.6, 1.7, 2.5][draw.integer(0, 3)];
      const got = await subject.call("softmax", logits, temperature);
      const answers = variants(Object.values(softmaxSlips), (made) => softmaxOf(logits, temperature, made));
      for (const slip of slips) expect(got).toAvoid(slip, answers);
      expect(got).toBeInformative([logits.length]);
    });
  }

  const us = () => [0.03, 0.22, 0.41, 0.58, 0.77, 0.96].map((u) => u + draw.integer(0, 3) / 100);
  const all = (shares: Vector, at: Vector, made?: Made<SampleSlip>): Vector => at.map((u) => drawn(shares, u, made));
  /** Draws at which every slip shows. */
  const drawing = () => {
    for (;;) {
      const [logits, temperature, at] = [draw.vector(5, -1, 1), [0.4, 0.6, 1.7, 2.5][draw.integer(0, 3)], us()];
      const [shares, at1] = [temperature, 1].map((t) => softmaxOf(logits, t));
      const right = all(shares, at).join();
      const shows = (slip: SampleSlip): boolean =>
        all(slip === sampleSlips.warm ? at1 : shares, at, (made) => made === slip).join() !== right;
      if (Object.values(sampleSlips).every(shows)) return { logits, temperature, at };
    }
  };
  /** Logits whose shares add up to a hair less than 1. */
  const short = (temperature: number): Vector => {
    for (;;) {
      const logits = draw.vector(5, -1, 1);
      if (softmaxOf(logits, temperature).reduce((sum, share) => sum + share, 0) < 1) return logits;
    }
  };
  const sampleTitles: Record<string, SampleSlip | SampleSlip[]> = {
    "u decides, not the largest share": [sampleSlips.greedy, sampleSlips.warm],
    "the shares are added up on the way": [sampleSlips.apart, sampleSlips.nowhere],
    "the first sum that exceeds u is the one": sampleSlips.beyond,
    "the shares are laid out from the first to the last": sampleSlips.reversed,
  };
  for (const [title, slip] of Object.entries(sampleTitles)) {
    test(title, async () => {
      const { logits, temperature, at } = drawing();
      const shares = await subject.call<Vector>("softmax", logits, temperature);
      expect(shares).toBeInformative([5]); // the learner's own shares: a slip in softmax costs nothing here
      const at1 = await subject.call<Vector>("softmax", logits, 1);
      const got: unknown[] = [];
      for (const u of at) got.push(await subject.call("sample", logits, temperature, u));
      const answers = variants(Object.values(sampleSlips), (made) =>
        all(made(sampleSlips.warm) ? at1 : shares, at, made),
      );
      expect(got).toAvoid(slip, answers);
      if (slip !== sampleSlips.beyond || got.join() !== all(shares, at).join()) return;
      const [rounded, u] = [short(temperature), 1 - 2 ** -53];
      const own = await subject.call<Vector>("softmax", rounded, temperature);
      const last = await subject.call("sample", rounded, temperature, u);
      const none = "no share was found: rounding can leave the whole sum below u, and then it is the last index";
      expect(last).toBeAllClose(drawn(own, u), {
        mistakes: {
          [none]: -1,
          "one past the last index": 5,
          "the first index was given when no share was found: give the last": 0,
        },
      });
    });
  }
});

exercise("12.3", (subject, draw) => {
  const drawing = () => {
    const logits = draw.matrix(5, 4, -2, 2);
    const costs = (targets: Vector) => targets.map((target, t) => -Math.log(softmaxOf(logits[t], 1)[target]));
    const targets = logits.map(() => draw.integer(0, 3));
    return { logits, targets, costs: costs(targets), least: costs(logits.map((row) => row.indexOf(Math.max(...row)))) };
  };
  const sum = (values: Vector): number => values.reduce((total, value) => total + value, 0);
  const mean = (values: Vector): number => sum(values) / values.length;

  test("the cross-entropy is the mean cost in nats", async () => {
    const { logits, targets, costs, least } = drawing();
    const { nats } = parts(await subject.call("score", logits, targets), "nats", "perplexity");
    expect(nats).toBeAllClose(mean(costs), {
      mistakes: {
        "this is in bits: ln gives nats already": mean(costs) / Math.LN2,
        "the costs were multiplied by ln 2: ln gives nats already": mean(costs) * Math.LN2,
        "the costs were added up, not averaged": sum(costs),
        "the sign is missing: a cost is −ln p": -mean(costs),
        "the likeliest character was scored, not the one that came": mean(least),
      },
    });
  });

  test("the perplexity is e to the cross-entropy", async () => {
    const { logits, targets, costs } = drawing();
    const { nats, perplexity } = parts(await subject.call("score", logits, targets), "nats", "perplexity");
    const own = typeof nats === "number" ? nats : Number.NaN; // a slip in nats costs nothing here
    expect(own).toBeInformative([]);
    expect(perplexity).toBeAllClose(Math.exp(own), {
      mistakes: {
        "each character's perplexity was averaged: average the costs, then take e to the power": mean(
          costs.map(Math.exp),
        ),
        "2 to the power of nats: 2 goes with bits, e with nats": 2 ** own,
        "the sign: e to minus the cross-entropy is a share": Math.exp(-own),
      },
    });
  });
});

exercise("12.4", (subject, draw) => {
  const slips = {
    "the slopes of a step are joined by their length": "the slopes of a step were added up: they cancel",
    "every entry of a step counts": "only the first entry of each step was nudged",
    "the difference is divided by 2ε": "the difference was divided by ε: the nudge went both ways",
    "a nudge is taken back": "nudges pile up: take each one back before the next",
    "each step has its own number": "the steps are in the reverse order",
  } as const;
  const oneWay = "half of it: the nudge went one way only, and the way between the two is ε";
  const together = "all entries of a step were nudged at once, or their slopes added up: join them as a length";
  const sizes = "the sizes of the slopes were added up: a length is the root of the sum of squares";
  const squares = "the squares were added up: the root is missing";
  const others = {
    "the slopes of a step are joined by their length": [sizes, squares, together],
    "the difference is divided by 2ε": [oneWay],
  } as Record<string, string[]>;
  const twice = slips["the difference is divided by 2ε"];
  const length = (slopes: Vector): number => Math.hypot(...slopes);
  for (const [title, slip] of Object.entries(slips)) {
    test(title, async () => {
      const [xs, model] = [
        draw.matrix(4, 3, -0.9, 0.9),
        { Wx: draw.matrix(3, 3), Wh: draw.matrix(3, 3), readout: draw.vector(3) },
      ];
      const answers = variants([...Object.values(slips), ...Object.values(others).flat()], (made) => {
        const exact = inputSlopes(xs, model);
        const slopes: Matrix = made(slips["a nudge is taken back"]) ? runningSums(exact) : exact;
        const scale = made(twice) ? 2 : made(oneWay) ? 0.5 : 1;
        const counted = made(slips["every entry of a step counts"]) ? slopes.map((row) => row.slice(0, 1)) : slopes;
        const added = made(slips["the slopes of a step are joined by their length"]);
        const joined = (row: Vector): number => {
          if (made(squares)) return length(row) ** 2;
          if (made(together)) return Math.abs(row.reduce((sum, v) => sum + v, 0));
          return row.reduce((sum, v) => sum + (made(sizes) ? Math.abs(v) : v), 0);
        };
        const otherwise = added || made(sizes) || made(squares) || made(together);
        const numbers = counted.map((row) => scale * (otherwise ? joined(row) : length(row)));
        return made(slips["each step has its own number"]) ? numbers.reverse() : numbers;
      });
      const got = await subject.call("connectivity", xs, model);
      expect(got).toAvoid([slip, ...(others[title] ?? [])], answers, { rtol: 1e-5, atol: 1e-7 });
    });
  }
});

exercise("12.5", (subject) => {
  const questions: Record<string, [name: string, right: string, why: Record<string, string>]> = {
    "1: what the wrong rule would score": [
      "q1",
      "b",
      {
        a: "the last noun is then always of the other number, not half of the time",
        c: "without attractors the last noun is the subject",
        d: "without attractors the last noun is the subject",
      },
    ],
    "2: what network A has learnt": [
      "q2",
      "d",
      {
        a: "the last noun would score 0.0 with attractors: see your q1",
        b: "a guess would score 0.5",
        c: "one run of three is perfect: that says nothing about the other two",
      },
    ],
    "3: what rows A and B allow one to say": [
      "q3",
      "a",
      {
        c: "one setting failed: that does not rule out all others",
        b: "look at the second column: who has fewer weights?",
        d: "that would score 1.0 without attractors",
      },
    ],
    "4: row C against row A": [
      "q4",
      "b",
      {
        a: "chance moves an accuracy near 1 by about half a percent in 1000 sentences: .97 is further away",
        c: "theory is no measurement, and a measurement is what is being read",
        d: "half the sentences are singular, so accuracy is a fair measure here",
      },
    ],
    "5: what a report says of row A": [
      "q5",
      "c",
      {
        a: "the best of three hides the other two",
        b: "a mean alone hides that one run was perfect and two were not",
        d: "seeds differ: weights and sentences start from other numbers",
      },
    ],
  };
  for (const [title, [name, right, why]] of Object.entries(questions)) {
    test(title, async () => {
      const answers = await subject.value<Record<string, unknown>>("answers");
      expect(answers[name]).toChoose(right, why);
    });
  }
});
