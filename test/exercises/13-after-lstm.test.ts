import { exercise, expect, parts, test, variants } from "unrolled/exercise/suite";
import {
  type AttendSlip,
  attendOver,
  attendSlips,
  type Decoder,
  type DecodeSlip,
  type Decoding,
  decodeOver,
  decodeSlips,
} from "./reference/attention.js";
import { add, mul, sigmoid, tanh, type Vector } from "./reference/vectors.js";

exercise("13.1", (subject, draw) => {
  const titles: Record<string, AttendSlip | AttendSlip[]> = {
    "the shares are over time": attendSlips.axis,
    "scores become shares by the softmax": attendSlips.linear,
    "the scores are plain dot products": attendSlips.scaled,
    "padding is out of sight": [attendSlips.seen, attendSlips.cut],
    "a padded score is −Infinity, not 0": attendSlips.zero,
    "padding is out before the shares are made": attendSlips.late,
    "each state counts with its weight": attendSlips.plain,
  };
  for (const [title, slip] of Object.entries(titles)) {
    test(title, async () => {
      const [queries, hs, length] = [draw.matrix(3, 3), draw.matrix(5, 3, -2, 2), draw.integer(3, 4)];
      const { weights, contexts } = parts(await subject.call("attend", queries, hs, length), "weights", "contexts");
      for (const [name, got] of Object.entries({ weights, contexts })) {
        const answers = variants(Object.values(attendSlips), (made) =>
          name === "weights"
            ? attendOver(queries, hs, length, made).weights
            : attendOver(queries, hs, length, made).contexts,
        );
        expect(got).toAvoid(slip, answers);
      }
    });
  }
});

exercise("13.2", (subject) => {
  const [x, phi, t] = [
    [2, -1],
    [0.5, 0.5],
    [0.1, 0.8],
  ];
  const [v, g] = [
    [2, -3],
    [0, Math.log(3)],
  ];
  const carry = t.map((gate) => 1 - gate);
  const expected: Record<string, [name: string, right: Vector, mistakes: Record<string, Vector>]> = {
    "t scales what is new, 1 − t what is there": [
      "highway",
      add(mul(t, phi), mul(carry, x)),
      { "t and 1 − t have changed places": add(mul(carry, phi), mul(t, x)) },
    ],
    "x is carried by 1 − t, not whole": [
      "highway",
      add(mul(t, phi), mul(carry, x)),
      {
        "x came through whole: only 1 − t of it is carried": add(mul(t, phi), x),
        "x is missing: 1 − t of it is carried": mul(t, phi),
      },
    ],
    "the gate is squashed by the sigmoid": [
      "glu",
      mul(v, sigmoid(g)),
      { "g was used as it is: squash it": mul(v, g), "tanh squashed the gate: it is the sigmoid": mul(v, tanh(g)) },
    ],
    "the value goes through unsquashed": [
      "glu",
      mul(v, sigmoid(g)),
      {
        "the value was squashed by tanh": mul(tanh(v), sigmoid(g)),
        "value and gate have changed places": mul(sigmoid(v), g),
      },
    ],
    "each layer takes its share of what is left": [
      "left",
      [0.95 ** 20],
      {
        "nothing is left here: each layer takes 5 % of what is left, and 95 % of that stays": [0],
        "this is what comes in of x, not what is left": [1 - 0.95 ** 20],
      },
    ],
  };
  for (const [title, [name, right, mistakes]] of Object.entries(expected)) {
    test(title, async () => {
      const got = await subject.value<Vector>(name);
      const others = Object.entries(expected).filter(([other, [of]]) => other !== title && of === name);
      const near = (a: Vector): boolean => a.length === got.length && a.every((n, k) => Math.abs(n - got[k]) < 1e-3);
      if (others.some(([, [, , slips]]) => Object.values(slips).some(near))) return; // another check names it
      const seen = Object.fromEntries(Object.entries(mistakes).map(([words, value]) => [words, value]));
      expect(got).toBeAllClose(right, { atol: 1e-3, mistakes: seen, reveal: false });
    });
  }
});

exercise("13.3", (subject) => {
  const questions: [title: string, right: number, mistakes: Record<string, number>][] = [
    [
      "an LSTM step uses every weight once, whatever t is",
      32768,
      {
        "one gate only: there are four": 8192,
        "the gates read x as well as h: n + m columns": 16384,
        "a step costs the same at every t: do not multiply by t": 32768000,
      },
    ],
    [
      "an attention step compares and adds up",
      128000,
      {
        "only the comparing is counted: the values are added up, too": 64000,
        "this counts all steps so far: one step is asked for": 64128000,
        "every pair of steps is counted: one step has t of them": 128000000,
      },
    ],
    [
      "the LSTM keeps h and c, whatever t is",
      128,
      { "c or h is left out": 64, "nothing of earlier steps is kept": 128000, "nothing of earlier steps but h": 64000 },
    ],
    [
      "attention keeps a key and a value of every step",
      128000,
      { "keys and values are kept, not one of them": 64000, "those of every step are kept, not of the last": 128 },
    ],
    [
      "the first step with more, not with as many",
      257,
      {
        "there the two are equal": 256,
        "only half of what attention does is counted": 513,
        "that is for the comparing alone, and equal": 512,
      },
    ],
  ];
  for (const [k, [title, right, mistakes]] of questions.entries()) {
    test(title, async () => {
      const counts = await subject.value<Vector>("counts");
      expect(counts[k]).toBeAllClose(right, { mistakes, reveal: false });
    });
  }
});

exercise("13.4", (subject, draw) => {
  const size = 5;
  const drawing = () => {
    const decoder: Decoder = {
      embedding: draw.matrix(size, 3, -1.5, 1.5),
      Wh: draw.matrix(3, 3),
      readout: draw.matrix(size, 3, -2, 2),
    };
    return { h0: draw.vector(3, -1, 1), decoder, begin: 0, end: draw.integer(1, size - 1) };
  };
  type Drawn = ReturnType<typeof drawing>;
  /** Draws until the decoder does what the check needs. */
  const drawUntil = (fits: (drawn: Drawn) => boolean): Drawn => {
    for (;;) {
      const drawn = drawing();
      if (fits(drawn)) return drawn;
    }
  };
  const inUse = ({ begin, end }: Drawn): Decoding => ({ begin, end, limit: 6, targets: null });
  /** It never chooses end, with no slip and with the slips of these checks, and does not only repeat itself. */
  const goesOn = (drawn: Drawn): boolean => {
    const { forgetful, stuck } = decodeSlips;
    const [symbols, ...others] = [undefined, forgetful, stuck].map(
      (slip) => decodeOver(drawn.h0, drawn.decoder, { ...inUse(drawn), end: -1 }, (other) => other === slip).symbols,
    );
    const meets = [symbols, ...others].some((run) => run.includes(drawn.end));
    return !meets && symbols[0] !== 0 && new Set(symbols).size > 1;
  };
  const ask = async ({ h0, decoder }: Drawn, how: Decoding) =>
    parts(await subject.call("decode", h0, decoder, how), "symbols", "logits");

  test("the state is carried from step to step", async () => {
    const drawn = drawUntil(goesOn);
    const { logits } = await ask(drawn, inUse(drawn));
    const answers = variants<DecodeSlip>(
      [decodeSlips.forgetful, decodeSlips.stuck],
      (made) => decodeOver(drawn.h0, drawn.decoder, { ...inUse(drawn), end: -1 }, made).logits,
    );
    expect(logits).toAvoid(decodeSlips.forgetful, answers);
  });

  test("in training the target of the step before is read", async () => {
    const drawn = drawUntil(goesOn);
    const own = decodeOver(drawn.h0, drawn.decoder, inUse(drawn)).symbols;
    const targets: number[] = []; // not what it chose itself, and no two neighbours alike
    for (const symbol of own.slice(0, 4)) {
      const free = [0, 1, 2, 3, 4].filter((other) => other !== symbol && other !== targets.at(-1));
      targets.push(free[draw.integer(0, free.length - 1)]);
    }
    const end = decodeOver(drawn.h0, drawn.decoder, { ...inUse(drawn), targets }).symbols[1]; // chosen on the way
    const how = { ...inUse(drawn), targets, end };
    const { logits } = await ask(drawn, how);
    const { forgetful, own: ownChoice, peeks, ahead, halts } = decodeSlips;
    const answers = variants<DecodeSlip>(
      [forgetful, ownChoice, peeks, ahead, halts],
      (made) => decodeOver(drawn.h0, drawn.decoder, how, made).logits,
    );
    for (const slip of [ownChoice, peeks, ahead, halts]) expect(logits).toAvoid(slip, answers);
  });

  test("in use its own last choice is read", async () => {
    const drawn = drawUntil(goesOn);
    const { logits } = await ask(drawn, inUse(drawn));
    const seen = (slip: string) =>
      decodeOver(drawn.h0, drawn.decoder, { ...inUse(drawn), end: -1 }, (other) => other === slip).logits;
    const { stuck, forgetful } = decodeSlips;
    expect(logits).toBeAllClose(decodeOver(drawn.h0, drawn.decoder, inUse(drawn)).logits, {
      mistakes: { [stuck]: seen(stuck), [forgetful]: seen(forgetful) },
    });
  });

  test("it stops when it has chosen end, and end is part of the answer", async () => {
    const drawn = drawUntil((one) => {
      const { symbols } = decodeOver(one.h0, one.decoder, inUse(one));
      return symbols.length > 2 && symbols.length < 6 && symbols[0] !== 0;
    });
    const run = (slip?: string) => decodeOver(drawn.h0, drawn.decoder, inUse(drawn), (other) => other === slip);
    const { symbols, logits } = await ask(drawn, inUse(drawn));
    const { endless, early } = decodeSlips;
    expect(symbols).toBeAllClose(run().symbols, {
      mistakes: { [endless]: run(endless).symbols, [early]: run(early).symbols },
    });
    expect(logits).toBeAllClose(run().logits);
  });
});
