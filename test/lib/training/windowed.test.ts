import { adding, full, seededRng, windowed } from "unrolled";
import { expect, test } from "vitest";

/** Sequences of five steps; each shows and asks for numbers never shown before. */
function counting(mask = false) {
  let next = 0;
  const five = () => Array.from({ length: 5 }, () => full(1, 1, next++));
  return { batch: () => ({ xs: five(), targets: five(), ...(mask && { mask: Array(5).fill(full(1, 1, 1)) }) }) };
}
const values = (tensors: readonly { item(): number }[]) => tensors.map((x) => x.item());

test("windowed: deals a sequence out in pieces, says where new ones begin", () => {
  const source = windowed(counting(), 2);
  const dealt = Array.from({ length: 4 }, () => source.batch());
  expect(dealt.map(({ xs }) => values(xs))).toEqual([[0, 1], [2, 3], [4], [10, 11]]);
  expect(dealt.map(({ targets }) => values(targets!))).toEqual([[5, 6], [7, 8], [9], [15, 16]]);
  expect(dealt.map(({ fresh }) => fresh)).toEqual([true, false, false, true]);
  expect("mask" in dealt[0]).toBe(false);
});

test("windowed: cuts the mask too", () => {
  const source = windowed(counting(true), 3);
  expect([source.batch().mask, source.batch().mask].map((mask) => mask?.length)).toEqual([3, 2]);
});

test("windowed: saved amid a sequence and restored, it deals out the same again", () => {
  const make = () => {
    const rng = seededRng(1);
    const draw = () => Array.from({ length: 5 }, () => full(1, 1, rng.normal()));
    return windowed({ batch: () => ({ xs: draw(), targets: draw() }) }, 2, [rng]);
  };
  const source = make();
  const unused = JSON.stringify(source.save());
  source.batch();
  source.batch();
  const state = JSON.stringify(source.save());
  const next = () => Array.from({ length: 4 }, () => values(source.batch().xs));
  const expected = next();
  source.restore(JSON.parse(state) as never);
  expect(next()).toEqual(expected);
  const other = make();
  other.restore(JSON.parse(state) as never);
  expect(Array.from({ length: 4 }, () => values(other.batch().xs))).toEqual(expected);
  other.restore(JSON.parse(unused) as never);
  expect(other.batch().fresh).toBe(true);
});

test("windowed: refuses what cannot be cut", () => {
  expect(() => windowed({} as never, 2)).toThrow("windowed: source must have batch(), got an object (Object)");
  expect(() => windowed(counting(), 0)).toThrow("windowed: length must be an integer >= 1, got 0");
  expect(() => windowed(adding({ seqLen: 4 }), 2).batch()).toThrow(
    "windowed: batches must have targets, one per time step, got none",
  );
  const ragged = { batch: () => ({ ...counting().batch(), lengths: [3] }) };
  expect(() => windowed(ragged, 2).batch()).toThrow("windowed: sequences must be equally long, got lengths");
  expect(() => windowed(counting(), 2).restore({} as never)).toThrow(
    "windowed: state must be what save() gave, got an object (Object)",
  );
});
