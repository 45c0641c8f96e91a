import { describe, expect, test } from "vitest";
import { loadCells } from "../../../lib/src/exercise/cells.js";
import { Draw } from "../../../lib/src/exercise/draw.js";
import { invoke, readOutcome } from "../../../lib/src/exercise/invoke.js";
import { notStarted } from "../../../lib/src/exercise/not-started.js";
import { shown } from "../../../lib/src/exercise/show.js";
import { slipsIn, variants } from "../../../lib/src/exercise/slips.js";
import { subjectOver } from "../../../lib/src/exercise/subject.js";

describe("Draw", () => {
  const first = (seed: string, exercise = "05.3", name = "a test"): number[] => {
    const draw = new Draw(seed);
    draw.begin(exercise, name);
    return draw.vector(4);
  };

  test("the same seed, exercise and test draw the same; any other draws otherwise", () => {
    expect(first("a")).toEqual(first("a"));
    const others = [first("b"), first("a", "05.4"), first("a", "05.3", "another test")];
    for (const other of others) expect(other).not.toEqual(first("a"));
  });

  test("numbers have two decimals, lie in their range, and are never 0 or twice the same in a vector", () => {
    const draw = new Draw();
    const values = draw.vector(100, -1, 1);
    expect(new Set(values).size).toBe(100);
    for (const value of values) {
      expect(Math.abs(value)).toBeLessThanOrEqual(1);
      expect(value).not.toBe(0);
      expect(value).toBe(Number(value.toFixed(2)));
    }
  });
});

describe("slipsIn", () => {
  const answers = variants(["doubled", "negated", "one too many"], (made) => {
    const value = (made("doubled") ? 2 : 1) * (made("negated") ? -1 : 1) * 3;
    return [value + (made("one too many") ? 1 : 0)];
  });

  test("finds no slip in a right answer, one, two; and gives up on the rest", () => {
    expect(slipsIn([3], answers)).toEqual([]);
    expect(slipsIn([6], answers)).toEqual(["doubled"]);
    expect(slipsIn([-6], answers)).toEqual(["doubled", "negated"]);
    expect(slipsIn([5], answers)).toBeUndefined();
    expect(slipsIn([Number.NaN], answers)).toBeUndefined();
  });

  test("toAvoid: one slip fails the one check that names it", () => {
    expect([6]).not.toAvoid("doubled", answers);
    expect([6]).toAvoid("negated", answers);
    expect([5]).not.toAvoid("negated", answers);
    expect(() => expect([6]).toAvoid("doubled", answers)).toThrow("It looks like this: doubled");
  });
});

describe("loadCells", () => {
  const modules = { unrolled: { sigmoid: (x: number) => 1 / (1 + Math.exp(-x)), notStarted } };
  const load = (cells: string[], ...names: string[]) => loadCells(cells, names, modules);

  test("later declarations win, whatever they are", async () => {
    const cells = [
      "const a: number = 1; class B { x = 1 }",
      "function a(): number { return 2; }",
      "const a = 3; class B { x = 2 }\nconst b = new B();",
    ];
    expect(await load(cells, "a", "b")).toEqual({ a: 3, b: { x: 2 } });
  });

  test("imports come from what is given, under any name", async () => {
    const cells = [
      'import { sigmoid as squash, type Tensor } from "unrolled";',
      'import * as all from "unrolled";\nconst same = squash(0) === all.sigmoid(0);',
    ];
    expect(await load(cells, "same")).toEqual({ same: true });
    await expect(load(['import { readFileSync } from "node:fs";'], "a")).rejects.toThrow(
      'cells may import unrolled; got "node:fs"',
    );
  });

  test("a name that no cell declares is undefined; a cell may await", async () => {
    expect(await load(["const late = await Promise.resolve(1);"], "late", "missing")).toEqual({
      late: 1,
      missing: undefined,
    });
  });
});

describe("invoke", () => {
  test("gives a copy of the answer, or a problem; never throws", async () => {
    expect(await invoke((a: number) => [a, Number.NaN], "f", [1])).toEqual({ value: [1, { $number: "NaN" }] });
    expect(await invoke(() => notStarted("05.3"), "f", [])).toMatchObject({ problem: { kind: "not-started" } });
    expect(await invoke(3, "f", [])).toEqual({
      problem: { kind: "missing", message: "f must be a function, got a number" },
    });
    expect(await invoke([1], "f", undefined)).toEqual({ value: [1] });
  });

  test("an answer that loops, throws or hides while it is read is a problem, too", async () => {
    const looping = () => ({
      get h() {
        for (;;);
      },
    });
    expect(await invoke(looping, "f", [], 100)).toMatchObject({ problem: { kind: "timeout" } });
    const throwing = () =>
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error("no");
          },
        },
      );
    expect(await invoke(throwing, "f", [])).toMatchObject({
      problem: { kind: "threw", message: "f stopped with Error: no" },
    });
  });

  test("readOutcome believes nothing", () => {
    expect(readOutcome({ value: 1 })).toEqual({ value: 1 });
    expect(readOutcome({ problem: { kind: "passed", message: "all points" } })).toMatchObject({
      problem: { kind: "unreadable" },
    });
    for (const odd of [undefined, null, 3, {}, []])
      expect(readOutcome(odd)).toMatchObject({ problem: { kind: "unreadable" } });
  });
});

describe("subjectOver", () => {
  test("after a call that did not return, the next fail at once", async () => {
    let asked = 0;
    const subject = subjectOver(async (name) => {
      asked++;
      return { problem: { kind: "timeout", message: `${name} did not return within 5 s` } };
    });
    await expect(subject.call("f")).rejects.toThrow("f did not return within 5 s");
    await expect(subject.call("f")).rejects.toThrow("not tried: f did not return within 5 s in an earlier check");
    expect(asked).toBe(1);
  });

  test("an empty constant is not started; an empty answer of a function is an answer", async () => {
    const subject = subjectOver(async () => ({ value: [] }));
    await expect(subject.value("cNext")).rejects.toMatchObject({ problem: { kind: "not-started" } });
    expect(await subject.call("f")).toEqual([]);
  });
});

test("shown: values in few characters", () => {
  expect(shown({ h: [0.123456, -1], c: "x".repeat(50) })).toBe(`{ h: [0.1235, -1], c: "${"x".repeat(39)}…" }`);
  expect(shown(Float64Array.of(1, Number.NaN))).toBe("[1, NaN]");
  expect(shown([])).toBe("[]");
  expect(
    shown(
      Array.from({ length: 100 }, (_, k) => k),
      20,
    ),
  ).toBe("[0, 1, 2, 3, 4, 5, … 94 more]");
});
