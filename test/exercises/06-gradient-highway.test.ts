import { exercise, expect, fixture, parts, test, variants } from "unrolled/exercise/suite";
import { avoidEach } from "./reference/avoid.js";
import {
  backSlips,
  cellGradients,
  type Moment,
  nudged,
  nudgeSlips,
  reverseSlips,
  stepBack,
  stepOf,
  stepTape,
} from "./reference/highway.js";

exercise("06.1", (subject) => {
  const slips = {
    "at lag 0 it is 1": "begun with f₅: at lag 0 a state is compared with itself",
    "the factors are multiplied": "the factors were added: along a path they multiply",
    "each factor is f, not 1 − f": "1 − f is what a gate forgets; f is what it lets through",
    "the last step's factor comes first": "begun at the first step: the way back begins at the last one",
  } as const;
  const [late, added, shut, forward] = Object.values(slips);
  const fromFirst = "in the order of time, from f₁ on: the way back begins at the last step";
  const f = [0.6, 0.9, 0.5, 0.8, 0.9];
  avoidEach(
    { ...slips, "the last step's factor comes first": [forward, fromFirst] },
    async () => ({
      answer: await subject.value("path"),
      reference: (made) => {
        const used = made(shut) ? f.map((gate) => 1 - gate) : f;
        const back = made(fromFirst) ? used : made(forward) ? used.slice(1) : [...used].reverse();
        const join = made(added) ? (a: number, b: number) => a + b : (a: number, b: number) => a * b;
        const path = [1];
        for (const gate of back) path.push(path.length === 1 ? gate : join(path[path.length - 1], gate));
        return made(late) ? path.slice(1, 6) : path.slice(0, 5);
      },
    }),
    { atol: 1e-4, reveal: false },
  );
});

exercise("06.2", (subject, draw) => {
  const titles = {
    "dc collects from h and from the step after": [backSlips.assigned, backSlips.noOutput],
    "tanh's slope at c is 1 − tanh²(c)": backSlips.atC,
    "the candidate's slope is 1 − g²": [backSlips.tanhTwice, backSlips.onlyG],
    "the way back goes through the sigmoids": [backSlips.noSlope, backSlips.bare],
    "the forget gate's gradient reads cPrev": backSlips.newC,
    "each gate has its own gradient": [backSlips.swapped, backSlips.shownC, backSlips.throughC],
    "f scales what goes on to cPrev": [backSlips.whole, backSlips.onlyDc],
  } as const;
  const attempt = async () => {
    const { pre, cPrev } = draw.lstmInputs();
    const [dh, dc] = [draw.vector(3), draw.vector(3)];
    const step = stepOf(pre, cPrev);
    const back = parts(await subject.call("stepBack", step, dh, dc), "pre", "dcPrev");
    const { i, f, o, g } = parts(back.pre, "i", "f", "o", "g");
    return { pre, cPrev, step, dh, dc, answer: [i, f, o, g, back.dcPrev] };
  };
  const names = ["pre.i", "pre.f", "pre.o", "pre.g", "dcPrev"];
  avoidEach(
    titles,
    async () => {
      const { answer, step, dh, dc } = await attempt();
      return { answer, reference: (made) => stepBack(step, dh, dc, made) };
    },
    { names },
  );
  test("the numbers are the tape's", async () => {
    const { answer, pre, cPrev, dh, dc } = await attempt();
    expect(answer).toBeAllClose(stepTape(pre, cPrev, dh, dc), { names });
  });
});

exercise("06.3", (subject, draw) => {
  const { oneSided, notHalved, kept, signed } = nudgeSlips;
  const attempt = async (sign = 1) => {
    const size = 4;
    const [x, a, b] = [draw.vector(size), draw.vector(size, 0.5, 2), draw.vector(size)];
    const eps = draw.integer(5, 20) / 100;
    const { numeric } = nudged({ a, b }, x, x, eps);
    const off = [draw.number(0.1, 1), draw.number(1.2, 1.8), draw.number(-1, -0.1), draw.number(-4, -2.5)];
    const steepest = [numeric, numeric.map(Math.abs)].map((all) => all.indexOf(Math.max(...all)));
    const others = [0, 1, 2, 3].filter((k) => !steepest.includes(k)); // the last of `off`, the worst, goes to one of them
    const turn = size - 1 - others[draw.integer(0, others.length - 1)];
    const claimed = numeric.map((value, k) => value - sign * off[(k + turn) % size]);
    const answer = parts(
      await subject.call("checkGradient", fixture("cubic", { a, b }), x, claimed, eps),
      "numeric",
      "worst",
    );
    return { answer, f: { a, b }, x, claimed, eps };
  };
  avoidEach<string, (typeof nudgeSlips)[keyof typeof nudgeSlips]>(
    {
      "the loss is looked at on both sides": oneSided,
      "the difference is divided by 2ε": notHalved,
      "one entry is nudged at a time, and then put back": kept,
    },
    async () => {
      const { answer, f, x, claimed, eps } = await attempt();
      return {
        answer: answer.numeric,
        reference: (made) => nudged(f, x, claimed, eps, (slip) => slip !== signed && made(slip)).numeric,
      };
    },
  );
  test("the worst entry has the largest difference, whatever its sign", async () => {
    const steepest = "the largest gradient was chosen, not the largest difference";
    const worst = (all: number[]): number => all.indexOf(Math.max(...all));
    // Both signs: numeric − claimed and claimed − numeric are wrong on one of them.
    for (const sign of [1, -1]) {
      const { answer, claimed } = await attempt(sign);
      expect(answer.numeric).toBeInformative([4]); // the learner's own differences: a slip there costs nothing here
      const own = answer.numeric as number[];
      const distances = own.map((value, k) => sign * (value - claimed[k]));
      const answers = variants([signed, steepest], (made) => {
        if (made(signed)) return worst(distances);
        if (made(steepest)) return worst(own.map(Math.abs));
        return worst(distances.map(Math.abs));
      });
      expect(answer.worst).toAvoid([signed, steepest], answers);
    }
  });
});

exercise("06.4", (subject, draw) => {
  avoidEach(
    {
      "tanh's slope is taken at the right value": reverseSlips.atC,
      "the slope is 1 minus a square": reverseSlips.noSquare,
      "what comes from the step after is added": reverseSlips.lost,
      "f scales what goes to the step before": reverseSlips.noF,
    },
    async () => {
      const steps = Array.from({ length: 4 }, (): Moment => {
        return { f: draw.number(0.3, 0.95), o: draw.number(0.3, 0.95), c: draw.number(-3, 3) };
      });
      const w = draw.vector(4);
      const answer = await subject.call("cellGradients", steps, w);
      return { answer, reference: (made) => cellGradients(steps, w, made) };
    },
    { mended: reverseSlips.atC },
  );
});
