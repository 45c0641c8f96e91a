import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import { DRAW_FIGURE, THEME } from "../notebook/page-script.js";
import { ASK } from "../notebook/quiz.js";
import { plotlyFile } from "./stills.js";

/** The scripts that notebooks' outputs carry, as a module for the book's own: one home for how a figure is drawn. */
const fromNotebook = `
export const drawFigure = async (box, data) => {${DRAW_FIGURE}};
export const ask = (box, data) => {${ASK}};
export const themeOf = (box) => {${THEME} return { isDark, onChange: onThemeChange }; };`;

const virtual = (root: string): Plugin => ({
  name: "virtual",
  setup(build) {
    build.onResolve({ filter: /^virtual:/ }, ({ path }) => ({ path, namespace: "virtual" }));
    build.onLoad({ filter: /notebook$/, namespace: "virtual" }, () => ({ contents: fromNotebook, loader: "js" }));
    build.onLoad({ filter: /worker$/, namespace: "virtual" }, async () => {
      return { contents: `export const workerScript = ${JSON.stringify(await workerOf(root))};`, loader: "js" };
    });
  },
});

/** What training has no use for in a page: files, Ctrl-C, a second thread, mathjs. */
const absent: Record<string, string> = {
  "training/stop-button.ts": `export const stopButton = () => ({ pressed: false, release() {} });
export const breathe = () => new Promise((resolve) => setTimeout(resolve, 0));`,
  "training/checkpoint.ts": "export class Checkpoint {}",
  "tensor/kernels/simd/second-thread.ts": "export const SecondThread = { takes: () => false };",
  "tensor/mathjs.ts": "export const mathjs = () => { throw new Error('mathjs is not in the page'); };",
};

const without: Plugin = {
  name: "without",
  setup(build) {
    for (const [file, contents] of Object.entries(absent)) {
      const filter = new RegExp(`${file.replaceAll(".", "\\.").replaceAll("/", "[\\\\/]")}$`);
      build.onLoad({ filter }, () => ({ contents, loader: "ts" }));
    }
  },
};

/** The library as a worker runs it: training and all that it needs. */
async function workerOf(root: string): Promise<string> {
  const entryPoints = [join(root, "lib/src/book/page/lab-worker.ts")];
  const { outputFiles } = await build({ ...settings, entryPoints, write: false, plugins: [without] });
  return outputFiles[0].text;
}

const settings = {
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  charset: "ascii",
  legalComments: "none",
  logLevel: "warning",
} as const;

/** Bundles one of the page's scripts, lib/src/book/page/<name>.ts, into <assets>/<name>.js. */
export async function bundleScript(name: string, { root, assets }: { root: string; assets: string }): Promise<void> {
  const entry = join(root, "lib/src/book/page", `${name}.ts`);
  await build({
    ...settings,
    entryPoints: [entry],
    outfile: join(assets, `${name}.js`),
    plugins: [virtual(root), without],
  });
}

/** A style sheet without its spaces; the files it names are left where they are. */
export async function minifyStyle(from: string, to: string): Promise<void> {
  await build({
    entryPoints: [from],
    outfile: to,
    minify: true,
    bundle: true,
    external: ["fonts/*"],
    logLevel: "warning",
  });
}

/** What any page with live parts needs: `live.js`, plotly.js, the widgets. Also for slides. */
export async function writeLiveAssets(root: string, assets: string): Promise<void> {
  mkdirSync(join(assets, "parts"), { recursive: true });
  await bundleScript("live", { root, assets });
  copyFileSync(plotlyFile(), join(assets, "plotly.js"));
  copyFileSync(join(root, "lib/dist/explore/page.js"), join(assets, "widgets.js"));
}

/** Writes a part's data file where `live.js` looks for it. */
export function writePart(assets: string, key: string, script: string): void {
  writeFileSync(join(assets, "parts", `${key}.js`), script);
}
