import { readFileSync } from "node:fs";
import {
  dotProductAttention,
  embedding,
  feedForward,
  gatedLinearUnit,
  selfAttention,
  type Tensor,
  tensor,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { disagreement, tracked } from "../../fixtures/pytorch.js";

type Matrix = number[][];

interface LayerCase {
  name: "embedding" | "feedForward" | "gatedLinearUnit" | "dotProductAttention" | "selfAttention";
  parameters: Record<string, Matrix>;
  gradients: Record<string, Matrix>;
  inputs: { x?: Matrix; query?: Matrix; hs?: Matrix[]; xs?: Matrix[]; symbols?: number[] };
  inputGradients: { x?: Matrix; query?: Matrix; hs?: Matrix[]; xs?: Matrix[] };
  outputs: Matrix | Matrix[];
  outputWeights: Matrix | Matrix[];
  attention?: Matrix | Matrix[];
  activation?: "tanh" | "sigmoid" | "relu";
  squash?: "sigmoid" | "swish";
  scaled?: boolean;
  causal?: boolean;
  lengths?: number[] | null;
}

const fixture = new URL("../../fixtures/pytorch_layers.json", import.meta.url);
const cases: LayerCase[] = JSON.parse(readFileSync(fixture, "utf8")).layers;
const limit = 1e-12;

/** Our layer with PyTorch's weights, run on PyTorch's inputs. */
function ran(reference: LayerCase) {
  const { name, inputs, lengths, parameters, activation, squash, causal, scaled } = reference;
  const width = (weights: string): [number, number] => [parameters[weights].length, parameters[weights][0].length];
  const withWeights = <L extends { parameters(): Record<string, Tensor> }>(layer: L): L => {
    expect(Object.keys(layer.parameters()).sort()).toEqual(Object.keys(parameters).sort());
    for (const [key, { data }] of Object.entries(layer.parameters())) data.set(parameters[key].flat());
    return layer;
  };
  const looking = lengths ? { lengths } : {};
  const [x, query] = [inputs.x, inputs.query].map((rows) => rows && tracked(rows));
  const [hs, xs] = [inputs.hs, inputs.xs].map((steps) => steps?.map(tracked));
  switch (name) {
    case "embedding": {
      const layer = withWeights(embedding(...width("W")));
      return { layer, given: {}, outputs: [layer.of(inputs.symbols!)], attention: [] };
    }
    case "feedForward": {
      const layer = withWeights(feedForward([4, 6, 5, 2], { activation }));
      return { layer, given: { x: [x!] }, outputs: [layer.of(x!)], attention: [] };
    }
    case "gatedLinearUnit": {
      const layer = withWeights(gatedLinearUnit(...width("value.W"), { squash }));
      return { layer, given: { x: [x!] }, outputs: [layer.of(x!)], attention: [] };
    }
    case "dotProductAttention": {
      const layer = withWeights(dotProductAttention({ scaled }));
      const { context, weights } = layer.of(query!, hs!, looking);
      return { layer, given: { query: [query!], hs: hs! }, outputs: [context], attention: [weights] };
    }
    default: {
      const layer = withWeights(selfAttention(4, { causal }));
      const { outputs, weights } = layer.of(xs!, looking);
      return { layer, given: { xs: xs! }, outputs, attention: weights };
    }
  }
}

const flat = (tensors: readonly Tensor[]): number[] => tensors.flatMap(({ data }) => [...data]);
const title = ({ name, activation, squash, scaled, causal, lengths }: LayerCase): string =>
  `${name} ${JSON.stringify({ activation, squash, scaled, causal, lengths })}`;

describe.each(cases.map((reference) => [title(reference), reference] as const))("PyTorch %s", (_, reference) => {
  const { layer, given, outputs, attention } = ran(reference);
  const steps = (given as { xs?: Tensor[] }).xs
    ? (reference.outputWeights as Matrix[])
    : [reference.outputWeights as Matrix];
  const losses = outputs.map((y, t) => y.mul(tensor(steps[t])).sum());
  losses.reduce((sum, loss) => sum.add(loss)).backward();

  test("outputs agree, and where attention looks", () => {
    expect(disagreement(flat(outputs), reference.outputs.flat(2))).toBeLessThan(limit);
    if (reference.attention) expect(disagreement(flat(attention), reference.attention.flat(2))).toBeLessThan(limit);
  });

  test("gradients of parameters and inputs agree", () => {
    const ours = layer.parameters();
    for (const [name, gradient] of Object.entries(reference.gradients)) {
      expect([name, disagreement(ours[name].grad, gradient.flat()) < limit]).toEqual([name, true]);
    }
    for (const [name, gradient] of Object.entries(reference.inputGradients)) {
      const tensors = (given as Record<string, Tensor[]>)[name];
      expect([
        name,
        disagreement(
          tensors.flatMap(({ grad }) => [...grad]),
          gradient.flat(2),
        ) < limit,
      ]).toEqual([name, true]);
    }
  });
});
