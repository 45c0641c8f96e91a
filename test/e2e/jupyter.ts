import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { installKernelspec } from "../../lib/src/notebook/kernelspec.js";
import { findProgram } from "../../lib/src/notebook/system.js";

export const root = fileURLToPath(new URL("../..", import.meta.url));
/** Pictures of what the tests saw, to be looked at; not committed. */
export const pictures = join(root, "test-results");
mkdirSync(pictures, { recursive: true });

const browserProgram = ["chromium", "chromium-browser", "google-chrome"].map((name) => findProgram(name)).find(Boolean);
const jupyterProgram = findProgram("jupyter-notebook");
export const nbconvertProgram = findProgram("jupyter-nbconvert");

const missing = [
  [browserProgram, "Chromium"],
  [jupyterProgram, "Jupyter Notebook"],
  [nbconvertProgram, "nbconvert"],
].flatMap(([found, name]) => (found ? [] : [name]));

/** Why these tests cannot run here; undefined where they can. */
export const reason =
  missing.length === 0
    ? undefined
    : `Skipped: ${missing.join(", ")} not found. On Debian: apt-get install jupyter-notebook jupyter-nbconvert chromium`;
if (reason) console.error(reason);

/** A copy of the course, so that no test touches a learner's files. Modules come from the repository. */
export function courseCopy(): string {
  const folder = mkdtempSync(join(tmpdir(), "unrolled-e2e-"));
  for (const part of ["notebooks", "exercises"]) cpSync(join(root, part), join(folder, part), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  return folder;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

export interface Server {
  /** http://127.0.0.1:port */
  readonly base: string;
  readonly token: string;
  /** What it printed so far. */
  output(): string;
  stop(): Promise<void>;
}

/** Starts a server and waits until it prints an address with a token. */
export async function serve(start: (port: number) => ChildProcess): Promise<Server> {
  const child = start(await freePort());
  let output = "";
  const address = await new Promise<URL>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk;
      const found = output.match(/http:\/\/127\.0\.0\.1:\d+\/\S*token=[0-9a-f]+/);
      if (found) resolve(new URL(found[0]));
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}:\n${output}`)));
  });
  return {
    base: address.origin,
    token: address.searchParams.get("token") ?? "",
    output: () => output,
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.kill("SIGTERM");
        setTimeout(() => child.kill("SIGKILL"), 10_000).unref();
      }),
  };
}

/** A real Jupyter Notebook on a folder, with our kernel. */
export async function jupyter(folder: string): Promise<Server> {
  installKernelspec(join(folder, ".jupyter", "kernels"));
  const asRoot = process.getuid?.() === 0 ? ["--allow-root"] : [];
  return serve((port) =>
    spawn(jupyterProgram as string, [`--port=${port}`, `--notebook-dir=${folder}`, "--no-browser", ...asRoot], {
      env: {
        ...process.env,
        JUPYTER_PATH: join(folder, ".jupyter"),
        UNROLLED_PROGRESS: join(folder, "progress.json"),
      },
    }),
  );
}

export async function openBrowser(): Promise<Browser> {
  const quiet = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ];
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: browserProgram, args: [...quiet, ...sandbox] });
}

/** Opens a notebook in the classic front end and waits for its kernel. */
export async function openNotebook(page: Page, { base, token }: Server, path: string): Promise<void> {
  await page.goto(`${base}/notebooks/${path}?token=${token}`);
  await page.waitForFunction("window.Jupyter?.notebook?.kernel?.is_connected?.()", undefined, { timeout: 60_000 });
  await page.evaluate("Jupyter.notebook.set_autosave_interval(0)");
}

/** Runs cells, all of them unless told, and waits until the kernel has nothing left to do. */
export async function runCells(page: Page, script = "Jupyter.notebook.execute_all_cells()"): Promise<void> {
  await page.evaluate(script);
  await page.waitForFunction(
    "Jupyter.notebook.get_cells().every((cell) => cell.input_prompt_number !== '*')",
    undefined,
    { timeout: 150_000 },
  );
}

export const removeFolder = (folder: string): void => {
  if (existsSync(folder)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
};
