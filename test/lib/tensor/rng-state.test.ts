import { seededRng } from "unrolled";
import { expect, test } from "vitest";

const drawn = (rng: ReturnType<typeof seededRng>) => [rng.normal(), rng.normal(), rng.bits(), rng.fork("a").bits()];

test("rng: restored, it draws the same numbers again, a normal that was waiting included", () => {
  const rng = seededRng(-3);
  rng.normal();
  const state = rng.save();
  const first = drawn(rng);
  rng.restore(state);
  expect(drawn(rng)).toEqual(first);
});

test("rng: another stream takes the state over, through JSON, its forks too", () => {
  const rng = seededRng(7).fork("train");
  rng.uniform();
  const other = seededRng(1);
  other.normal();
  other.restore(JSON.parse(JSON.stringify(rng.save())));
  expect(drawn(other)).toEqual(drawn(rng));
});

test.each([undefined, {}, 3, { seed: "x", words: [1, 2, 3, 4] }, { seed: "1", words: [1, 2, 3] }])(
  "rng.restore refuses %j",
  (state) => {
    expect(() => seededRng(1).restore(state as never)).toThrow("rng.restore: state must be what save() gave, got ");
  },
);

test("rng.restore refuses words that are not 32 bits, or all 0, and changes nothing", () => {
  const rng = seededRng(1);
  const { seed } = rng.save();
  for (const words of [
    [0, 0, 0, 0],
    [-1, 0, 0, 1],
    [0.5, 0, 0, 1],
    [2 ** 32, 0, 0, 1],
  ]) {
    expect(() => rng.restore({ seed, words })).toThrow("rng.restore: state must be what save() gave");
  }
  expect(() => rng.restore({ seed, words: [1, 2, 3, 4], spare: Number.NaN })).toThrow("rng.restore");
  expect(rng.bits()).toBe(seededRng(1).bits());
});
