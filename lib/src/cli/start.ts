import { spawn } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Jupyter, jupyterArguments, jupyterEnvironment, rememberedJupyter } from "../notebook/jupyter.js";
import { installKernelspec } from "../notebook/kernelspec.js";

const USAGE = `usage: npm start [-- options]
Opens the lessons in Jupyter; finds one on this machine or gets one.
  --no-browser   print the address instead of opening it
  --port <n>     port of the server
  --ip <address> address to listen on (default: this machine only)
  --lab          JupyterLab, not the classic Notebook
  --yes          install what is missing without asking`;

const NO_JUPYTER = `There is no Jupyter here, and none could be installed. Any one of these is enough:
  - VS Code with its Jupyter extension: run  npm run kernel:install  and open notebooks/; it needs no Python.
  - uv (https://docs.astral.sh/uv/): then run  npm start  again.
  - Python 3 with pip: python3 -m pip install jupyterlab, then npm start.
  - Debian or Ubuntu: sudo apt-get install --no-install-recommends jupyter-notebook, then npm start.`;

interface Settings {
  readonly port?: number;
  readonly ip?: string;
  readonly lab: boolean;
  readonly yes: boolean;
  readonly browser: boolean;
}

function readSettings(args: string[]): Settings {
  const { values } = parseArgs({
    args,
    options: {
      "no-browser": { type: "boolean", default: false },
      port: { type: "string" },
      ip: { type: "string" },
      lab: { type: "boolean", default: false },
      yes: { type: "boolean", default: false },
    },
  });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536)) {
    throw new Error(`--port must be an integer from 1 to 65535, got ${values.port}`);
  }
  const { ip, lab, yes } = values;
  return { port, ip, lab, yes: yes || process.env.CI === "true", browser: !values["no-browser"] };
}

/** `npm start`: Jupyter on the lessons, with the kernel chosen. */
export async function main(args: string[], { root }: { root: string }): Promise<number> {
  let settings: Settings;
  try {
    settings = readSettings(args);
  } catch (error) {
    console.error(`start: ${(error as Error).message}\n${USAGE}`);
    return 2;
  }
  const { lab, yes } = settings;
  const own = join(root, ".jupyter");
  await timed("Kernel", async () => installKernelspec(join(own, "kernels")));
  const jupyter = await timed(
    "Jupyter",
    () => rememberedJupyter(join(own, "jupyter.json"), { root, lab, yes }),
    nameOf,
  );
  if (!jupyter) {
    console.error(NO_JUPYTER);
    return 1;
  }
  console.error("Starting it; Ctrl-C ends it.");
  return serve(jupyter, jupyterArguments(jupyter, { root, ...settings }), jupyterEnvironment(own));
}

function nameOf(jupyter: Jupyter | undefined): string {
  return jupyter ? `${jupyter.command.join(" ")} ${jupyter.version}` : "none";
}

async function timed<T>(label: string, step: () => Promise<T>, say: (value: T) => string = String): Promise<T> {
  const start = performance.now();
  const value = await step();
  console.error(`${label}: ${say(value)}, ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return value;
}

/** Runs the server until it ends; a Ctrl-C reaches it as it does us. */
function serve({ command }: Jupyter, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const [program, ...first] = command;
  const child = spawn(program, [...first, ...args], { stdio: "inherit", env });
  const wait = (): void => {};
  const end = (): void => void child.kill("SIGTERM");
  process.on("SIGINT", wait).once("SIGTERM", end);
  return new Promise((resolve) => {
    child.once("error", (error) => {
      console.error(`${program}: ${error.message}`);
      resolve(1);
    });
    child.once("exit", (code, signal) => {
      process.off("SIGINT", wait).off("SIGTERM", end);
      resolve(signal ? 0 : (code ?? 1));
    });
  });
}
