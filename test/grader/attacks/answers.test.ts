// Attacks that answer: with what is no number, with what pretends to match, by changing what the checks might use.
import { describe, expect, test } from "vitest";
import { answered, fullPoints } from "../submissions.js";
import { arena, builtin, expectFoiled, gate, others, withCell } from "./attack.js";

const { attack } = arena();

const foiled: [number, string, string, RegExp][] = [
  [
    4,
    "expect.extend",
    "(globalThis as any).expect?.extend({ toAvoid: () => ({ pass: true }) });\nreturn b;",
    /worst at/,
  ],
  [
    5,
    "vitest's worker rpc",
    `const worker = (globalThis as any).__vitest_worker__ ?? (process as any).__vitest_worker__;
     worker?.rpc?.onTaskUpdate?.([], []);
     throw new Error(worker ? "reached" : "no worker to reach");`,
    /no worker to reach/,
  ],
  [
    6,
    "an asymmetric matcher",
    'return { $$typeof: Symbol.for("jest.asymmetricMatcher"), asymmetricMatch: () => true };',
    /cannot be compared/,
  ],
  [
    6,
    "an asymmetric matcher as data",
    'return { $$typeof: "Symbol(jest.asymmetricMatcher)", sample: 1 };',
    /must be a number/,
  ],
  [7, "an object with valueOf", "return b.map(() => ({ valueOf: () => 0.5 }));", /cannot be compared/],
  [8, "NaN", "return b.map(() => NaN);", /got NaN/],
  [9, "an empty answer", "return [];", /shape must be \[3\], got \[0\]/],
  [9, "a short answer", "return [0.5];", /shape must be \[3\], got \[1\]/],
  [
    11,
    "mutating the arguments",
    "h.fill(0); x.fill(0); for (const row of W) row.fill(0); b.fill(0);\nreturn b.map(() => 0.5);",
    /worst at/,
  ],
  [
    18,
    "a deep answer",
    "let deep: any = 1; for (let k = 0; k < 1e5; k++) deep = [deep];\nreturn deep;",
    /nested deeper/,
  ],
  [18, "a cyclic answer", "const loop: any = {}; loop.self = loop;\nreturn loop;", /nested deeper/],
  [18, "__proto__ in an answer", `return JSON.parse('{"__proto__": {"length": 3}}');`, /__proto__/],
  [
    30,
    "a Proxy that throws",
    'const trap = () => { throw new Error("trap"); };\nreturn new Proxy({}, { get: trap, ownKeys: trap, getPrototypeOf: trap });',
    /trap/,
  ],
  [30, "a sparse array of claimed length", "const big: number[] = []; big.length = 4e9;\nreturn big;", /more than/],
  [32, "a wrong arity", "return (x as any)(h)(W);", /TypeError/],
  [
    43,
    "another answer each time",
    "(globalThis as any).n = ((globalThis as any).n ?? 0) + 1;\nreturn b.map(() => (globalThis as any).n / 100);",
    /worst at/,
  ],
];

describe("an answer that is none", () => {
  test.each(foiled)("%i %s", (_, __, body, problem) => expectFoiled(attack(gate(body), false), problem));
});

test("10 patched Math, Array.prototype, JSON, Object.prototype gain nothing", async () => {
  const patches = [
    "Math.exp = () => 0; Math.abs = () => 0; Object.is = () => true; Number.isFinite = () => true;",
    "Array.prototype.every = () => true; Array.prototype.join = () => ''; (Object.prototype as any).pass = true;",
    "JSON.stringify = () => '{}'; JSON.parse = () => ({}); (Object.prototype as any).toJSON = () => 1;",
    "Promise.prototype.then = function () { return this; } as any;",
  ];
  for (const patch of patches) {
    const { result, earnedByTarget } = await attack(
      withCell(patch, gate("return b.map(() => 0.5);")),
      patch === patches[0],
    );
    expect({ earnedByTarget, gradable: result.gradable }).toEqual({ earnedByTarget: 0, gradable: true });
    expect(result.earned).toBeLessThanOrEqual(others);
  }
});

test("10 a learner's own method on Array.prototype costs nothing", async () => {
  const { result } = await attack(
    withCell("(Array.prototype as any).last = function () { return this[this.length - 1]; };"),
  );
  expect(result.earned).toBe(fullPoints);
});

test("31 an unhandled rejection and a late throw cost nothing", async () => {
  const late = `Promise.reject(new Error("nobody waits")); setTimeout(() => { throw new Error("late"); }, 1);`;
  const { result } = await attack(withCell(late));
  expect(result.earned).toBe(fullPoints);
});

test.each([
  ["a syntax error", "function forgetGate( { return", /forgetGate is missing.*ex-05-2-answer.*line 1/],
  ["a missing function", "const somethingElse = 1;", /forgetGate must be a function, got undefined/],
  ["a cell that throws", 'throw new Error("oops");\nfunction other() {}', /forgetGate.*Error: oops/],
])("32 %s costs its exercise and no other", async (_, source, message) => {
  await expectFoiled(attack(answered({ "ex-05-2-answer": source }), false), message);
});

test.each([
  ["the solutions", 'import { forgetGate } from "../solutions/05-gates";'],
  ["a file by its path", 'import fs from "/etc/passwd";'],
  ["the finished LSTM", 'import { LSTMCell } from "unrolled";\nconst made = new LSTMCell(1, 1);'],
  ["Node's modules", 'import { readFileSync } from "node:fs";'],
  ["a module at run time", 'const fs = await import("node:fs");'],
  ["a module through export", 'export * from "node:fs";'],
  ["a module by require", 'import fs = require("node:fs");'],
])("33 importing %s: the cell does not run, and the line is named", async (_, source) => {
  const cell = `const first = 1;\n${source}\nfunction forgetGate() { return [0.5]; }`;
  const { result, problem } = await attack(answered({ "ex-05-2-answer": cell }), false);
  expect(problem).toMatch(/line 2: /);
  expect(result.earned).toBe(others);
});

test("33 what cannot be imported cannot be required either", () =>
  expectFoiled(
    attack(
      gate(
        `const r = (globalThis as any).require ?? (process as any).mainModule?.require;\nthrow new Error(r ? "has require" : "none; " + typeof ${builtin("module")}.createRequire("/")("./solutions"));`,
      ),
    ),
    /none|Cannot find module|Access/,
  ));
