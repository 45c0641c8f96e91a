import { exercise, expect, parts, test, variants } from "unrolled/exercise/suite";
import {
  type BidirectionalSlip,
  bidirectionalOver,
  bidirectionalSlips,
  type CellWeights,
  type DropoutSlip,
  dropoutSlips,
  droppedOver,
  type StackedSlip,
  stackedOver,
  stackedSlips,
} from "./reference/layers.js";
import { pytorchTwoLayers, type TorchSlip, torchOver, torchSlips } from "./reference/torch.js";
import type { Matrix, Vector } from "./reference/vectors.js";

type Draw = Parameters<Parameters<typeof exercise>[1]>[1];

const size = 3; // of inputs and states alike, so that no slip shows as a wrong shape

const drawCell = (draw: Draw): CellWeights => ({
  Wx: draw.matrix(size, size),
  Wh: draw.matrix(size, size),
  b: draw.vector(size, -1, 1),
});

exercise("11.1", (subject, draw) => {
  const titles: Record<string, StackedSlip | StackedSlip[]> = {
    "a layer reads the hidden states of the one below": stackedSlips.reading,
    "each layer has its own weights": stackedSlips.weights,
    "the outputs are the top layer's": stackedSlips.bottom,
    "final has the last state of every layer": [
      stackedSlips.finals,
      stackedSlips.topFirst,
      stackedSlips.begins,
      stackedSlips.everyStep,
    ],
  };
  for (const [title, slip] of Object.entries(titles)) {
    test(title, async () => {
      const [xs, layers] = [draw.matrix(4, size), [drawCell(draw), drawCell(draw), drawCell(draw)]];
      const { outputs, final } = parts(await subject.call("stacked", xs, layers), "outputs", "final");
      for (const [name, got] of Object.entries({ outputs, final })) {
        const answers = variants(Object.values(stackedSlips), (made) =>
          name === "final" ? stackedOver(xs, layers, made).final : stackedOver(xs, layers, made).outputs,
        );
        expect(got).toAvoid(slip, answers);
      }
    });
  }
});

exercise("11.2", (subject, draw) => {
  const titles: Record<string, BidirectionalSlip | BidirectionalSlip[]> = {
    "the backward cell starts at the last real step": bidirectionalSlips.padding,
    "the backward states are turned round again": bidirectionalSlips.order,
    "each direction has its own weights": bidirectionalSlips.weights,
    "forward comes first in each output": bidirectionalSlips.sides,
    "past the end the output is zero": [bidirectionalSlips.past, bidirectionalSlips.short],
  };
  for (const [title, slip] of Object.entries(titles)) {
    test(title, async () => {
      const [xs, length] = [draw.matrix(6, size), draw.integer(3, 4)];
      const [forward, backward] = [drawCell(draw), drawCell(draw)];
      const answers = variants(Object.values(bidirectionalSlips), (made) =>
        bidirectionalOver(xs, length, { forward, backward }, made),
      );
      expect(await subject.call("bidirectional", xs, length, forward, backward)).toAvoid(slip, answers);
    });
  }
});

exercise("11.3", (subject) => {
  const wrong: Record<string, [name: string, right: Vector, slip: string, seen: Vector[]]> = {
    "output joins both directions": [
      "outputShape",
      [8, 3, 12],
      "one direction only: both stand side by side",
      [[8, 3, 6]],
    ],
    "output shows the top layer alone": [
      "outputShape",
      [8, 3, 12],
      "both layers are counted: only the top one comes out",
      [
        [8, 3, 24],
        [16, 3, 12],
        [16, 3, 6],
      ],
    ],
    "time comes before the batch": [
      "outputShape",
      [8, 3, 12],
      "the batch stands first: unless told, PyTorch puts time there",
      [[3, 8, 12]],
    ],
    "h_n has one state per layer and direction": [
      "hnShape",
      [4, 3, 6],
      "layers or directions are left out of h_n",
      [
        [2, 3, 6],
        [1, 3, 6],
      ],
    ],
    "h_n keeps the directions apart": [
      "hnShape",
      [4, 3, 6],
      "the directions are joined: h_n keeps them apart",
      [
        [2, 3, 12],
        [4, 3, 12],
        [1, 3, 12],
      ],
    ],
    "four gates lie below each other": [
      "weightShape",
      [24, 12],
      "these are the rows of one gate: all four lie in the matrix",
      [
        [6, 12],
        [6, 6],
        [6, 4],
      ],
    ],
    "layer 1 reads both directions of layer 0": [
      "weightShape",
      [24, 12],
      "the columns are not what layer 1 reads",
      [
        [24, 4],
        [24, 6],
        [6, 6],
        [6, 4],
      ],
    ],
    "a row belongs to an output": [
      "weightShape",
      [24, 12],
      "transposed: PyTorch keeps one row per output",
      [
        [12, 24],
        [4, 24],
        [6, 24],
      ],
    ],
  };
  for (const [title, [name, right, slip, seen]] of Object.entries(wrong)) {
    test(title, async () => {
      const got = await subject.value<Vector>(name);
      const known = Object.values(wrong).filter(([of]) => of === name);
      const made = seen.find((shape) => shape.join() === String(got));
      const elsewhere = known.some(([, , , shapes]) => shapes.some((shape) => shape.join() === String(got)));
      if (!made && elsewhere) return; // another check names it
      expect(got).toBeAllClose(right, { reveal: false, mistakes: made ? { [slip]: made } : {} });
    });
  }
});

exercise("11.4", (subject, draw) => {
  const drawn = () => {
    const [seqLen, lengths] = [5, [draw.integer(3, 4), draw.integer(1, 2), 4]];
    return { hs: lengths.map(() => draw.matrix(seqLen, size)), losses: draw.matrix(3, seqLen, 0.1, 4), lengths };
  };
  const mean = (values: Vector): number => values.reduce((sum, value) => sum + value, 0) / values.length;

  test("the state at each sequence's last real step is read", async () => {
    const { hs, losses, lengths } = drawn();
    const { last } = parts(await subject.call("summary", hs, losses, lengths), "last", "loss");
    const at = (place: (s: number) => number) => hs.map((states, s) => states[place(s)]);
    expect(last).toBeAllClose(
      at((s) => lengths[s] - 1),
      {
        mistakes: {
          "the last padded step was read: each sequence ends at its own length": at(() => 4),
          "one step too late: the first step has index 0": at((s) => lengths[s]),
          "all sequences were read where the longest ends": at(() => Math.max(...lengths) - 1),
        },
      },
    );
  });

  test("the loss is the average over the real steps", async () => {
    const { hs, losses, lengths } = drawn();
    const { loss } = parts(await subject.call("summary", hs, losses, lengths), "last", "loss");
    const real = losses.map((row, s) => row.slice(0, lengths[s]));
    expect(loss).toBeAllClose(mean(real.flat()), {
      mistakes: {
        "the losses of padded steps are in the average": mean(losses.flat()),
        "the sum is divided by all steps, padding included": (mean(real.flat()) * real.flat().length) / 15,
        "each sequence was averaged on its own: a short one then weighs too much": mean(real.map(mean)),
      },
    });
  });
});

exercise("11.5", (subject, draw) => {
  const evaluation = [dropoutSlips.evaluation, dropoutSlips.scaledInUse];
  const titles: Record<string, DropoutSlip | DropoutSlip[]> = {
    "the recurrent path stays whole": dropoutSlips.recurrent,
    "what stays is scaled by 1 / (1 − rate)": [dropoutSlips.unscaled, dropoutSlips.byRate],
    "u < rate means dropped": dropoutSlips.inverted,
    "every step chooses anew": dropoutSlips.same,
    "the upper layer's output stays whole": dropoutSlips.top,
    "nothing is dropped unless training": evaluation,
  };
  for (const [title, slip] of Object.entries(titles)) {
    test(title, async () => {
      const [xs, lower, upper] = [draw.matrix(5, size), drawCell(draw), drawCell(draw)];
      const u: Matrix = Array.from({ length: 5 }, () => [draw.number(0.02, 0.3), ...draw.vector(size - 1, 0.4, 0.98)]);
      u.forEach((row, t) => {
        row.push(...row.splice(0, t % size)); // another entry goes at each step
      });
      const dropping = { rate: 0.375, u, training: slip !== evaluation };
      const answers = variants(Object.values(dropoutSlips), (made) =>
        droppedOver(xs, { lower, upper }, dropping, made),
      );
      expect(await subject.call("twoLayers", xs, lower, upper, dropping)).toAvoid(slip, answers);
    });
  }
});

exercise("11.6", (subject, draw) => {
  const titles: Record<string, TorchSlip | TorchSlip[]> = {
    "the candidate comes third, the output gate fourth": [torchSlips.lastTwo, torchSlips.allSigmoid],
    "the input gate comes first, the forget gate second": torchSlips.firstTwo,
    "a gate's rows lie together": torchSlips.interleaved,
    "bias_ih_l0 is added": torchSlips.inputBias,
    "bias_hh_l0 is added": torchSlips.stateBias,
    "a row of weight_hh_l0 belongs to an output": torchSlips.transposed,
    "the state is carried from step to step": torchSlips.forgetful,
    "h reads the new cell state": torchSlips.oldC,
    "hn and cn come back under their own names": torchSlips.names,
  };
  const call = async (...args: unknown[]) => {
    const { output, hn, cn } = parts(await subject.call("lstm", ...args), "output", "hn", "cn");
    return [...(output as Vector[]), hn, cn];
  };
  const names = ["output[0]", "output[1]", "output[2]", "hn", "cn"];
  for (const [title, slip] of Object.entries(titles)) {
    test(title, async () => {
      const weights = {
        weight_ih_l0: draw.matrix(4 * size, 2),
        weight_hh_l0: draw.matrix(4 * size, size),
        bias_ih_l0: draw.vector(4 * size),
        bias_hh_l0: draw.vector(4 * size),
      };
      const [xs, h0, c0] = [draw.matrix(3, 2), draw.vector(size, -1, 1), draw.vector(size)];
      const answers = variants(Object.values(torchSlips), (made) => torchOver(xs, { h: h0, c: c0 }, weights, made));
      expect(await call(xs, h0, c0, weights)).toAvoid(slip, answers, { names });
    });
  }

  test("the numbers are those that PyTorch computed", async () => {
    const { xs, layers, outputs } = pytorchTwoLayers();
    let inputs = xs;
    for (const { weights, h0, c0, hn, cn } of layers) {
      const got = await call(inputs, h0, c0, weights);
      expect(got.slice(-2)).toBeAllClose([hn, cn], { names: ["hn", "cn"] });
      inputs = got.slice(0, -2) as Vector[]; // the learner's own layer 0 goes into layer 1
    }
    expect(inputs).toBeAllClose(outputs);
  });
});
