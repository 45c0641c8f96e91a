import { exercise, expect, parts, test, variants } from "unrolled/exercise/suite";
import { type CoupledSlip, coupledBackward, coupledSlips, coupledTape } from "./reference/coupled.js";
import { lstmOver, type State, type Weights } from "./reference/lstm.js";
import { add, matVec, mul, sigmoid, tanh, type Vector } from "./reference/vectors.js";

exercise("14.1", (subject) => {
  const [x, h, c] = [2, -1, 0.8];
  const weights = { i: [0.5, 1, 0], f: [1, 2, 1.099], o: [0, -1, 0.386], g: [0.5, 1, Math.LN2] };
  const slips = {
    state: "the hidden state was left out of the sums",
    bias: "the biases were left out of the sums",
    sign: "h came in with the wrong sign: it is −1",
    order: "input and forget gate have changed places: the order is i, f, o, g",
    candidate: "the candidate went through the sigmoid: it is tanh",
  } as const;
  const gatesBy = (slip?: string): Vector => {
    const sum = ([wx, wh, b]: number[]): number =>
      wx * x + wh * (slip === slips.state ? 0 : slip === slips.sign ? -h : h) + (slip === slips.bias ? 0 : b);
    const [i, f, o] = sigmoid([sum(weights.i), sum(weights.f), sum(weights.o)]);
    return [i, f, o, ...(slip === slips.candidate ? sigmoid : tanh)([sum(weights.g)])];
  };
  const close = { atol: 2e-3, reveal: false } as const;
  const right = gatesBy();

  for (const [place, title] of [
    "the input gate",
    "the forget gate: its bias counts",
    "the output gate reads h alone",
    "the candidate goes through tanh",
  ].entries()) {
    test(title, async () => {
      const gates = await subject.value<Vector>("gates");
      const mistakes = Object.fromEntries(Object.values(slips).map((slip) => [slip, gatesBy(slip)[place]]));
      const differs = Object.entries(mistakes).filter(([, value]) => Math.abs(value - right[place]) > 2e-3);
      const swapped = [{ [slips.order]: right[1] }, { [`${slips.bias}, or ${slips.order}`]: right[0] }][place];
      expect(gates[place]).toBeAllClose(right[place], {
        ...close,
        mistakes: { ...swapped, ...Object.fromEntries(differs) },
      });
    });
  }

  test("the forget gate keeps, the input gate writes", async () => {
    const [gates, state] = [await subject.value<Vector>("gates"), await subject.value<Vector>("state")];
    expect(gates).toBeInformative([4]); // the learner's own gates: a slip in them costs nothing here
    const [i, f, , g] = gates;
    expect(state[0]).toBeAllClose(f * c + i * g, {
      ...close,
      mistakes: {
        "i and f are swapped": i * c + f * g,
        "the old state was kept whole: the forget gate is missing": c + i * g,
        "the candidate was written whole: the input gate is missing": f * c + g,
        "the two parts were multiplied": f * c * i * g,
      },
    });
  });

  test("h is the output gate's share of tanh of the new state", async () => {
    const [gates, state] = [await subject.value<Vector>("gates"), await subject.value<Vector>("state")];
    expect(gates).toBeInformative([4]);
    expect(state).toBeInformative([2]);
    const [cNext, o] = [state[0], gates[2]];
    expect(state[1]).toBeAllClose(o * Math.tanh(cNext), {
      ...close,
      mistakes: {
        "h opens on the old c: use the new one": o * Math.tanh(c),
        "the tanh around c is missing": o * cNext,
        "the output gate is missing": Math.tanh(cNext),
      },
    });
  });
});

/** One test per question: its title, its name, the right letter, and what each other letter gets wrong. */
type Question = [title: string, name: string, right: string, why: Record<string, string>];

const choices = (id: string, answers: string, questions: Question[]): void =>
  exercise(id, (subject) => {
    for (const [title, name, right, why] of questions) {
      test(title, async () => {
        expect((await subject.value<Record<string, unknown>>(answers))[name]).toChoose(right, why);
      });
    }
  });

choices("14.2", "quiz", [
  [
    "1: why the gradient of a plain RNN fades",
    "q1",
    "b",
    {
      a: "the learning rate scales the step, not the gradient",
      c: "an average does not fade with the lag",
      d: "a plain RNN has no gates",
    },
  ],
  [
    "2: what parity takes",
    "q2",
    "d",
    {
      a: "no amount of data lets a single layer without hidden units compute XOR",
      c: "a plain RNN has no gates",
      b: "parity needs one bit of memory; what it needs besides is a nonlinear unit",
    },
  ],
  [
    "3: an entry over a hundred steps",
    "q3",
    "a",
    { b: "f is a factor: what is 1 to the 100th?", c: "f = 0 would erase it", d: "nothing is added: i = 0" },
  ],
  [
    "4: the gates of 1997",
    "q4",
    "c",
    {
      a: "the input gate is in the paper of 1997",
      b: "the output gate is in the paper of 1997",
      d: "one of the three came later",
    },
  ],
  [
    "5: a forget bias of 0",
    "q5",
    "c",
    {
      a: "that is left after one step",
      b: "each step takes half of what is left: ten factors, not a division by ten",
      d: "sigmoid(0) is 0.5, not 1",
    },
  ],
]);

exercise("14.3", (subject, draw) => {
  const drawing = (seqLen: number) => {
    const gate = () => ({ W: draw.matrix(3, 5), b: draw.vector(3) });
    const weights: Weights = { input: gate(), forget: gate(), output: gate(), candidate: gate() };
    const start: State = { h: draw.vector(3, -1, 1), c: draw.vector(3) };
    return { xs: draw.matrix(seqLen, 2), start, weights };
  };
  const ask = async ({ xs, start, weights }: ReturnType<typeof drawing>) =>
    parts(await subject.call("lstm", xs, start, weights), "hs", "cs");

  test("the forget gate scales what was there, and nothing else", async () => {
    const drawn = drawing(1);
    const { cs } = await ask(drawn);
    const { start, weights, xs } = drawn;
    const gate = ({ W, b }: Weights["input"]): Vector => add(matVec(W, [...start.h, ...xs[0]]), b);
    const [i, f] = [sigmoid(gate(weights.input)), sigmoid(gate(weights.forget))];
    const written = mul(i, tanh(gate(weights.candidate)));
    expect(cs).toBeAllClose([add(mul(f, start.c), written)], {
      mistakes: {
        "the forget gate scales what is written, too": [mul(f, add(start.c, written))],
        "the forget gate scales what is written, and not what was there": [add(start.c, mul(f, written))],
        "the forget gate is gone": [add(start.c, written)],
        "i and f are swapped": [add(mul(i, start.c), mul(f, tanh(gate(weights.candidate))))],
      },
    });
  });

  test("h opens on the cell state that was just written", async () => {
    const drawn = drawing(1);
    const { hs, cs } = await ask(drawn);
    expect(cs).toBeInformative([1, 3]); // the learner's own c: a slip in c costs nothing here
    const { start, weights, xs } = drawn;
    const o = sigmoid(add(matVec(weights.output.W, [...start.h, ...xs[0]]), weights.output.b));
    const [own] = cs as Vector[];
    expect(hs).toBeAllClose([mul(o, tanh(own))], {
      mistakes: {
        "h opens on the old c: it is one step late": [mul(o, tanh(start.c))],
        "the tanh around c is missing": [mul(o, own)],
      },
    });
  });

  test("a whole sequence comes out right", async () => {
    const drawn = drawing(4);
    const { hs, cs } = await ask(drawn);
    const [rightHs, rightCs] = lstmOver(drawn.xs, drawn.start, drawn.weights);
    expect([hs, cs]).toBeAllClose([rightHs, rightCs], {
      names: ["hs", "cs"],
      mistakes: { "hs and cs are swapped in the return": [rightCs, rightHs] },
    });
  });
});

exercise("14.4", (subject, draw) => {
  const titles: Record<string, CoupledSlip | CoupledSlip[]> = {
    "dc and what comes through h are added": coupledSlips.assigned,
    "h's gradient goes on into c": coupledSlips.deaf,
    "tanh's slope is 1 − tanh²(c)": coupledSlips.atC,
    "f keeps cPrev and holds back g": [coupledSlips.keepOnly, coupledSlips.plus],
    "the candidate comes in with 1 − f": coupledSlips.openGate,
    "the sigmoids have slopes": [coupledSlips.noSlope, coupledSlips.bare],
    "cPrev's gradient is scaled by f": coupledSlips.whole,
  };
  const drawing = () => {
    const vector = () => draw.vector(3, -1.5, 1.5);
    return { pre: { f: vector(), o: vector(), g: vector() }, cPrev: vector(), back: { dh: vector(), dc: vector() } };
  };
  const names = ["f", "o", "g", "cPrev"] as const;
  const ask = async ({ pre, cPrev, back: { dh, dc } }: ReturnType<typeof drawing>) => {
    const got = parts(await subject.call("backward", pre, cPrev, dh, dc), ...names);
    return names.map((name) => got[name]);
  };
  for (const [title, slip] of Object.entries(titles)) {
    test(title, async () => {
      const drawn = drawing();
      const answers = variants(Object.values(coupledSlips), (made) => {
        const gradients = coupledBackward(drawn.pre, drawn.cPrev, drawn.back, made);
        return names.map((name) => gradients[name]);
      });
      expect(await ask(drawn)).toAvoid(slip, answers, { names });
    });
  }
  test("the gradients are those of the tape", async () => {
    const drawn = drawing();
    const tape = coupledTape(drawn.pre, drawn.cPrev, drawn.back);
    expect(await ask(drawn)).toBeAllClose(
      names.map((name) => tape[name]),
      { names },
    );
  });
});

choices("14.5", "reading", [
  [
    "1: what the tanh RNNs have learnt",
    "q1",
    "d",
    {
      a: "that would cost next to nothing",
      c: "that would cost 0.083",
      b: "the mean costs 0.1667: they are no worse",
    },
  ],
  [
    "2: the run that ended at 0.0803",
    "q2",
    "c",
    {
      a: "solved is next to 0",
      b: "the mean costs 0.1667",
      d: "one run after 2000 steps says nothing about longer ones",
    },
  ],
  [
    "3: what the third row is for",
    "q3",
    "b",
    {
      a: "a control is there for a reason: look at the column of weights",
      c: "it learnt no faster than the smaller one",
      d: "the learning rate was searched for each row",
    },
  ],
  [
    "4: what the fourth row refutes",
    "q4",
    "a",
    { b: "the first row bears this out", c: "the second row bears this out", d: "the first row bears this out" },
  ],
  [
    "5: what the table does not support",
    "q5",
    "c",
    {
      a: "0.0004, 0.0003 and 0.0003 agree closely",
      b: "compare seed by seed: it holds",
      d: "rows two and three show it",
    },
  ],
]);

choices("14.6", "claims", [
  [
    "1: clipping and vanishing",
    "q1",
    "b",
    {
      a: "the rule looks at the length alone: it is the same for every network",
      c: "by norm all entries get one factor: the direction stays",
      d: "a gradient below the limit is left as it is",
    },
  ],
  [
    "2: a norm above 1",
    "q2",
    "d",
    {
      a: "they can explode: the sentence only claims it too early",
      b: "it is the other way round",
      c: "it is a large singular value that is needed, and the norm is the largest of them",
    },
  ],
  [
    "3: adding, and the gradient",
    "q3",
    "c",
    {
      a: "it scales by f and adds: the question is what that does to the gradient",
      b: "f is at most 1: along the cell path it cannot grow",
      d: "the hidden state is not updated by adding",
    },
  ],
  [
    "4: the first Google Translate",
    "q4",
    "a",
    {
      c: "in 2016 LSTMs took over: Wu and others describe it",
      b: "Transformers came in 2017, eleven years after it began",
      d: "neural networks took over ten years after it began",
    },
  ],
  [
    "5: the output gate's peephole",
    "q5",
    "a",
    {
      b: "all three gates have one",
      c: "all gates look at a hidden state anyway: a peephole looks at the cell state",
      d: "a peephole looks at the cell state",
    },
  ],
  [
    "6: equal numbers of units",
    "q6",
    "d",
    {
      a: "the number is not the trouble: what is equal is",
      c: "an RNN's h is a layer of hidden units",
      b: "it has too few weights already",
    },
  ],
]);
