import { bidirectional, LSTMCell, seededRng, stacked, stateful, tensor, windows } from "unrolled";
import { describe, expect, test } from "vitest";

const net = () => stacked("lstm", 2, 3, { layers: 2, rng: seededRng(1) });
const xs = Array.from({ length: 7 }, (_, t) => tensor([[Math.sin(t), 1]]));

describe("stateful", () => {
  test("window by window it says what one run over the whole sequence says", () => {
    const reader = stateful(net());
    const outputs = windows(xs, 3).flatMap((window) => reader.run(window).outputs);
    expect(outputs.map((output) => output.tolist())).toEqual(
      net()
        .run(xs)
        .outputs.map((output) => output.tolist()),
    );
    expect(reader.state?.c[1].tolist()).toEqual(net().run(xs).final.c[1].tolist());
  });

  test("no gradient crosses from one window to the one before", () => {
    const inputs = xs.map((x) => tensor(x.tolist(), { requiresGrad: true }));
    const reader = stateful(net());
    reader.run(inputs.slice(0, 3));
    reader.run(inputs.slice(3)).outputs[3].sum().backward();
    expect(inputs[2].grad.every((v) => v === 0)).toBe(true);
    expect(inputs[3].grad.some((v) => v !== 0)).toBe(true);
  });

  test("reset forgets", () => {
    const reader = stateful(net());
    const first = reader.run(xs).outputs[6].tolist();
    expect(reader.run(xs).outputs[6].tolist()).not.toEqual(first);
    reader.reset();
    expect(reader.run(xs).outputs[6].tolist()).toEqual(first);
  });

  test("shares its net's weights", () => {
    const inner = net();
    expect(stateful(inner).parameters()).toEqual(inner.parameters());
  });

  test("refuses another batch size until it is reset, and nets that read backward", () => {
    const reader = stateful(net());
    reader.run(xs);
    const two = [
      tensor([
        [0, 1],
        [0, 1],
      ]),
    ];
    expect(() => reader.run(two)).toThrow("run: the batch must go on with 1 sequences, got 2; reset() forgets");
    reader.reset();
    expect(() => reader.run(two)).not.toThrow();
    expect(() => reader.run(two, { initial: reader.state } as object)).toThrow('run: unknown option "initial"');
    const both = bidirectional(new LSTMCell(2, 3), new LSTMCell(2, 3));
    expect(() => stateful(both)).toThrow("stateful: net must read forward only, got a bidirectional one");
    expect(() => stateful(new LSTMCell(2, 3) as never)).toThrow(
      "stateful: net must be made by stacked(…), got an object (LSTMCell)",
    );
  });
});

describe("windows", () => {
  test("cuts a sequence into pieces, the last as long as what is left", () => {
    expect(windows([1, 2, 3, 4, 5, 6, 7], 3)).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
    expect(windows([1, 2], 2)).toEqual([[1, 2]]);
  });
  test("refuses pieces of no length", () => {
    expect(() => windows([1], 0)).toThrow("windows: length must be an integer >= 1, got 0");
  });
});
