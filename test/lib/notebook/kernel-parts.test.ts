import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { jupyterArguments, jupyterEnvironment } from "../../../lib/src/notebook/jupyter.js";
import { sourceLine } from "../../../lib/src/notebook/kernel/lines.js";
import { awaitsAtTopLevel, guardLoops } from "../../../lib/src/notebook/kernel/loops.js";
import { installKernelspec, kernelspec, userKernelsFolder } from "../../../lib/src/notebook/kernelspec.js";
import { OutputRecorder } from "../../../lib/src/notebook/notebook-file.js";
import { decode, encode, message } from "../../../lib/src/notebook/wire.js";

test("guardLoops: loops that await are checked at every turn, others and lines are left alone", () => {
  const code = "for (;;) {\n  await a();\n}\nwhile (x) await b();\nfor (const y of z) { c(async () => await d()); }";
  expect(guardLoops(code, "!;")).toBe(
    "for (;;) {!;\n  await a();\n}\nwhile (x) {!;await b();}\nfor (const y of z) { c(async () => await d()); }",
  );
});

test("guardLoops: a loop around a loop that awaits is checked too", () => {
  expect(guardLoops("do { for await (const x of y) { f(x); } } while (1)", "!;")).toBe(
    "do {!; for await (const x of y) {!; f(x); } } while (1)",
  );
});

test.each([
  ["for await (const x of y) {}", true],
  ["f(await (g()))", true],
  ["async function f() { await g(); }", false],
  ["const text = 'await';", false],
])("awaitsAtTopLevel: %s -> %s", (code, expected) => {
  expect(awaitsAtTopLevel(code)).toBe(expected);
});

test("sourceLine: finds the line that emitted JavaScript came from, past types, blank lines and exports", () => {
  const source = "interface A { x: number }\n\nconst a: A = { x: 1 };\n\nif (a.x) throw new Error('http://x');\nf(a)";
  const emitted =
    "exports.a = void 0;\nconst a = { x: 1 };\nexports.a = a;\nif (a.x)\n    throw new Error('http://x');\nexports.last = (0, exports.f)(a);";
  const cell = { source, emitted };
  expect([2, 5, 6].map((line) => sourceLine(cell, line))).toEqual([3, 5, 6]);
});

test("wire: what is encoded is decoded, and a changed message is refused", () => {
  const sent = message("stream", { text: "é" });
  const frames = encode(sent, "key").map((part) => Buffer.from(part));
  expect(decode(frames, "key")).toEqual(sent);
  frames[frames.length - 1] = Buffer.from('{"text":"e"}');
  expect(() => decode(frames, "key")).toThrow("signature is wrong");
});

test("OutputRecorder: joins text of one stream, and updates displays by id, in earlier cells too", () => {
  const displays = new Map();
  const first = new OutputRecorder(displays);
  first.add("stream", { name: "stdout", text: "a\nb" });
  first.add("stream", { name: "stdout", text: "c\n" });
  first.add("display_data", { data: { "text/plain": "1" }, metadata: {}, transient: { display_id: "d" } });
  new OutputRecorder(displays).add("update_display_data", {
    data: { "text/plain": "2" },
    metadata: {},
    transient: { display_id: "d" },
  });
  expect(first.outputs).toEqual([
    { output_type: "stream", name: "stdout", text: ["a\n", "bc\n"] },
    { output_type: "display_data", data: { "text/plain": "2" }, metadata: {} },
  ]);
});

test.each([
  ["linux", { XDG_DATA_HOME: "/x" }, "/x/jupyter/kernels"],
  ["linux", { JUPYTER_DATA_DIR: "/j", XDG_DATA_HOME: "/x" }, "/j/kernels"],
  ["win32", { APPDATA: "/a" }, "/a/jupyter/kernels"],
] as const)("userKernelsFolder: %s %o -> %s", (platform, env, expected) => {
  expect(userKernelsFolder(env, platform)).toBe(expected);
});

test("kernelspec: Windows has no signal to send", () => {
  expect(kernelspec("linux")).toMatchObject({ interrupt_mode: "signal" });
  expect(kernelspec("win32")).toMatchObject({ interrupt_mode: "message" });
});

test("installKernelspec: absolute paths, plotly.js beside, nothing half written", () => {
  const folder = mkdtempSync(join(tmpdir(), "unrolled-spec-"));
  try {
    const spec = installKernelspec(folder);
    const { argv } = JSON.parse(readFileSync(join(spec, "kernel.json"), "utf8"));
    expect(argv[0]).toBe(process.execPath);
    expect(argv.slice(-2)).toEqual(["--config-path", "{connection_file}"]);
    expect(existsSync(join(spec, "plotly.min.js"))).toBe(true);
    expect(existsSync(join(spec, "kernel.json.new"))).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("jupyterArguments: Notebook 6 and later Jupyters each get what they understand", () => {
  const options = { root: "/course", port: 9000, browser: false, isRoot: true };
  const six = jupyterArguments({ kind: "notebook6", command: [], version: "6.4" }, options);
  expect(six).toContain("--NotebookApp.notebook_dir=/course");
  expect(six).toEqual(expect.arrayContaining(["--port=9000", "--no-browser", "--allow-root"]));
  const lab = jupyterArguments({ kind: "lab", command: [], version: "4.2" }, { root: "/course", isRoot: false });
  expect(lab).toContain("--ServerApp.root_dir=/course");
  expect(lab.join(" ")).not.toMatch(/NotebookApp|allow-root|no-browser/);
});

test("jupyterEnvironment: our kernels come first, the learner's own stay", () => {
  expect(jupyterEnvironment("/ours", { JUPYTER_PATH: "/theirs" }).JUPYTER_PATH).toBe("/ours:/theirs");
});
