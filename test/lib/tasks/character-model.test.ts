import { adam, CharacterModel, characterText, crossEntropy, evaluate, fit, seededRng, vocabularyOf } from "unrolled";
import { describe, expect, test } from "vitest";

const text = "abracadabra! ".repeat(30);
const vocabulary = vocabularyOf(text);
const small = (cell: "lstm" | "rnn" = "lstm"): CharacterModel =>
  new CharacterModel(vocabulary, { cell, hiddenSize: 12, rng: seededRng(3) });

/** The readout says what a bias says, whatever was read. */
function biased(bias: Record<string, number>): CharacterModel {
  const model = small();
  model.readout.W.data.fill(0);
  vocabulary.symbols.forEach((symbol, k) => {
    model.readout.b.data[k] = bias[symbol] ?? -Infinity;
  });
  return model;
}

describe.each(["lstm", "rnn"] as const)("CharacterModel, %s", (cell) => {
  test("bits: the mean is what evaluate says of the same characters", () => {
    const model = small(cell);
    const whole = text.slice(0, 300);
    const task = characterText({ text: whole, seqLen: 299, batchSize: 1, order: "stream", dtype: "float32" });
    const own = new CharacterModel(task.vocabulary, { cell, hiddenSize: 12, rng: seededRng(3) });
    const bits = own.bits(whole);
    expect(bits).toHaveLength(299);
    const mean = bits.reduce((sum, one) => sum + one, 0) / bits.length;
    expect(mean * Math.LN2).toBeCloseTo(evaluate(own, task, { loss: crossEntropy, batches: 1 }), 4);
    expect(model.vocabulary.size).toBe(own.vocabulary.size);
  });

  test("read: the state goes on from one window to the next", () => {
    const model = small(cell);
    const long = text.slice(0, 380);
    const steps = model.read(long);
    expect(steps).toHaveLength(380);
    const alone = model.read(text.slice(0, 10));
    expect(steps[9].h.tolist()).toBeAllClose(alone[9].h.tolist(), { atol: 1e-5 });
    const fresh = model.read(long.slice(256));
    expect(steps[379].h.tolist()).not.toEqual(model.read(long.slice(379))[0].h.tolist());
    expect(steps[256].h.tolist()).not.toEqual(fresh[0].h.tolist());
  });
});

test("CharacterModel.bits: equal shares cost log2 V each, a sure thing nothing", () => {
  const even = biased(Object.fromEntries(vocabulary.symbols.map((symbol) => [symbol, 0])));
  for (const bits of even.bits("abra")) expect(bits).toBeCloseTo(Math.log2(vocabulary.size), 5);
  expect(biased({ a: 0 }).bits("aaaa").map(Math.abs)).toEqual([0, 0, 0]);
  expect(biased({ a: 0, b: 0 }).bits("ab")[0]).toBeCloseTo(1, 6);
});

test("CharacterModel.write: at temperature 0 the likeliest, at 1 in proportion, at 2 by the root", () => {
  const model = biased({ a: Math.log(9), b: 0 });
  expect(model.write(20, { start: "a", temperature: 0 })).toBe("a".repeat(20));
  const share = (temperature: number): number =>
    [...model.write(4000, { start: "a", temperature, rng: seededRng(1) })].filter((c) => c === "a").length / 4000;
  expect(share(1)).toBeCloseTo(0.9, 1);
  expect(share(2)).toBeCloseTo(0.75, 1); // 9^(1/2) : 1
});

test("CharacterModel.write: the same seed writes the same; each character is read before the next is chosen", () => {
  const model = small();
  const write = (seed: number): string => model.write(60, { start: "abr", rng: seededRng(seed) });
  expect(write(1)).toBe(write(1));
  expect(write(1)).not.toBe(write(2));
  const head = write(1).slice(0, 30);
  const rng = seededRng(1);
  for (let k = 0; k < 30; k++) rng.uniform();
  expect(model.write(30, { start: `abr${head}`, rng })).toBe(write(1).slice(30));
});

test("CharacterModel: fit teaches it, and it then writes its text", { timeout: 60_000 }, async () => {
  const model = new CharacterModel(vocabulary, { hiddenSize: 24, rng: seededRng(1) });
  const task = characterText({ text, seqLen: 26, batchSize: 8, dtype: "float32" }, seededRng(2));
  for await (const _ of fit(model, task, {
    loss: crossEntropy,
    optimizer: adam({ learningRate: 0.01 }),
    steps: 300,
    clipNorm: 1,
  })) {
    // learning
  }
  expect(model.write(26, { start: "abracadabra! ", temperature: 0 })).toBe("abracadabra! abracadabra! ");
});

test("CharacterModel: refusals", () => {
  const model = small();
  expect(() => new CharacterModel({} as never)).toThrow("CharacterModel: vocabulary must be what vocabularyOf(text)");
  expect(() => new CharacterModel(vocabulary, { cell: "gru" as never })).toThrow("cell");
  expect(() => model.bits("a")).toThrow("bits: text must have at least 2 characters, got 1");
  expect(() => model.bits("axa")).toThrow('every character must be in the vocabulary, got "x" at 1');
  expect(() => model.write(5, { start: "" })).toThrow("write: start must be a text of at least one character");
  expect(() => model.write(5, { start: "a", temperature: -1 })).toThrow("write: temperature must be >= 0, got -1");
  expect(() => model.write(-1)).toThrow("write: length");
});
