import { readSafetensors, type Tensor } from "unrolled";
import { describe, expect, test } from "vitest";
import { disagreement, tracked } from "../../fixtures/pytorch.js";
import {
  constants,
  gradientsUnderOurNames,
  type NetCase,
  netOf,
  sequences,
  weightsFile,
} from "../../fixtures/sequences.js";

const { lengths } = sequences;

/** Runs our net over PyTorch's batch and differentiates the same weighted sum. */
function compared(reference: NetCase, dtype: "float64" | "float32" = "float64") {
  const net = netOf(reference, dtype);
  const xs = reference.x.map(tracked);
  const initial: Record<string, Tensor[]> = { h: reference.h0.map(tracked) };
  if (reference.kind === "lstm") initial.c = reference.c0.map(tracked);
  const { outputs, final } = net.run(xs, { lengths, initial: initial as { h: Tensor[] } });
  const finals = Object.values(final) as Tensor[][];
  const weights = [reference.outputWeights, ...reference.finalWeights].map(constants);
  [outputs, ...finals]
    .flatMap((parts, k) => parts.map((part, j) => part.to("float64").mul(weights[k][j]).sum()))
    .reduce((total, part) => total.add(part))
    .backward();
  return { net, xs, initial, outputs, finals };
}

/** The worst disagreement over several tensors, each measured on its own. */
const worst = (ours: ArrayLike<number>[], theirs: number[][][]): number =>
  Math.max(...ours.map((values, k) => disagreement(values, theirs[k].flat())));

const data = (parts: readonly Tensor[]) => parts.map((part) => part.data);
const grads = (parts: readonly Tensor[]) => parts.map((part) => part.grad);

describe.each(sequences.nets)("PyTorch, packed sequence: $name", (reference) => {
  const { net, xs, initial, outputs, finals } = compared(reference);
  const gradients = gradientsUnderOurNames(reference);

  test("outputs and final states agree to 1e-12", () => {
    const all = outputs.flatMap((output) => [...output.data]); // together: past the longest, theirs are all 0
    expect(disagreement(all, reference.outputs.flat(2))).toBeLessThan(1e-12);
    for (const [k, parts] of finals.entries()) expect(worst(data(parts), reference.finals[k])).toBeLessThan(1e-12);
  });

  test("every gradient agrees to 1e-12: weights, inputs, initial states", () => {
    const ours = net.parameters();
    expect(Object.keys(ours).sort()).toEqual(Object.keys(gradients).sort());
    for (const [name, gradient] of Object.entries(gradients)) {
      expect([name, disagreement(ours[name].grad, gradient.flat()) < 1e-12]).toEqual([name, true]);
    }
    expect(worst(grads(xs), reference.dx)).toBeLessThan(1e-12);
    expect(worst(grads(initial.h), reference.dh0)).toBeLessThan(1e-12);
    if (reference.dc0) expect(worst(grads(initial.c), reference.dc0)).toBeLessThan(1e-12);
  });

  test("in float32 outputs and gradients agree to 1e-5", () => {
    const single = compared(reference, "float32");
    const all = single.outputs.flatMap((output) => [...output.data]);
    expect(disagreement(all, reference.outputs.flat(2))).toBeLessThan(1e-5);
    for (const [name, weight] of Object.entries(single.net.parameters())) {
      expect([name, disagreement(weight.grad, gradients[name].flat()) < 1e-5]).toEqual([name, true]);
    }
  });
});

test("the fixture says which lengths it has", () => {
  expect([...readSafetensors(weightsFile("lstm_2_bidirectional"))._lengths.data]).toEqual(lengths);
});
