// Attacks that take time, memory, processes.
import { describe, expect, test } from "vitest";
import { answered, fullPoints } from "../submissions.js";
import { arena, builtin, expectFoiled, gate, withCell } from "./attack.js";

const { attack } = arena();

describe("attacks in a call", () => {
  test.each<[number, string, string, RegExp]>([
    [20, "a loop without end", "for (;;);", /did not return within 2 s/],
    [22, "a promise that never settles", "return new Promise(() => {});", /did not return within 2 s/],
    [22, "microtasks without end", "return (async () => { for (;;) await null; })();", /did not return within 2 s/],
    [
      22,
      "a RegExp that backtracks for years",
      'return /^(a+)+$/.test("a".repeat(50) + "b");',
      /did not return within 2 s/,
    ],
    [
      23,
      "a heap bomb",
      'const all: any[] = []; for (;;) all.push({ text: "x".repeat(100) + all.length });',
      /ended the process|did not return/,
    ],
    [
      24,
      "an ArrayBuffer bomb",
      "const all: any[] = []; for (;;) { const more = new Uint8Array(64 * 2 ** 20); more.fill(1); all.push(more); }",
      /Array buffer allocation failed|ended the process|did not return/,
    ],
    [
      24,
      "a SharedArrayBuffer bomb",
      "const all: any[] = []; for (;;) { const more = new Uint8Array(new SharedArrayBuffer(64 * 2 ** 20)); more.fill(1); all.push(more); }",
      /allocation failed|ended the process|did not return/,
    ],
    [
      24,
      "a WebAssembly memory bomb",
      "const all: any[] = []; for (;;) { const memory = new WebAssembly.Memory({ initial: 1024 }); new Uint8Array(memory.buffer).fill(1); all.push(memory); }",
      /could not allocate|Out of memory|ended the process|did not return/i,
    ],
    [
      25,
      "filling the disk",
      `const fs = ${builtin("fs")}; let written = 0;
       for (const folder of ["/tmp", "/", "/dev/shm", "/var/tmp", "."])
         for (let k = 0; k < 50; k++) try { fs.writeFileSync(folder + "/pwned" + k, Buffer.alloc(2 ** 20)); written++; } catch {}
       throw new Error("wrote " + written);`,
      /wrote 0/,
    ],
    [
      26,
      "a fork bomb, with a daemon",
      `const { spawn } = ${builtin("child_process")}; let started = 0;
       for (let k = 0; k < 500; k++) try { spawn(process.execPath, ["-e", "for(;;);"], { detached: true, stdio: "ignore" }).unref(); started++; } catch {}
       throw new Error("started " + started);`,
      /started 0/,
    ],
    [
      26,
      "a fork through Node's own bindings",
      `let how = "none";
       for (const name of ["process_wrap", "spawn_sync"]) try { (process as any).binding(name); how = name; } catch {}
       throw new Error("binding " + how);`,
      /binding none/,
    ],
    [
      27,
      "forty spinning workers",
      `const { Worker } = ${builtin("worker_threads")}; let started = 0;
       for (let k = 0; k < 40; k++) try { new Worker("for(;;);", { eval: true }); started++; } catch {}
       throw new Error("started " + started);`,
      /started 0/,
    ],
    [30, "a getter that loops", "return { get length() { for (;;); } };", /did not return within 2 s/],
  ])("%i %s", (number, _, body, problem) => expectFoiled(attack(gate(body), number >= 23 && number <= 27), problem));
});

test.each([
  ["a loop without end", "for (;;);", /did not return/],
  ["an await that never ends", "await new Promise(() => {});", /did not return/],
  [
    "all memory",
    "const all: any[] = []; for (;;) all.push(new Array(1e6).fill(all.length));",
    /ended the process|did not return/,
  ],
])("21 a cell that takes %s is left out, and the rest is graded", async (_, source, message) => {
  const { result } = await attack(withCell(source), false);
  expect(result.earned).toBe(fullPoints);
  expect(result.flags.map((flag) => flag.message).join()).toMatch(message);
});

test("20 a loop in every exercise ends", async () => {
  const loops = answered({
    "ex-05-1-answer": "const cNext = [1, 2, 3]; for (;;);",
    "ex-05-2-answer": "function forgetGate() { for (;;); }",
    "ex-05-3-answer": "function lstmStep() { for (;;); }",
    "ex-05-4-answer": "function lstm() { for (;;); }",
  });
  const { result } = await attack(loops, false);
  expect(result.exercises.slice(0, 4).map(({ earned }) => earned)).toEqual([0, 0, 0, 0]);
  expect(result.gradable).toBe(true);
});
