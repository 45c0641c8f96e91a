import { exercise, expect, type Made, parts, test, variants } from "unrolled/exercise/suite";
import type { Vector } from "./reference/vectors.js";

const sigmoid = (a: number): number => 1 / (1 + Math.exp(-a));

exercise("08.1", (subject, draw) => {
  const slips = {
    "the bias goes through the sigmoid": "the sigmoid is missing: the bias is not yet the gate",
    "the fraction is the right way up": "the fraction is upside down: ln ½ is above the line",
    "one half is left, not 1/e": "this is the time until 1/e is left, not one half",
    "every step multiplies": "a step was taken to subtract 1 − f of the start: it multiplies what is left by f",
  } as const;
  const life = (bias: number, made: Made<(typeof slips)[keyof typeof slips]>): number => {
    const f = made(slips["the bias goes through the sigmoid"]) ? bias : sigmoid(bias);
    if (made(slips["every step multiplies"])) return 0.5 / (1 - f);
    const half = made(slips["one half is left, not 1/e"]) ? -1 : Math.log(0.5);
    return made(slips["the fraction is the right way up"]) ? Math.log(f) / half : half / Math.log(f);
  };
  for (const [title, slip] of Object.entries(slips)) {
    test(title, async () => {
      const bias = draw.number(1.5, 6);
      const answers = variants(Object.values(slips), (made) => life(bias, made));
      expect(await subject.call("halfLife", bias)).toAvoid(slip, answers, { rtol: 1e-7 });
    });
  }

  const backSlips = {
    "the bias undoes the sigmoid": "this is the gate: the bias is what goes into the sigmoid",
    "the logit is the right way up": "the fraction in the logit is upside down",
    "f to the power of the steps is one half": "f = 1 − 1/steps: close to 1/e left, not to one half",
  } as const;
  for (const [title, slip] of Object.entries(backSlips)) {
    test(title, async () => {
      const steps = draw.integer(3, 300);
      const answers = variants(Object.values(backSlips), (made) => {
        const f = made(backSlips["f to the power of the steps is one half"]) ? 1 - 1 / steps : 0.5 ** (1 / steps);
        if (made(backSlips["the bias undoes the sigmoid"])) return f;
        return made(backSlips["the logit is the right way up"]) ? Math.log((1 - f) / f) : Math.log(f / (1 - f));
      });
      expect(await subject.call("biasFor", steps)).toAvoid(slip, answers, { rtol: 1e-7 });
    });
  }
});

exercise("08.2", (subject, draw) => {
  const slips = {
    "the forget gate's bias is set": "the forget gate's bias was left as it was",
    "the forget gate does not come first": "the first quarter is the input gate's: the order is i f g o",
    "the forget gate comes before the candidate": "the third quarter is the candidate's: the order is i f g o",
    "the two biases do not add up twice": "both vectors got the value: they are added",
    "bias_hh gives up its part": "what bias_hh says about the forget gate still counts",
    "the other gates keep theirs": "all gates were set, not the forget gate alone",
  } as const;
  type Slip = (typeof slips)[keyof typeof slips];
  const opened = (ih: Vector, hh: Vector, value: number, made: Made<Slip>): Vector[] => {
    const size = ih.length / 4;
    const quarter = made(slips["the forget gate does not come first"])
      ? 0
      : made(slips["the forget gate comes before the candidate"])
        ? 2
        : 1;
    const touched = (k: number): boolean => {
      if (made(slips["the forget gate's bias is set"])) return false;
      return made(slips["the other gates keep theirs"]) || Math.floor(k / size) === quarter;
    };
    const second = made(slips["the two biases do not add up twice"]) ? value : 0;
    const keep = made(slips["bias_hh gives up its part"]);
    return [ih.map((b, k) => (touched(k) ? value : b)), hh.map((b, k) => (touched(k) && !keep ? second : b))];
  };
  for (const [title, slip] of Object.entries(slips)) {
    test(title, async () => {
      const size = draw.integer(2, 3);
      const [ih, hh, value] = [draw.vector(4 * size, -1, 1), draw.vector(4 * size, -1, 1), draw.number(1.1, 3)];
      const answers = variants(Object.values(slips), (made) => opened(ih, hh, value, made));
      const { bias_ih, bias_hh } = parts(await subject.call("openForgetGate", ih, hh, value), "bias_ih", "bias_hh");
      expect([bias_ih, bias_hh]).toAvoid(slip, answers, { names: ["bias_ih", "bias_hh"] });
    });
  }
});

exercise("08.3", (subject, draw) => {
  const slips = {
    "the logarithm makes a bias of a time": "the logarithm is missing: a time is not a bias",
    "no time is below one step": "the times begin at 0: the shortest is 1 step",
    "the longest time is tMax - 1": "the times end at tMax, not at tMax − 1",
    "each unit has a time of its own": "every unit got the longest time: each has its own u",
    "the input gate starts shut, not open": "the input bias has the same sign as the forget bias",
  } as const;
  for (const [title, slip] of Object.entries(slips)) {
    test(title, async () => {
      const [us, tMax] = [draw.vector(4, 0.05, 0.95), draw.integer(20, 800)];
      const answers = variants(Object.values(slips), (made) => {
        const forget = us.map((u) => {
          const share = made(slips["each unit has a time of its own"]) ? 1 : u;
          const low = made(slips["no time is below one step"]) ? 0 : 1;
          const time = low + share * (tMax - (made(slips["the longest time is tMax - 1"]) ? 1 : 2));
          return made(slips["the logarithm makes a bias of a time"]) ? time : Math.log(time);
        });
        return [forget, made(slips["the input gate starts shut, not open"]) ? forget : forget.map((b) => -b)];
      });
      const { forget, input } = parts(await subject.call("chronoBiases", us, tMax), "forget", "input");
      expect([forget, input]).toAvoid(slip, answers, { names: ["forget", "input"] });
    });
  }
});

exercise("08.4", (subject, draw) => {
  const slips = {
    "a new text starts from nothing": "the state of the last text is still there when a new one begins",
    "a text goes on from piece to piece": "every piece starts from nothing, also inside a text",
    "both h and c start from nothing": "only h was cleared: c remembers too",
    "the state is cleared before the piece that is fresh": "the state was cleared after the fresh piece, not before it",
  } as const;
  const everyStep = "the state is cleared at every step of a fresh piece: clear it once, before its first step";
  const goesOn = slips["a text goes on from piece to piece"];
  type Slip = (typeof slips)[keyof typeof slips] | typeof everyStep;
  type Weights = Record<"i" | "f" | "o" | "g", Record<"x" | "h" | "b", number>>;
  const read = (pieces: { xs: Vector; fresh: boolean }[], weights: Weights, made: Made<Slip>): Vector[] => {
    let [h, c] = [0, 0];
    return pieces.map(({ xs, fresh }) => {
      const end = fresh && !made(slips["a new text starts from nothing"]);
      const clear = end || made(goesOn);
      const after = made(slips["the state is cleared before the piece that is fresh"]);
      if (clear && !after) [h, c] = [0, made(slips["both h and c start from nothing"]) ? c : 0];
      const hs = xs.map((x) => {
        if (clear && made(everyStep)) [h, c] = [0, 0];
        const pre = (w: Weights["i"]): number => w.x * x + w.h * h + w.b;
        c = sigmoid(pre(weights.f)) * c + sigmoid(pre(weights.i)) * Math.tanh(pre(weights.g));
        h = sigmoid(pre(weights.o)) * Math.tanh(c);
        return h;
      });
      if (clear && after) [h, c] = [0, 0];
      return hs;
    });
  };
  for (const [title, slip] of Object.entries(slips)) {
    test(title, async () => {
      const gate = () => ({ x: draw.number(0.3, 1.5), h: draw.number(0.3, 1.5), b: draw.number(0.2, 1) });
      const weights: Weights = { i: gate(), f: gate(), o: gate(), g: gate() };
      const pieces = [true, false, true, true, false].map((fresh) => ({ xs: draw.vector(2, 0.2, 1), fresh }));
      const answers = variants<Slip>([...Object.values(slips), everyStep], (made) => read(pieces, weights, made));
      const hs = await subject.call("readPieces", pieces, weights);
      expect(hs).toAvoid(slip === goesOn ? [slip, everyStep] : slip, answers);
      expect(hs).toAvoid(slips["a new text starts from nothing"], answers); // as it was given, it earns nothing
    });
  }
});

exercise("08.5", (subject) => {
  const questions: Record<string, [right: string, why: Record<string, string>]> = {
    "1: writing without a forget gate": [
      "d",
      {
        a: "that is one step's writing; what was there is kept, and the next is added to it",
        b: "the tanh stands in h = o tanh(c); nothing squashes c itself",
        c: "3 is what a forget gate at 0.9 would leave; here nothing is taken away",
      },
    ],
    "2: writing with a forget gate at 0.9": [
      "c",
      {
        a: "0.27 is 0.9 of one step's writing; earlier steps have left something too",
        b: "0.9 is the gate; look for the c with c = 0.9 c + 0.3",
        d: "30 is the sum without forgetting; here a tenth is taken away at each step",
      },
    ],
    "3: writing into a large cell state": [
      "b",
      {
        a: "h does not show c itself but tanh(c), which is flat out there",
        c: "c grows by 1; h lies between −1 and 1 and is at its edge already",
        d: "both tanh(30) and tanh(31) are positive",
      },
    ],
    "4: what mends the endless stream": [
      "c",
      {
        a: "each of them grows in the same way",
        b: "the state grows with the length of the stream, whatever the weights learn",
        d: "it is the state in the forward pass that grows, not the gradient",
      },
    ],
    "5: a large bias where strings are short": [
      "b",
      {
        a: "the bias is learnt like any weight, and it is not the only term inside the sigmoid",
        c: "a memory of a hundred steps is of no use here, and has to be undone",
        d: "a bias on the forget gate leaves the input gate as it is",
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
