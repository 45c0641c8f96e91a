import { describe, expect, test } from "vitest";
import { loadCells } from "../../../lib/src/exercise/cells.js";
import { Draw } from "../../../lib/src/exercise/draw.js";
import { fixture } from "../../../lib/src/exercise/fixtures.js";
import { invoke, readOutcome } from "../../../lib/src/exercise/invoke.js";
import { modulesFor } from "../../../lib/src/exercise/modules.js";
import { notStarted } from "../../../lib/src/exercise/not-started.js";
import { shown } from "../../../lib/src/exercise/show.js";
import { slipsIn, variants } from "../../../lib/src/exercise/slips.js";
import { subjectOver } from "../../../lib/src/exercise/subject.js";
import { decode, encode } from "../../../lib/src/exercise/values.js";

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

  test("toAvoid: slips may share a check, which names the one that was made", () => {
    expect([3]).toAvoid(["doubled", "negated"], answers);
    expect(() => expect([6]).toAvoid(["negated", "doubled"], answers)).toThrow(/It looks like this: doubled$/);
    expect([5]).not.toAvoid(["doubled", "negated"], answers);
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

  test("a cell that stops, or is no program, does not keep the next from running", async () => {
    const cells = ['throw new Error("mine");', "const a = ;", "const b = 1;"];
    expect(await load(cells, "b")).toEqual({ b: 1 });
    await expect(load(cells, "a", "b")).rejects.toThrow("mine");
    await expect(load(cells.slice(1), "a")).rejects.toThrow("line 1: Expression expected.");
  });

  test("functions may be called above their declaration, and call what a later cell declares", async () => {
    const cells = [
      "const twice = double(2);\nfunction double(x: number) { return times(x); }\nfunction times(x: number) { return 2 * x; }",
    ];
    expect(
      await load([...cells, "const later = double(2);\nfunction times(x: number) { return 3 * x; }"], "twice", "later"),
    ).toEqual({
      twice: 4,
      later: 6,
    });
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

describe("modulesFor", () => {
  const load = async (imports: string[], source: string) =>
    loadCells([source], ["a"], await modulesFor({ id: "11.1", imports }));

  test("gives what the manifest lists, and nothing else", async () => {
    const source = 'import { LSTMCell, sigmoid, tensor } from "unrolled";\nconst a = sigmoid(tensor([[0]])).data[0];';
    expect(await load(["unrolled:tensor,sigmoid"], source)).toEqual({ a: 0.5 });
    const cell = `${source}\nfunction build() { return new LSTMCell(1, 1); }`;
    await expect(load(["unrolled:tensor,sigmoid"], cell.replace("const a", "build(); const a"))).rejects.toThrow(
      "11.1 may not use LSTMCell; it may import unrolled:tensor,sigmoid",
    );
    await expect(load([], 'import { sin } from "mathjs";\nconst a = sin(0);')).rejects.toThrow('got "mathjs"');
    expect(await load(["mathjs:sin"], 'import { sin } from "mathjs";\nconst a = sin(0);')).toEqual({ a: 0 });
  });

  test("refuses an allowlist that names what is not there", async () => {
    await expect(modulesFor({ id: "11.1", imports: ["unrolled:tensr"] })).rejects.toThrow(
      "11.1: unrolled has no tensr",
    );
  });
});

describe("fixture", () => {
  const cubic = fixture("cubic", { a: [1, 2], b: [0.5, 0] });

  test("crosses as its name and options, and is a function where the call is made", async () => {
    const crossed = decode(encode([cubic, [1, 2]])) as unknown[];
    const at = (f: (x: number[]) => number, x: number[]) => f(x);
    expect(await invoke(at, "at", crossed)).toEqual({ value: 1 + 0.5 * 1 * 2 + 16 });
  });

  test("reads as the function it is; an answer that only looks like one is shown as it is", () => {
    expect(shown(cubic)).toBe("(x) => 1 * x[0] ** 3 + 0.5 * x[0] * x[1] + 2 * x[1] ** 3 + 0 * x[1] * x[0]");
    expect(shown({ $fixture: "no such" })).toBe('{ $fixture: "no such" }');
    expect(shown({ $fixture: "cubic" })).toBe('{ $fixture: "cubic" }');
  });

  test("a name that is not there is an error of the check", async () => {
    const outcome = await invoke(() => 1, "f", [{ $fixture: "cubist" }]);
    expect(outcome).toMatchObject({ problem: { message: expect.stringContaining("there is no fixture cubist") } });
  });
});
