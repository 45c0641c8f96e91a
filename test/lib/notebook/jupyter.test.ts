import { chmodSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { findJupyter, rememberedJupyter } from "../../../lib/src/notebook/jupyter.js";
import { ensureDebianPackages, findProgram } from "../../../lib/src/notebook/system.js";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "unrolled-start-"));
  vi.stubEnv("PATH", root);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

/** A program on the PATH that prints this. */
function program(name: string, prints: string, exitCode = 0): string {
  const file = join(root, name);
  writeFileSync(file, `#!/bin/sh\necho '${prints}'\nexit ${exitCode}\n`);
  chmodSync(file, 0o755);
  return file;
}

const quiet = (): void => {};

test("findJupyter: takes JupyterLab before Notebook", async () => {
  program("jupyter-lab", "4.6.4");
  program("jupyter-notebook", "6.4.12");
  expect(await findJupyter({ root })).toMatchObject({ kind: "lab", command: ["jupyter-lab"] });
});

test.each([
  ["6.4.12", "notebook6"],
  ["7.2.1", "notebook"],
])("findJupyter: Notebook %s is a %s", async (version, kind) => {
  program("jupyter-notebook", version);
  expect(await findJupyter({ root })).toMatchObject({ kind, version });
});

test("findJupyter: passes over a shim that leads nowhere", async () => {
  program("jupyter-lab", "command not found", 127);
  program("jupyter-notebook", "6.4.12");
  expect(await findJupyter({ root })).toMatchObject({ kind: "notebook6" });
});

test("findJupyter: with nothing to build on there is none, and it says so", async () => {
  const said: string[] = [];
  expect(await findJupyter({ root, log: (text) => said.push(text) })).toBeUndefined();
  expect(said).toEqual(["No Jupyter on this machine yet."]);
});

test("findJupyter: a Python that cannot make environments leaves nothing behind", async () => {
  program("python3", "No module named venv", 1);
  const said: string[] = [];
  expect(await findJupyter({ root, log: (text) => said.push(text) })).toBeUndefined();
  expect(said.join("\n")).toMatch(/Making a Python environment in \.venv: failed[\s\S]*No module named venv/);
});

test("rememberedJupyter: asks again only when the program has changed", async () => {
  const note = join(root, "jupyter.json");
  const file = program("jupyter-notebook", "6.4.12");
  const then = new Date(2020, 1, 1);
  utimesSync(file, then, then);
  expect(await rememberedJupyter(note, { root })).toMatchObject({ version: "6.4.12" });
  program("jupyter-notebook", "7.0.0");
  utimesSync(file, then, then);
  expect(await rememberedJupyter(note, { root })).toMatchObject({ version: "6.4.12" }); // looks the same: not asked
  program("jupyter-notebook", "7.0.0");
  expect(await rememberedJupyter(note, { root })).toMatchObject({ version: "7.0.0" });
  expect(await rememberedJupyter(note, { root, lab: true, log: quiet })).toBeUndefined();
});

test("ensureDebianPackages: on another system it does nothing and says no", async () => {
  expect(await ensureDebianPackages(["jupyter-notebook"], { yes: true, log: quiet })).toBe(false);
});

test("findProgram: finds what is executable on the PATH, and nothing else", () => {
  const file = program("tool", "");
  writeFileSync(join(root, "data"), "");
  expect(findProgram("tool")).toBe(file);
  expect(findProgram("data")).toBeUndefined();
});
