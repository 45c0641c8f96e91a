import { spawnSync } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KernelClient } from "../../lib/src/notebook/client.js";
import type { Content } from "../../lib/src/notebook/wire.js";
import { isRunning } from "../is-running.js";

// A real kernel process, built from lib/dist, over a real ZeroMQ.
let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start({ directory: import.meta.dirname });
});
afterAll(() => kernel.kill());

interface Ran {
  readonly reply: Content;
  readonly types: string[];
  readonly text: string; // of all streams
  readonly result: string; // text of displays and results
  readonly traceback: string;
}

async function run(
  code: string,
  options: { stopOnError?: boolean; onText?: (text: string) => void } = {},
): Promise<Ran> {
  const messages: [string, Content][] = [];
  const onOutput = (type: string, content: Content): void => {
    messages.push([type, content]);
    if (type === "stream") options.onText?.(String(content.text));
  };
  const reply = await kernel.execute(code, { stopOnError: options.stopOnError, onOutput });
  const all = (type: RegExp, say: (content: Content) => unknown): string =>
    messages.flatMap(([name, content]) => (type.test(name) ? [say(content)] : [])).join("");
  return {
    reply,
    types: messages.map(([type]) => type),
    text: all(/^stream$/, ({ text }) => text),
    result: all(/display|result/, ({ data }) => (data as Record<string, string>)["text/plain"]),
    traceback: stripVTControlCharacters(all(/^error$/, ({ traceback }) => (traceback as string[]).join("\n"))),
  };
}

const publishHelper =
  "const write = (text: string) => require('tslab').display.text(text); const sleep = (ms: number) => new Promise<void>((r) => setTimeout(r, ms));";

test("kernel: a cell's last value is its result, and no warning shows when an ES module is loaded", async () => {
  const { result, types } = await run("import { sqrt } from 'mathjs';\nsqrt(16)");
  expect(result).toBe("4");
  expect(types).toEqual(["execute_input", "execute_result"]);
});

test("kernel: 2000 printed lines and 700 displays in one turn all arrive, then idle", async () => {
  await run(publishHelper);
  const printed = await run("for (let i = 0; i < 2000; i++) console.log(i)");
  expect(printed.text.trim().split("\n").map(Number)).toEqual(Array.from({ length: 2000 }, (_, i) => i));
  const shown = await run("for (let i = 0; i < 700; i++) write('x')");
  expect(shown.result).toBe("x".repeat(700));
});

test("kernel: an error names the lines of the learner's cells, and nothing of the machinery", async () => {
  await run(
    "function half(x: number): number {\n\n  if (x % 2) throw new RangeError('odd: ' + x);\n  return x / 2;\n}",
  );
  const { reply, types, traceback } = await run("const a: number = 3;\nhalf(a);");
  expect(reply).toMatchObject({ status: "error", ename: "RangeError", evalue: "odd: 3" });
  expect(types).toContain("error");
  expect(traceback).toMatch(/^RangeError: odd: 3\n {2}in cell \[\d+\], half\n {2}3 \| {3}if \(x % 2\)/);
  expect(traceback).toMatch(/2 \| half\(a\);$/);
  expect(traceback).not.toMatch(/node:|tslab|evalmachine|dist/);
});

test("kernel: a type error shows the line with a caret under the place", async () => {
  const { reply, traceback } = await run("let ok = 1;\nconst wrong: string = 5;");
  expect(reply).toMatchObject({ status: "error", ename: "TypeScriptError" });
  expect(traceback).toBe(
    "line 2:7 Type 'number' is not assignable to type 'string'. (TS2322)\n  2 | const wrong: string = 5;\n    |       ^^^^^",
  );
});

test("kernel: what is thrown need not be an Error, and a cause is told", async () => {
  expect((await run("throw { code: 7 }")).traceback).toBe("Thrown: { code: 7 }");
  expect((await run("throw new Error('outer', { cause: new Error('inner') })")).traceback).toMatch(
    /Caused by Error: inner/,
  );
});

test("kernel: after an error, cells already sent are aborted, and the next one runs", async () => {
  const replies = await Promise.all([run("throw new Error('stop')"), run("1"), run("2")]);
  expect(replies.map(({ reply }) => reply.status)).toEqual(["error", "aborted", "aborted"]);
  expect((await run("3")).result).toBe("3");
});

test("kernel: where stop_on_error is off, cells already sent still run", async () => {
  const replies = await Promise.all([run("throw new Error('go on')", { stopOnError: false }), run("1")]);
  expect(replies.map(({ reply }) => reply.status)).toEqual(["error", "ok"]);
});

test("kernel: a part of an earlier cell's object can be taken out under another name", async () => {
  await run("const pair = { left: 1, right: 2 };");
  expect((await run("const { left: one, right: two } = pair;\n[one, two]")).reply.status).toBe("ok");
});

test("kernel: what a cell declared before it threw stays declared", async () => {
  await run("const kept = 5;\nthrow new Error('after')");
  expect((await run("kept")).result).toBe("5");
});

test("interrupt: ends a synchronous loop", async () => {
  const { reply } = await run("console.log('on'); for (;;) {}", { onText: () => kernel.interrupt() });
  expect(reply).toMatchObject({ status: "error", ename: "Interrupted" });
});

// In the two below the signal comes after the first await: one that comes just as the synchronous part ends, Node loses.
test("interrupt: ends an async loop, also one in a function of an earlier cell, and it does not run on", async () => {
  await run(`${publishHelper} let turns = 0; async function loop() { for (;;) { turns++; await sleep(1); } }`);
  const { reply } = await run("await sleep(1); console.log('on'); await loop()", { onText: () => kernel.interrupt() });
  expect(reply).toMatchObject({ status: "error", ename: "Interrupted" });
  const { result } = await run("await sleep(20); const before = turns; await sleep(100); turns - before");
  expect(result).toBe("0");
});

test("interrupt: a loop that listens may end by itself", async () => {
  const code = `const target = (globalThis as any)[Symbol.for("kernel.interrupts")];
let asked = false;
target.addEventListener("interrupt", (e: any) => { asked = true; e.preventDefault(); }, { once: true });
await sleep(1);
console.log("on");
while (!asked) await sleep(5);
"ended by itself"`;
  const { reply, result } = await run(code, { onText: () => kernel.interrupt() });
  expect({ status: reply.status, result }).toEqual({ status: "ok", result: "ended by itself" });
});

test("interrupt_request: works on the control channel too, for where there are no signals", async () => {
  const ask = (): unknown => kernel.request("interrupt_request", {}, undefined, kernel.control);
  const { reply } = await run("await sleep(1); console.log('on'); for (;;) await sleep(1)", { onText: ask });
  expect(reply.ename).toBe("Interrupted");
});

test("kernel: a late throw and an unhandled rejection show, and the session lives on", async () => {
  const { text } = await run(
    "const here = 1; Promise.reject(new Error('rejected')); setTimeout(() => { throw new Error('late') }, 5); await sleep(80);",
  );
  expect(text).toMatch(/Error: rejected/);
  expect(text).toMatch(/Error: late/);
  expect((await run("here")).result).toBe("1");
});

test("kernel: for await and await ( work outside functions", async () => {
  expect((await run("for await (const x of [1, 2]) console.log(x)")).text).toBe("1\n2\n");
  expect((await run("const three = await (async () => 3)(); three")).result).toBe("3");
});

test("kernel: a value with the display hook shows itself", async () => {
  const hook = "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': 'plain', 'text/html': '<b>' }) })";
  expect((await run(hook)).result).toBe("plain");
});

test("kernel: records executed cells for the checks", async () => {
  await run("const first = 1;");
  await run("throw new Error('second')");
  const { result } = await run("JSON.stringify((globalThis as any)[Symbol.for('unrolled.cells')].slice(-3))");
  const recorded = JSON.parse(result) as { source: string; ok?: boolean }[];
  expect(recorded.slice(0, 2)).toEqual([
    { source: "const first = 1;", ok: true },
    { source: "throw new Error('second')", ok: false },
  ]);
  expect(recorded[2].source).toMatch(/^JSON/);
  expect(recorded[2].ok).toBeUndefined();
});

test("kernel: completion and inspection know the session, and a silent request leaves no trace", async () => {
  await run("const forgetBias = 1;");
  const completed = await kernel.request("complete_request", { code: "forgetB", cursor_pos: 7 });
  expect(completed).toMatchObject({ status: "ok", matches: ["forgetBias"], cursor_start: 0 });
  const inspected = await kernel.request("inspect_request", { code: "forgetBias", cursor_pos: 3 });
  expect(inspected).toMatchObject({ found: true, data: { "text/plain": "const forgetBias: 1" } });
  const before = (await run("0")).reply.execution_count as number;
  await kernel.execute("1", { silent: true });
  expect((await run("0")).reply.execution_count).toBe(before + 1);
});

test("kernel: its death is seen, with its last words", async () => {
  const mortal = await KernelClient.start();
  const heard: string[] = [];
  const onOutput = (_: string, content: Content): void => void heard.push(String(content.text));
  await expect(mortal.execute("process.exit(3)", { onOutput })).rejects.toThrow("the kernel died: exit code 3");
  expect(heard.join("")).toContain("The kernel ended (process.exit, code 3)");
  await expect(mortal.execute("1")).rejects.toThrow("the kernel died");
});

test("kernel: shutdown_request ends the process in order", async () => {
  const other = await KernelClient.start();
  await other.shutdown();
  expect(other.process.exitCode).toBe(0);
});

test("kernel: ends when whoever started it is gone", async () => {
  const client = JSON.stringify(new URL("../../lib/dist/notebook/client.js", import.meta.url).href);
  const script = `const { KernelClient } = await import(${client});
const kernel = await KernelClient.start();
await kernel.execute("1");
console.log(kernel.process.pid);
process.kill(process.pid, "SIGKILL");`;
  const parent = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  const pid = Number(parent.stdout);
  expect(pid).toBeGreaterThan(1);
  await expect.poll(() => isRunning(pid)).toBe(false);
});
