import { RNNCell, tensor, unroll } from "unrolled";
import { exercise, expect, test } from "unrolled/exercise/suite";
import { avoidEach } from "./reference/avoid.js";
import { clip, clipSlips, flowAt, flowBack, flowSlips, gramSchmidt, orthogonalSlips } from "./reference/gradients.js";
import { rnnOver } from "./reference/rnn.js";
import { dot, length, zeros } from "./reference/rows.js";
import type { Matrix, Vector } from "./reference/vectors.js";

exercise("02.1", (subject) => {
  const slips = {
    "each step takes a share of what is left":
      "each step took the same amount away, not the same share of what is left",
    "a thousandth is left, not a hundredth": "these are the steps to a hundredth",
    "it goes down to a thousandth, not to a half": "these are the steps to one half",
    "the first step that is enough counts":
      "rounded down: after so many steps there is still more than a thousandth left",
  } as const;
  const nearest = "rounded to the nearest: where that is down, there is still more than a thousandth left";
  const last = "the first step that is enough counts";
  avoidEach(
    { ...slips, [last]: [slips[last], nearest] },
    async () => ({
      answer: await subject.value("steps"),
      reference: (made) => {
        const thousandth = made("these are the steps to one half") ? 0.5 : 0.001;
        const left = made("these are the steps to a hundredth") ? 0.01 : thousandth;
        const whole = made(slips[last]) ? Math.floor : made(nearest) ? Math.round : Math.ceil;
        const amounts = made(slips["each step takes a share of what is left"]);
        return [0.7, 0.95, 0.99].map((r) => whole(amounts ? (1 - left) / (1 - r) : Math.log(left) / Math.log(r)));
      },
    }),
    { reveal: false },
  );
});

exercise("02.2", (subject, draw) => {
  const titles = {
    "every entry is scaled by one factor": clipSlips.byValue,
    "all tensors count as one vector": clipSlips.perTensor,
    "a gradient that is short enough is left alone": clipSlips.always,
    "the length is a square root": clipSlips.noRoot,
    "the new length is the limit": clipSlips.toOne,
  } as const;
  avoidEach(titles, async () => {
    // One that is too long, one that is short enough: who gives both back as they came, or both clipped, is caught.
    const [long, short] = [draw.matrix(3, 4, -3, 3), draw.matrix(3, 4, -1, 1)];
    const limits = [draw.number(0.3, 0.8), draw.number(5, 9)];
    const answer = [await subject.call("clipped", long, limits[0]), await subject.call("clipped", short, limits[1])];
    return { answer, reference: (made) => [clip(long, limits[0], made), clip(short, limits[1], made)] };
  });
});

exercise("02.3", (subject, draw) => {
  const ask = async () => {
    const [random, gain] = [draw.matrix(4, 4, -2, 2), draw.number(1.2, 2)];
    return { random, gain, answer: await subject.call("orthogonalFrom", random, gain) };
  };
  const titles = {
    "each row loses what it shares with the rows before": orthogonalSlips.onlyScaled,
    "it loses what it shares with all of them": orthogonalSlips.onlyLast,
    "what it shares is measured on the finished rows": orthogonalSlips.rawRows,
    "every row is made as long as 1": [orthogonalSlips.notScaled, orthogonalSlips.scaledBefore],
    "the gain stretches every row": [orthogonalSlips.noGain, orthogonalSlips.gainInside],
  } as const;
  avoidEach(titles, async () => {
    const { random, gain, answer } = await ask();
    return { answer, reference: (made) => gramSchmidt(random, gain, made) };
  });

  test("the rows are at right angles and as long as the gain", async () => {
    const { gain, answer } = await ask();
    expect(answer).toBeInformative([4, 4]);
    const Q = answer as Matrix;
    const products = Q.map((row) => Q.map((other) => dot(row, other)));
    const square = Q.map((_, i) => Q.map((_, j) => (i === j ? gain * gain : 0)));
    expect(products).toBeAllClose(square, { atol: 1e-9 });
  });
});

/** What the library's tape says: the lengths of ∂L/∂hₜ for L = dhLast · h_T, lag 0 first. */
function onTape(xs: Vector[], Wx: Matrix, Wh: Matrix, dhLast: Vector): Vector {
  const cell = new RNNCell(Wx.length, Wh.length);
  cell.hidden.Wx.data.set(Wx.flat());
  cell.hidden.Wh.data.set(Wh.flat());
  const steps = unroll(
    cell,
    xs.map((x) => tensor([x])),
  );
  steps
    .at(-1)!
    .h.mul(tensor([dhLast]))
    .sum()
    .backward();
  return steps.map(({ h }) => length(Array.from(h.grad!))).reverse();
}

exercise("02.4", (subject, draw) => {
  const ask = async () => {
    const [xs, Wx, Wh] = [draw.matrix(5, 2), draw.matrix(2, 3), draw.matrix(3, 3)];
    const dhLast = draw.vector(3);
    const hs = rnnOver(xs, zeros(3), { Wx, Wh, b: zeros(3) });
    return { xs, Wx, Wh, dhLast, hs, answer: await subject.call("flowBack", hs, Wh, dhLast) };
  };
  const titles = {
    "the slopes of tanh are there": flowSlips.noSlopes,
    "the slope is that of the later state": flowSlips.earlierSlope,
    "slopes first, weights second": flowSlips.order,
    "the weights are transposed": flowSlips.notTransposed,
    "lag 0 comes first": flowSlips.inTime,
    "a length is a square root": flowSlips.squares,
  } as const;
  avoidEach(titles, async () => {
    const { hs, Wh, dhLast, answer } = await ask();
    return { answer, reference: (made) => flowBack(hs, Wh, dhLast, made) };
  });

  test("the lengths are those of the tape", async () => {
    const { xs, Wx, Wh, dhLast, answer } = await ask();
    expect(answer).toBeAllClose(onTape(xs, Wx, Wh, dhLast));
  });
});

exercise("02.5", (subject, draw) => {
  const slips = {
    "the last lag is compared with lag 0": "a nearer lag is compared with lag 0: look at the last one",
    "it has grown, not shrunk": "this is where it has shrunk, not grown",
    "the first such gain is given": "this is the last gain at which it has grown, not the first",
    "the loudness is the one asked for": "the loudness is not the one that was asked for",
  } as const;
  const between = "some lag in between is larger than lag 0, and may fade after: look at the last one";
  const lags = "the last lag is compared with lag 0";
  const gains = Array.from({ length: 45 }, (_, k) => (k + 16) / 20);
  avoidEach({ ...slips, [lags]: [slips[lags], between] }, async () => {
    const asked = [draw.number(1.2, 1.6), draw.number(2, 3)].map((loudness) => ({
      loudness,
      seed: draw.integer(1, 999),
    }));
    const answer: unknown[] = [];
    for (const { loudness, seed } of asked) answer.push(await subject.call("growsFrom", loudness, seed));
    return {
      answer,
      reference: (made) =>
        asked.map(({ loudness, seed }) => {
          const heard = made(slips["the loudness is the one asked for"]) ? 1 : loudness;
          const far = made(slips[lags]) ? 1 : 49;
          const shrunk = made(slips["it has grown, not shrunk"]);
          const order = made(slips["the first such gain is given"]) ? [...gains].reverse() : gains;
          const found = order.find((gain) => {
            const norm = flowAt(gain, heard, seed);
            if (made(between)) return norm.some((later) => (shrunk ? later < norm[0] : later > norm[0]));
            return shrunk ? norm[far] < norm[0] : norm[far] > norm[0];
          });
          return found ?? Number.POSITIVE_INFINITY;
        }),
    };
  });

  test("the readings are those of the experiment", async () => {
    const grows = (norm: Vector): boolean => norm[49] > norm[0];
    const firstGain = (loudness: number): number => gains.find((gain) => grows(flowAt(gain, loudness, 1)))!;
    const expected = [0.1, 1, 3].map(firstGain);
    const mistakes = { "in the reverse order: loudness 0.1 comes first": [...expected].reverse() };
    expect(await subject.value("readings")).toBeAllClose(expected, { mistakes, reveal: false });
  });
});
