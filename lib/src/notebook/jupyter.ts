import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { replaceFile } from "./kernelspec.js";
import { ensureDebianPackages, findProgram, runStep } from "./system.js";

/** A Jupyter that works here. Notebook 6 and what came after it take different options. */
export interface Jupyter {
  readonly command: readonly string[];
  readonly kind: "lab" | "notebook" | "notebook6";
  readonly version: string;
}

export interface JupyterOptions {
  readonly root: string;
  readonly port?: number;
  readonly ip?: string;
  readonly browser?: boolean;
  readonly isRoot?: boolean;
}

/** The arguments that open `notebooks/`, with the whole course in reach and our kernel as the default. */
export function jupyterArguments({ kind }: Jupyter, options: JupyterOptions): string[] {
  const { root, port, ip, browser = true, isRoot = process.getuid?.() === 0 } = options;
  const app = kind === "notebook6" ? "NotebookApp" : "ServerApp";
  const folder = kind === "notebook6" ? "notebook_dir" : "root_dir";
  const channels = kind === "notebook6" ? "NotebookApp" : "ZMQChannelsWebsocketConnection";
  const first = {
    lab: "LabApp.default_url=/lab/tree/notebooks",
    notebook: "JupyterNotebookApp.default_url=/tree/notebooks",
  };
  return [
    `--${app}.${folder}=${root}`,
    `--${kind === "notebook6" ? "NotebookApp.default_url=/tree/notebooks" : first[kind]}`,
    "--MultiKernelManager.default_kernel_name=unrolled",
    `--${channels}.iopub_data_rate_limit=100000000`, // figures come in bursts
    `--${channels}.iopub_msg_rate_limit=100000`,
    `--${app}.answer_yes=True`, // Ctrl-C ends it without a question
    ...(port === undefined ? [] : [`--port=${port}`]),
    ...(ip === undefined ? [] : [`--ip=${ip}`]),
    ...(browser ? [] : ["--no-browser"]),
    ...(isRoot ? ["--allow-root"] : []),
  ];
}

/** The environment in which Jupyter finds the kernelspec that we wrote below `folder`. */
export function jupyterEnvironment(folder: string, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return { ...env, JUPYTER_PATH: [folder, env.JUPYTER_PATH].filter(Boolean).join(delimiter) };
}

export interface FindOptions {
  readonly root: string;
  /** Only JupyterLab will do. */
  readonly lab?: boolean;
  /** Install without asking. */
  readonly yes?: boolean;
  readonly log?: (text: string) => void;
}

/** As `findJupyter`, but first what the last start found, if that program is still the same: asking takes seconds. */
export async function rememberedJupyter(note: string, options: FindOptions): Promise<Jupyter | undefined> {
  const known = readNote(note);
  const fits = known && (known.jupyter.kind === "lab" || !options.lab);
  if (fits && stampOf(known.jupyter) === known.stamp) return known.jupyter;
  const jupyter = await findJupyter(options);
  const stamp = jupyter && stampOf(jupyter);
  if (jupyter && stamp) replaceFile(note, `${JSON.stringify({ jupyter, stamp })}\n`);
  return jupyter;
}

function readNote(file: string): { jupyter: Jupyter; stamp: string } | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined; // none yet
  }
}

/** Which file would run, and its age. */
function stampOf({ command: [name] }: Jupyter): string | undefined {
  const file = isAbsolute(name) ? name : findProgram(name);
  return file && existsSync(file) ? `${file} ${statSync(file).mtimeMs}` : undefined;
}

/** The first Jupyter that works; where there is none, tries to get one without touching the learner's own Python. */
export async function findJupyter(options: FindOptions): Promise<Jupyter | undefined> {
  const { root, lab = false, yes, log = console.error } = options;
  const installed = [...inVenv(root), ["jupyter-lab"], ["jupyter-notebook"]];
  const found = await firstThatWorks(installed, lab);
  if (found) return found;
  log("No Jupyter on this machine yet.");
  if (findProgram("uv")) {
    const command = ["uv", "run", "--no-project", "--with", "jupyterlab", "jupyter-lab"];
    if (await runStep("Getting JupyterLab by uv", [...command, "--version"], { log })) return works(command, lab);
  }
  if (await makeVenv(root, log)) return firstThatWorks(inVenv(root), lab);
  if (!lab && (await ensureDebianPackages(["jupyter-notebook"], { yes, log }))) return works(["jupyter-notebook"], lab);
  return undefined;
}

const bin = process.platform === "win32" ? "Scripts" : "bin";

function inVenv(root: string): string[][] {
  return ["jupyter-lab", "jupyter-notebook"].map((name) => [join(root, ".venv", bin, name)]);
}

async function firstThatWorks(commands: readonly string[][], lab: boolean): Promise<Jupyter | undefined> {
  for (const command of commands) {
    const found = await works(command, lab);
    if (found) return found;
  }
  return undefined;
}

/** Asks a program for its version: a file on the PATH may be a shim that leads nowhere. */
async function works(command: readonly string[], onlyLab: boolean): Promise<Jupyter | undefined> {
  const isLab = /jupyter-lab$/.test(command.at(-1)!);
  if (onlyLab && !isLab) return undefined;
  const version = await printedVersion([...command, "--version"]);
  if (!version) return undefined;
  return { command, version, kind: isLab ? "lab" : Number.parseInt(version, 10) < 7 ? "notebook6" : "notebook" };
}

function printedVersion([program, ...args]: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = "";
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"], timeout: 60_000 });
    child.stdout.on("data", (data) => {
      text += data;
    });
    child.once("error", () => resolve(undefined));
    child.once("close", (code) => resolve(code === 0 ? /^\d+\.\d+\S*/m.exec(text)?.[0] : undefined));
  });
}

/** A virtual environment in the course's folder; one that could not be filled is removed again. */
async function makeVenv(root: string, log: (text: string) => void): Promise<boolean> {
  const python = ["python3", "python"].find((name) => findProgram(name));
  const folder = join(root, ".venv");
  if (!python || existsSync(folder)) return false;
  const pip = [join(folder, bin, "python"), "-m", "pip"];
  const install = [
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--retries",
    "0",
    "--timeout",
    "15",
    "jupyterlab",
  ];
  const made =
    (await runStep("Making a Python environment in .venv", [python, "-m", "venv", folder], { log })) &&
    (await runStep("Installing JupyterLab into it by pip", [...pip, ...install], { log }));
  if (!made) rmSync(folder, { recursive: true, force: true });
  return made;
}
