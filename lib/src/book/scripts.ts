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

const virtual: Plugin = {
  name: "virtual",
  setup(build) {
    build.onResolve({ filter: /^virtual:notebook$/ }, ({ path }) => ({ path, namespace: "virtual" }));
    build.onLoad({ filter: /.*/, namespace: "virtual" }, () => ({ contents: fromNotebook, loader: "js" }));
  },
};

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
  await build({ ...settings, entryPoints: [entry], outfile: join(assets, `${name}.js`), plugins: [virtual] });
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
