import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const KERNEL_NAME = "unrolled";

const lib = fileURLToPath(new URL("../..", import.meta.url)); // the same from src/notebook and dist/notebook

/** The program and arguments that start our kernel, all but the connection file. */
export function kernelCommand(): string[] {
  // Cells load ES modules by require, which works from Node 20.19 on but warns there.
  return [process.execPath, "--disable-warning=ExperimentalWarning", join(lib, "dist/notebook/kernel/main.js")];
}

/** plotly.min.js as npm installed it. */
export function plotlyFile(): string {
  return createRequire(import.meta.url).resolve("plotly.js-dist-min/plotly.min.js");
}

/** Where Jupyter looks for a user's kernels: https://docs.jupyter.org/en/latest/use/jupyter-directories.html */
export function userKernelsFolder(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  return join(userDataFolder(env, platform), "kernels");
}

function userDataFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (platform === "darwin") return join(homedir(), "Library", "Jupyter");
  if (platform === "win32") return join(env.APPDATA ?? join(homedir(), "AppData", "Roaming"), "jupyter");
  return join(env.XDG_DATA_HOME || join(homedir(), ".local", "share"), "jupyter");
}

/** What kernel.json says. https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs */
export function kernelspec(platform = process.platform): object {
  return {
    argv: [...kernelCommand(), "--config-path", "{connection_file}"],
    display_name: "Unrolled (TypeScript)",
    language: "typescript",
    interrupt_mode: platform === "win32" ? "message" : "signal", // Windows has no SIGINT to send
    metadata: { debugger: false },
  };
}

/** Writes the kernelspec and the plotly.js that Jupyter serves beside it; returns its folder. */
export function installKernelspec(kernelsFolder: string): string {
  const folder = join(kernelsFolder, KERNEL_NAME);
  mkdirSync(folder, { recursive: true });
  replaceFile(join(folder, "kernel.json"), `${JSON.stringify(kernelspec(), null, 1)}\n`);
  const served = join(folder, "plotly.min.js");
  const original = plotlyFile();
  if (!existsSync(served) || statSync(served).size !== statSync(original).size) {
    copyFileSync(original, `${served}.new`);
    renameSync(`${served}.new`, served);
  }
  return folder;
}

/** Writes by way of a temporary name, so that no reader ever sees half a file. */
export function replaceFile(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}
