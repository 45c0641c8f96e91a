import { RNNCell, tensor, unroll } from "unrolled";
import { exercise, expect, type Made, parts, test } from "unrolled/exercise/suite";
import { avoidEach } from "./reference/avoid.js";
import { type BPTTSlip, bpttOver, bpttSlips, type RNNWeights, rnnOver } from "./reference/rnn.js";
import { times, transpose, zeros } from "./reference/rows.js";
import { add, type Matrix, sigmoid, tanh, type Vector } from "./reference/vectors.js";

exercise("01.1", (subject) => {
  const slips = {
    "the input gets w_x, the past gets w_h": "w_x and w_h are exchanged",
    "the bias is added at every step": "the bias is missing",
    "the state is carried on": "each step begins at h = 0: carry the state on",
    "what is carried on has been squashed": "a is carried on instead of h = tanh(a)",
    "tanh squashes the sum": "the tanh is missing: these are the sums a",
  } as const;
  avoidEach(
    slips,
    async () => ({
      answer: await subject.value("states"),
      reference: (made) => {
        const [wx, wh] = made("w_x and w_h are exchanged") ? [0.5, 1] : [1, 0.5];
        const squash = made(slips["tanh squashes the sum"]) ? (a: number) => a : Math.tanh;
        let carried = 0;
        return [1, 2, -1].map((x) => {
          const past = made(slips["the state is carried on"]) ? 0 : carried;
          const a = wx * x + wh * past - (made("the bias is missing") ? 0 : 0.4);
          carried = made(slips["what is carried on has been squashed"]) ? a : squash(a);
          return squash(a);
        });
      },
    }),
    { atol: 2e-3, reveal: false },
  );
});

exercise("01.2", (subject, draw) => {
  const slips = {
    "the past comes in through W_h": "the past is missing: h W_h",
    "W_h goes from the old unit to the new one":
      "W_h is read the wrong way round: W_h[i][j] goes from unit i to unit j",
    "the bias is added": "the bias is missing",
    "the bias comes before the squashing": "the bias is added after the squashing",
    "tanh squashes the sum": "the tanh is missing: this is the pre-activation",
    "it is tanh, not the logistic function": "the logistic function stands in place of tanh",
  } as const;
  avoidEach(slips, async () => {
    const [x, h, b] = [draw.vector(2), draw.vector(3, -1, 1), draw.vector(3)];
    const [Wx, Wh] = [draw.matrix(2, 3), draw.matrix(3, 3)];
    return {
      answer: await subject.call("rnnStep", x, h, Wx, Wh, b),
      reference: (made) => {
        const past = times(h, made(slips["W_h goes from the old unit to the new one"]) ? transpose(Wh) : Wh);
        const sum = made("the past is missing: h W_h") ? times(x, Wx) : add(times(x, Wx), past);
        const late = made("the bias is added after the squashing");
        const a = late || made("the bias is missing") ? sum : add(sum, b);
        const squash = made("the logistic function stands in place of tanh") ? sigmoid : tanh;
        const h1 = made(slips["tanh squashes the sum"]) ? a : squash(a);
        return late ? add(h1, b) : h1;
      },
    };
  });
});

exercise("01.3", (subject, draw) => {
  const slips = {
    "there is one state per input": "h0 is in the list: it was there before any input",
    "the state is carried from step to step": "every step begins at h0: carry the state on",
    "it starts at h0": "it starts at 0, not at h0",
    "each state is the one after its input":
      "every entry is the last state: one array was overwritten and pushed again",
    "the states are in order of time": "the states are in reverse order",
  } as const;
  avoidEach(slips, async () => {
    const weights = { Wx: draw.matrix(2, 3), Wh: draw.matrix(3, 3), b: draw.vector(3, -1, 1) };
    const [xs, h0] = [draw.matrix(5, 2), draw.vector(3, -1, 1)];
    return {
      answer: await subject.call("unrolled", xs, h0, weights.Wx, weights.Wh, weights.b),
      reference: (made) => {
        const start = made("it starts at 0, not at h0") ? zeros(3) : h0;
        const carried = rnnOver(xs, start, weights);
        const alone = xs.map((x) => rnnOver([x], start, weights)[0]);
        const hs = made(slips["the state is carried from step to step"]) ? alone : carried;
        const stored = made(slips["each state is the one after its input"]) ? hs.map(() => hs[4]) : hs;
        const all = made(slips["there is one state per input"]) ? [start, ...stored] : stored;
        return made("the states are in reverse order") ? [...all].reverse() : all;
      },
    };
  });
});

/** The gradients that the library's tape gives for L = ½ Σ ‖hₜ − yₜ‖². */
function onTape(xs: Vector[], h0: Vector, ys: Vector[], { Wx, Wh, b }: RNNWeights): [Matrix, Matrix, Vector] {
  const cell = new RNNCell(Wx.length, b.length);
  cell.hidden.Wx.data.set(Wx.flat());
  cell.hidden.Wh.data.set(Wh.flat());
  cell.hidden.b.data.set(b);
  const steps = unroll(
    cell,
    xs.map((x) => tensor([x])),
    { h: tensor([h0]) },
  );
  const misses = steps.map(({ h }, t) => h.sub(tensor([ys[t]])));
  misses
    .map((miss) => miss.mul(miss).sum().mul(0.5))
    .reduce((sum, miss) => sum.add(miss))
    .backward();
  const rows = (grad: ArrayLike<number>): Matrix =>
    Array.from({ length: grad.length / b.length }, (_, i) =>
      Array.from({ length: b.length }, (_, j) => grad[i * b.length + j]),
    );
  const { Wx: dWx, Wh: dWh, b: db } = cell.hidden;
  return [rows(dWx.grad!), rows(dWh.grad!), Array.from(db.grad!)];
}

exercise("01.4", (subject, draw) => {
  const ask = async () => {
    const weights = { Wx: draw.matrix(2, 3), Wh: draw.matrix(3, 3), b: draw.vector(3, -1, 1) };
    const [xs, ys, h0] = [draw.matrix(4, 2), draw.matrix(4, 3), draw.vector(3, -1, 1)];
    const hs = rnnOver(xs, h0, weights);
    const { dWx, dWh, db } = parts(await subject.call("bptt", xs, h0, hs, ys, weights.Wh), "dWx", "dWh", "db");
    expect(dWx).toBeInformative([2, 3], "dWx");
    expect(dWh).toBeInformative([3, 3], "dWh");
    expect(db).toBeInformative([3], "db");
    const answer = oneList([dWx, dWh, db] as [Matrix, Matrix, Vector]);
    return { weights, xs, h0, hs, ys, answer };
  };
  const oneList = ([dWx, dWh, db]: [Matrix, Matrix, Vector]): Vector => [...dWx.flat(), ...dWh.flat(), ...db];
  const places = (name: string, rows: number) =>
    Array.from({ length: 3 * rows }, (_, k) => `${name}[${Math.floor(k / 3)}][${k % 3}]`);
  const names = [...places("dWx", 2), ...places("dWh", 3), "db[0]", "db[1]", "db[2]"];
  const titles: Record<string, BPTTSlip> = {
    "a step's own miss is added to what comes back": bpttSlips.ownMiss,
    "the gradient comes back from the steps after": bpttSlips.cut,
    "it comes back along the wires, the other way": bpttSlips.transposed,
    "the slope of tanh is taken": bpttSlips.noSlope,
    "the slope of tanh is told from its answer": bpttSlips.slope,
    "W_h gets the state before, not the state after": bpttSlips.before,
    "a weight's gradient is the sum over all steps": bpttSlips.lastTurn,
  };
  const attempt = async () => {
    const { weights, xs, h0, hs, ys, answer } = await ask();
    return {
      answer,
      reference: (made: Made<BPTTSlip>) => oneList(bpttOver(xs, h0, hs, ys, weights.Wh, made)),
    };
  };
  avoidEach(titles, attempt, { names });

  test("the gradients are those of the tape", async () => {
    const { weights, xs, h0, ys, answer } = await ask();
    expect(answer).toBeAllClose(oneList(onTape(xs, h0, ys, weights)), { names });
  });
});

exercise("01.5", (subject, draw) => {
  const slips = {
    "a sequence gets the same answer wherever it stands":
      "the state is handed on to the next sequence: each must begin at 0",
    "within a sequence the state is carried on": "the state is set to 0 at every step: it must live through a sequence",
    "each sequence is answered after its last step": "the answer is taken after the first step",
  } as const;
  avoidEach(
    slips,
    async () => {
      const weights = { Wx: draw.matrix(2, 3), Wh: draw.matrix(3, 3), b: draw.vector(3, -1, 1) };
      const sequences = [3, 2, 4].map((seqLen) => draw.matrix(seqLen, 2));
      return {
        answer: await subject.call("lastStates", sequences, weights.Wx, weights.Wh, weights.b),
        reference: (made) => {
          const handedOn = made(slips["a sequence gets the same answer wherever it stands"]);
          const read = made(slips["each sequence is answered after its last step"]) ? 1 : Number.POSITIVE_INFINITY;
          let h = zeros(3);
          return sequences.map((xs) => {
            if (!handedOn) h = zeros(3);
            const heard = made(slips["within a sequence the state is carried on"]) ? xs.slice(-1) : xs;
            const start = heard === xs ? h : zeros(3);
            const hs = rnnOver(heard, start, weights);
            h = hs.at(-1)!;
            return hs[Math.min(read, hs.length) - 1];
          });
        },
      };
    },
    { mended: slips["a sequence gets the same answer wherever it stands"] },
  );
});
