import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { replaceFile } from "../notebook/kernelspec.js";
import { bundleScript, minifyStyle, writeLiveAssets } from "./scripts.js";

const require = createRequire(import.meta.url);

/** Scripts, styles, fonts and pictures that the pages share. */
export async function writeAssets(root: string, assets: string): Promise<void> {
  mkdirSync(join(assets, "fonts"), { recursive: true });
  await writeLiveAssets(root, assets);
  for (const name of ["site", "search", "laboratory"]) await bundleScript(name, { root, assets });
  await minifyStyle(join(root, "lib/src/book/page/book.css"), join(assets, "book.css"));
  writeFonts(assets);
  writeKatex(assets);
  copyFileSync(join(root, "lib/src/book/page/icon.svg"), join(assets, "icon.svg"));
  const card = join(root, "docs/card.png");
  if (existsSync(card)) copyFileSync(card, join(assets, "card.png"));
}

function writeFonts(assets: string): void {
  const folder = join(dirname(require.resolve("@fontsource-variable/source-serif-4/package.json")), "files");
  const files = { "source-serif-4": "wght-normal", "source-serif-4-italic": "wght-italic" };
  for (const [name, kind] of Object.entries(files)) {
    copyFileSync(join(folder, `source-serif-4-latin-${kind}.woff2`), join(assets, "fonts", `${name}.woff2`));
  }
}

/** KaTeX's style with its fonts in the one format that today's browsers read. */
function writeKatex(assets: string): void {
  const folder = join(dirname(require.resolve("katex/package.json")), "dist");
  const style = readFileSync(join(folder, "katex.min.css"), "utf8");
  replaceFile(join(assets, "katex.css"), style.replace(/,url\([^)]*\.(?:woff|ttf)\) format\("[^"]*"\)/g, ""));
  for (const name of readdirSync(join(folder, "fonts")).filter((file) => file.endsWith(".woff2"))) {
    copyFileSync(join(folder, "fonts", name), join(assets, "fonts", name));
  }
}
