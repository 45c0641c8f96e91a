import { exercise, expect, type Made, parts, test, variants } from "unrolled/exercise/suite";
import { avoidEach } from "./reference/avoid.js";
import { fourGates, fourSlips } from "./reference/four-gates.js";
import { type LSTMSlip, lstmOver, lstmSlips, type State, type Weights } from "./reference/lstm.js";
import { pytorchLSTM } from "./reference/pytorch.js";
import { add, matVec, mul, sigmoid, tanh, type Vector } from "./reference/vectors.js";

exercise("05.1", (subject) => {
  const slips = {
    "the forget gate scales the old cell state": "the forget gate is missing: the old cell state was kept whole",
    "the input gate scales the candidate": "the input gate is missing: the candidate was written whole",
    "each gate acts on its own part": "i and f are swapped",
    "what is kept and what is written are added": "the two parts were multiplied, not added",
  } as const;
  const answers = variants(Object.values(slips), (made) => {
    const [f, i] = made(slips["each gate acts on its own part"]) ? [0.3, 0.9] : [0.9, 0.3];
    const keep = made(slips["the forget gate scales the old cell state"]) ? 1 : f;
    const write = made(slips["the input gate scales the candidate"]) ? 1 : i;
    const [kept, written] = [[1, 2, 3].map((c) => keep * c), [0.5, 0.5, 0.5].map((g) => write * g)];
    return made(slips["what is kept and what is written are added"]) ? mul(kept, written) : add(kept, written);
  });
  for (const [title, slip] of Object.entries(slips)) {
    test(title, async () => {
      expect(await subject.value("cNext")).toAvoid(slip, answers, { atol: 1e-6, reveal: false });
    });
  }
});

exercise("05.2", (subject, draw) => {
  const slips = {
    "h comes before x in [h, x]": "x comes before h: W's first columns belong to h",
    "the bias is added": "the bias b is missing",
    "a sigmoid squashes the sum": "the sigmoid is missing: this is the pre-activation",
    "it is the sigmoid, not tanh": "tanh in place of the sigmoid: a gate lies between 0 and 1",
  } as const;
  for (const [title, slip] of Object.entries(slips)) {
    test(title, async () => {
      const [h, x, W, b] = [draw.vector(3), draw.vector(2), draw.matrix(3, 5), draw.vector(3)];
      const answers = variants(Object.values(slips), (made) => {
        const hx = made(slips["h comes before x in [h, x]"]) ? [...x, ...h] : [...h, ...x];
        const sum = matVec(W, hx);
        const pre = made(slips["the bias is added"]) ? sum : add(sum, b);
        if (made(slips["a sigmoid squashes the sum"])) return pre;
        return made(slips["it is the sigmoid, not tanh"]) ? tanh(pre) : sigmoid(pre);
      });
      expect(await subject.call("forgetGate", h, x, W, b)).toAvoid(slip, answers);
    });
  }
});

exercise("05.3", (subject, draw) => {
  const swappedNames = "h and c are swapped in the return";
  const cSlips = {
    "the forget gate scales cPrev": "the forget gate is missing: cPrev was kept whole",
    "f acts on cPrev, i on the candidate": "i and f are swapped",
    "the gates go through the sigmoid": "the sigmoid is missing: pre-activations were used as gates",
    "the candidate goes through tanh": "the candidate's tanh is missing",
    "h and c come back under their own names": swappedNames,
  } as const;
  const hSlips = {
    "h reads the new cell state, not cPrev": "h opens on cPrev: use the new c",
    "h squashes the cell state with tanh": "the tanh around c is missing",
  } as const;
  const shared = [cSlips["the gates go through the sigmoid"], swappedNames] as const;
  const squashed = "the candidate went through the sigmoid: it is content and may be negative, so it is tanh";
  const known = [...Object.values(cSlips), squashed];
  type Pre = Record<"i" | "f" | "o" | "g", Vector>;

  const cellState = (
    pre: Pre,
    cPrev: Vector,
    made: Made<(typeof cSlips)[keyof typeof cSlips] | typeof squashed>,
  ): Vector => {
    const gate = made(cSlips["the gates go through the sigmoid"]) ? (v: Vector) => v : sigmoid;
    const [i, f] = made(cSlips["f acts on cPrev, i on the candidate"])
      ? [gate(pre.f), gate(pre.i)]
      : [gate(pre.i), gate(pre.f)];
    const squash = made(squashed) ? sigmoid : tanh;
    const g = made(cSlips["the candidate goes through tanh"]) ? pre.g : squash(pre.g);
    const kept = made(cSlips["the forget gate scales cPrev"]) ? cPrev : mul(f, cPrev);
    const c = add(kept, mul(i, g));
    return made(swappedNames) ? mul(gate(pre.o), tanh(c)) : c;
  };

  for (const [title, slip] of Object.entries(cSlips)) {
    test(title, async () => {
      const { pre, cPrev } = draw.lstmInputs();
      const { c } = parts(await subject.call("lstmStep", pre, cPrev), "h", "c");
      expect(c).toAvoid(
        slip === cSlips["the candidate goes through tanh"] ? [slip, squashed] : slip,
        variants(known, (made) => cellState(pre, cPrev, made)),
      );
    });
  }

  for (const [title, slip] of Object.entries(hSlips)) {
    test(title, async () => {
      const { pre, cPrev } = draw.lstmInputs();
      const { h, c } = parts(await subject.call("lstmStep", pre, cPrev), "h", "c");
      expect(c).toBeInformative([3]); // the learner's own c: a slip in c costs nothing here
      const answers = variants([...Object.values(hSlips), ...shared], (made) => {
        if (made(swappedNames)) return cellState(pre, cPrev, () => false);
        const read = made(hSlips["h reads the new cell state, not cPrev"]) ? cPrev : (c as Vector);
        const o = made(cSlips["the gates go through the sigmoid"]) ? pre.o : sigmoid(pre.o);
        return mul(o, made(hSlips["h squashes the cell state with tanh"]) ? read : tanh(read));
      });
      expect(h).toAvoid(slip, answers);
    });
  }
});

exercise("05.4", (subject, draw) => {
  const run = async (xs: Vector[], start: State, weights: Weights) => {
    const { hs, cs } = parts(await subject.call("lstm", xs, start, weights), "hs", "cs");
    return [hs, cs];
  };
  const titles: Record<string, LSTMSlip | LSTMSlip[]> = {
    "the state is carried from step to step": lstmSlips.forgetful,
    "h comes before x in [h, x]": lstmSlips.order,
    "each gate has its own bias": lstmSlips.oneBias,
    "f acts on the old cell state, i on the candidate": lstmSlips.swapped,
    "the candidate goes through tanh": lstmSlips.candidate,
    "h reads the new cell state": lstmSlips.oldC,
    "h squashes the cell state with tanh": lstmSlips.noTanh,
    "hs and cs come back under their own names": [lstmSlips.names, lstmSlips.started],
  };
  for (const [title, slip] of Object.entries(titles)) {
    test(title, async () => {
      const [inputSize, hiddenSize, seqLen] = [2, 3, 4];
      const gate = () => ({ W: draw.matrix(hiddenSize, hiddenSize + inputSize), b: draw.vector(hiddenSize) });
      const weights: Weights = { input: gate(), forget: gate(), output: gate(), candidate: gate() };
      const xs = draw.matrix(seqLen, inputSize);
      const start = { h: draw.vector(hiddenSize, -1, 1), c: draw.vector(hiddenSize) };
      const answers = variants(Object.values(lstmSlips), (made) => lstmOver(xs, start, weights, made));
      expect(await run(xs, start, weights)).toAvoid(slip, answers, { names: ["hs", "cs"] });
    });
  }

  test("the numbers are those of PyTorch's nn.LSTM", async () => {
    const { xs, start, weights, hs, finalC } = pytorchLSTM();
    const [gotHs, gotCs] = (await run(xs, start, weights)) as Vector[][];
    expect(gotHs).toBeAllClose(hs);
    expect(gotCs.at(-1)).toBeAllClose(finalC);
  });
});

exercise("05.5", (subject) => {
  const [c0, g] = [2, 0.5];
  const after = (steps: number, f: number, i: number): number =>
    Array.from({ length: steps }).reduce<number>((c) => f * c + i * g, c0);
  const shut = { "setting 1: the candidate was written, though the input gate is shut": after(4, 1, 1) };
  const past = "setting 2: something of the past is still there, though f is 0";
  const settings: Record<string, [f: number, i: number, mistakes: Record<string, number>]> = {
    "an open forget gate keeps, a shut input gate writes nothing": [1, 0, shut],
    "a shut forget gate keeps nothing": [
      0,
      1,
      { [past]: c0 + g, "setting 2: with f at 0 each candidate, too, is gone at the next step": 4 * g },
    ],
    "with both gates open every step adds": [
      1,
      1,
      {
        "setting 3: written once; both gates are open at every step": c0 + g,
        "setting 3: the start is missing: with f at 1 it is all kept": 4 * g,
        "setting 3: this is c after three steps": after(3, 1, 1),
        "setting 3: this is c after five steps": after(5, 1, 1),
      },
    ],
    "a half-open forget gate halves what is there, at every step": [
      0.5,
      1,
      {
        "setting 4: halved once; f acts at every step": 0.5 * c0 + 4 * g,
        "setting 4: only the start is halved; f acts also on what was written": c0 / 16 + 4 * g,
        "setting 4: this is c after three steps": after(3, 0.5, 1),
        "setting 4: this is c after five steps": after(5, 0.5, 1),
      },
    ],
  };
  for (const [place, [title, [f, i, mistakes]]] of Object.entries(settings).entries()) {
    test(title, async () => {
      const given = await subject.value<Vector>("after");
      expect(given).toBeInformative([4]);
      expect(given[place]).toBeAllClose(after(4, f, i), { atol: 6e-3, reveal: false, mistakes });
    });
  }
});

exercise("05.6", (subject, draw) => {
  avoidEach(
    {
      "each gate has a block of rows, not every fourth row": fourSlips.dealt,
      "the blocks are i, f, g, o, in this order": fourSlips.order,
      "each gate has its own part of the bias": fourSlips.oneBias,
      "the gates go through the sigmoid": fourSlips.noSigmoid,
      "the candidate goes through tanh": [fourSlips.noTanh, fourSlips.allSigmoid],
    },
    async () => {
      const [n, m] = [3, 2];
      const [h, x, b] = [draw.vector(n, -1, 1), draw.vector(m), draw.vector(4 * n)];
      const W = draw.matrix(4 * n, n + m);
      const { i, f, g, o } = parts(await subject.call("fourGates", h, x, W, b), "i", "f", "g", "o");
      return { answer: [i, f, g, o], reference: (made) => fourGates(h, x, W, b, made) };
    },
    { names: ["i", "f", "g", "o"] },
  );
});

exercise("05.7", (subject) => {
  const chosen = async (question: string) => (await subject.value<Record<string, unknown>>("answers"))[question];
  test("what the gates do while something is held", async () => {
    expect(await chosen("q1")).toChoose("a", {
      b: "that forgets the plural and writes whatever comes by",
      c: "with the forget gate shut the plural is gone after one step",
      d: "the output gate decides who sees the entry, not whether it is kept",
    });
  });
  test("why the candidate may be negative", async () => {
    expect(await chosen("q2")).toChoose("b", {
      a: "speed is not the reason: both cost about the same",
      c: "the cell state does not stay there: it is a sum of many candidates",
      d: "a sigmoid has a derivative everywhere; at 0 it is 1/4",
    });
  });
  test("what bounds the cell state", async () => {
    expect(await chosen("q3")).toChoose("c", {
      a: "that is where each candidate lies; their sum goes further",
      b: "that is where a gate lies",
      d: "the candidates are added up, step after step",
    });
  });
  test("what a shut output gate costs", async () => {
    expect(await chosen("q4")).toChoose("d", {
      a: "h is computed from c, not c from h: look at which equation o stands in",
      b: "the forget gate sets the share that is lost, and it stands open",
      c: "nothing in c's equation knows of the output gate",
    });
  });
  test("one matrix or two", async () => {
    expect(await chosen("q5")).toChoose("b", {
      a: "count the columns: the two matrices together have as many as the one",
      c: "each gate still sums both products before it squashes",
      d: "the bias is added to the sum of the two products",
    });
  });
});
