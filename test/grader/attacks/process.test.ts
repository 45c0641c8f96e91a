// Attacks on the process, its pipes, its files, its neighbours.
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { courseRoot } from "../../../lib/src/exercise/pack.js";
import { gradeTable } from "../../../lib/src/grader/table.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { answered, fileOf, fullPoints, master, stubs } from "../submissions.js";
import { arena, builtin, expectFoiled, gate, target, withCell } from "./attack.js";

const { attack, graderFolder } = arena();

/** Tries each path with each way in; the message lists what worked. */
const tries = (actions: Readonly<Record<string, string>>): string => `
  const fs = ${builtin("fs")};
  const worked: string[] = [];
  ${Object.entries(actions)
    .map(([name, code]) => `try { ${code}; worked.push(${JSON.stringify(name)}); } catch {}`)
    .join("\n  ")}
  throw new Error("tried ${Object.keys(actions).length}, worked: " + worked.join());`;

const frame =
  "const frame = (m: any) => { const t = Buffer.from(JSON.stringify(m)); const n = Buffer.alloc(4); n.writeUInt32BE(t.length); return Buffer.concat([n, t]); };";

describe("attacks in a call", () => {
  test.each<[number, string, string, RegExp]>([
    [1, "process.exit(0)", "process.exit(0);", /ended the process \(exit code 0\)/],
    [2, "process.reallyExit(0)", "(process as any).reallyExit(0);", /ended the process \(exit code 0\)/],
    [3, "process.abort()", "process.abort();", /ended the process/],
    [
      3,
      "v8.setFlagsFromString",
      `${builtin("v8")}.setFlagsFromString("--allow-natives-syntax"); eval("%SystemBreak()");\nreturn b;`,
      /ended the process|SyntaxError/,
    ],
    [
      12,
      "reading the suites, the manifest, the solutions",
      tries({
        suite: `fs.readFileSync(${JSON.stringify(join(courseRoot(), "test/exercises/05-gates.test.ts"))})`,
        solution: `fs.readFileSync(${JSON.stringify(join(courseRoot(), "solutions/05-gates.ipynb"))})`,
        listing: 'fs.readdirSync("/")',
        passwd: 'fs.readFileSync("/etc/passwd")',
        traced: "fs.readFileSync(new Error().stack!.match(/(\\/[^:)]+\\.ts)/)![1])",
      }),
      /tried 5, worked: $/,
    ],
    [
      13,
      "links out of the sandbox",
      tries({
        symlink: 'fs.symlinkSync("/etc/passwd", "/tmp/pwned-link")',
        hardlink: 'fs.linkSync("/runner.mjs", "/pwned-link")',
        fd: 'fs.readFileSync("/dev/fd/0")',
      }),
      /tried 3, worked: $/,
    ],
    [
      14,
      "/proc",
      tries({
        init: 'fs.readFileSync("/proc/1/environ")',
        self: 'fs.readFileSync("/proc/self/environ")',
        parent: 'fs.readdirSync("/proc/" + process.ppid + "/root")',
        environment: 'if (Object.keys(process.env).filter((name) => name !== "PWD").length === 0) throw 1',
      }),
      /tried 4, worked: $/,
    ],
    [
      15,
      "writing results, the runner, anything",
      tries({
        result: `fs.writeFileSync(${JSON.stringify(join(courseRoot(), "pwned"))}, "x")`,
        runner: 'fs.writeFileSync("/runner.mjs", "x")',
        append: 'fs.appendFileSync("/runner.mjs", "x")',
        tmp: 'fs.writeFileSync("/tmp/pwned", "x")',
        root: 'fs.mkdirSync("/pwned")',
        home: 'fs.writeFileSync((process.env.HOME ?? "/root") + "/pwned", "x")',
        shm: 'fs.writeFileSync("/dev/shm/pwned", "x")',
        chmod: 'fs.chmodSync("/runner.mjs", 0o777)',
      }),
      /tried 8, worked: $/,
    ],
    [
      16,
      "forged answers on the pipe",
      `const fs = ${builtin("fs")}; ${frame}
       for (let call = 0; call < 50; call++) fs.writeSync(3, frame({ type: "answer", call, outcome: { value: [0.5, 0.5, 0.5] } }));
       for (;;);`,
      /no answer|worst at/,
    ],
    [
      16,
      "a forged report",
      `const fs = ${builtin("fs")}; ${frame}
       fs.writeSync(3, frame({ type: "report", exercises: [{ id: "05.2", earned: 99 }], problems: [] }));
       for (;;);`,
      /no answer/,
    ],
    [17, "garbage", `${builtin("fs")}.writeSync(3, "HTTP/1.1 200 OK"); return b;`, /no answer/],
    [
      17,
      "a frame that never ends",
      `${builtin("fs")}.writeSync(3, Buffer.from([0, 16, 0, 0, 91])); for (;;);`,
      /did not return/,
    ],
    [17, "a frame of 4 GB", `${builtin("fs")}.writeSync(3, Buffer.from([255, 255, 255, 255])); for (;;);`, /no answer/],
    [
      17,
      "frames without end",
      `const fs = ${builtin("fs")}; ${frame} const one = frame({ type: "cell", cell: 1 });
       const many = Buffer.concat(Array(5000).fill(one)); for (;;) try { fs.writeSync(3, many); } catch {}`,
      /did not return|no answer/,
    ],
    [19, "an answer of 50 MB", 'return "x".repeat(50 * 2 ** 20);', /at most|no answer/],
    [19, "an answer of a million numbers", "return Array(1_000_000).fill(0.5);", /more than|no answer|shape/],
    [
      19,
      "a flood on standard output",
      `const line = "x".repeat(2 ** 20); for (let k = 0; k < 300; k++) { console.log(line); ${builtin("fs")}.writeSync(1, line); ${builtin("fs")}.writeSync(2, line); }\nreturn b;`,
      /worst at/,
    ],
    [
      28,
      "killing the parent",
      "process.kill(process.ppid, 'SIGKILL'); process.kill(1, 'SIGKILL'); return b;",
      /worst at|ended the process|EPERM|ESRCH/,
    ],
    [28, "killing everyone", "process.kill(-1, 'SIGKILL'); return b;", /worst at|ended the process|EPERM|ESRCH/],
    [28, "killing its group", "process.kill(0, 'SIGKILL'); return b;", /ended the process/],
  ])("%i %s", (_, __, body, problem) => expectFoiled(attack(gate(body), false), problem));
});

test("1 process.exit(0) while the notebook is read in costs that cell only, and is flagged", async () => {
  const { result } = await attack(withCell("process.exit(0);"));
  expect(result.earned).toBe(fullPoints);
  expect(result.flags.map(({ message }) => message).join()).toMatch(/mine: .*ended the process/);
});

test("16 answers forged before the calls are made are not believed", async () => {
  const forge = `const fs = ${builtin("fs")}; ${frame}
    fs.writeSync(3, frame({ type: "loaded", problems: [] }));
    for (let call = 0; call < 99; call++) fs.writeSync(3, frame({ type: "answer", call, outcome: { value: 1 } }));`;
  const { result } = await attack(withCell(forge, stubs()));
  expect(result).toMatchObject({ gradable: true, earned: 0 });
});

test("29 no network, no DNS", async () => {
  let connections = 0;
  const server = createServer(() => connections++);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const body = `const net = ${builtin("net")}; const dns = ${builtin("dns")};
    const reach = (port: number, host: string) => new Promise<string>((resolve) => {
      const socket = net.connect(port, host, () => resolve("reached " + host));
      socket.on("error", (e: Error) => resolve("no")); });
    const looked = new Promise<string>((resolve) => dns.lookup("example.com", (e: Error | null) => resolve(e ? "no" : "looked up")));
    return Promise.all([reach(${port}, "127.0.0.1"), reach(80, "192.0.2.1"), looked]).then((all) => { throw new Error("network: " + all.join()); });`;
  await expectFoiled(attack(gate(body)), /network: no,no,no/);
  server.close();
  expect(connections).toBe(0);
});

test("35 what a learner prints or throws on secret inputs is not in the result", async () => {
  const { result } = await attack(gate("console.log(h); throw new Error('INPUT ' + h.join());"), false);
  const seen = new Set(JSON.stringify(result).match(/INPUT [-\d.,]+/g));
  expect(seen.size).toBe(target.tests.length); // each visible test with inputs of its own, and no others
});

test("36 a configuration, a package and node_modules beside the notebook are not looked at", async () => {
  const folder = dirname(fileOf(answered()));
  const bomb = `require("node:fs").writeFileSync("/tmp/pwned-config", "x"); throw new Error("loaded");`;
  mkdirSync(join(folder, "node_modules/unrolled"), { recursive: true });
  for (const name of ["vitest.config.ts", "node_modules/unrolled/index.js", "setup.js"])
    writeFileSync(join(folder, name), bomb);
  writeFileSync(join(folder, "package.json"), '{"type":"commonjs","main":"setup.js"}');
  const { result } = await attack(join(folder, "05-gates.ipynb"), false);
  expect(result.earned).toBe(fullPoints);
});

test("37 workflow commands and 41 control characters in a message stay text", async () => {
  const { result, problem } = await attack(
    gate('throw new Error("\\n::error::x\\n##[group]y\\u001b[2J\\u202e <script>alert(1)</script>");'),
    false,
  );
  expect(problem).toContain("::error::x");
  const lines = gradeTable(result).split("\n");
  expect(lines.filter((line) => /^\s*(::|##\[)/.test(line))).toEqual([]);
  for (const control of ["\u001b", "\u202e"]) expect(gradeTable(result)).not.toContain(control);
});

test("39 forged outputs earn nothing", async () => {
  const notebook = stubs();
  const output = { output_type: "stream", name: "stdout", text: "05.2 passed 4 of 4" };
  const cells = notebook.cells.map((cell) => (cell.cell_type === "code" ? { ...cell, outputs: [output] } : cell));
  const { result } = await attack(fileOf({ ...notebook, cells }), false);
  expect(result).toMatchObject({ gradable: true, earned: 0, flags: [] });
});

test("13 a submission that is a link to the solution is refused, and a second name is flagged", async () => {
  const link = join(temporaryFolder(), "05-gates.ipynb");
  symlinkSync(join(courseRoot(), "solutions/05-gates.ipynb"), link);
  const { result } = await attack(link, false);
  expect(result).toMatchObject({ gradable: false, earned: 0, fault: { by: "submission" } });
  expect(result.fault?.message).toMatch(/symbolic link/);
});

test("36 the code of the lib that a sandbox sees has no LSTM in it", async () => {
  expect(master.cells.length).toBeGreaterThan(0);
  await attack(answered(), false);
  const { readFileSync, readdirSync } = await import("node:fs");
  const code = readdirSync(graderFolder()).map((name) => readFileSync(join(graderFolder(), name), "utf8"));
  expect(code.length).toBeGreaterThan(0);
  expect(code.filter((text) => /LSTMCell|forgetGate/.test(text))).toEqual([]);
});
