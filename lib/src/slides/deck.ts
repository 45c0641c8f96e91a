import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Fragment, fragments } from "../book/fragments.js";
import { plotlyFile } from "../book/stills.js";
import { escapeHtml, scriptJson } from "../notebook/bundle.js";
import type { Notebook } from "../notebook/notebook-file.js";
import { deckScript } from "./deck-script.js";
import { deckStyle } from "./deck-style.js";
import { liveData, slidesHtml, viewOf } from "./html.js";
import { planSlides } from "./plan.js";

const require = createRequire(import.meta.url);

/** A deck's own files, by name, and where npm has them. */
function assets(): Record<string, string> {
  const reveal = dirname(require.resolve("reveal.js"));
  const katex = dirname(require.resolve("katex"));
  return {
    "reveal.js": join(reveal, "reveal.js"),
    "reveal.css": join(reveal, "reveal.css"),
    "notes.js": join(reveal, "plugin/notes.js"),
    "katex.css": join(katex, "katex.min.css"),
    fonts: join(katex, "fonts"),
    "plotly.js": plotlyFile(),
    "widgets.js": fileURLToPath(new URL("../../dist/explore/page.js", import.meta.url)),
  };
}

/**
 * An executed notebook with the slide types that its file has now: kept outputs may be older than those.
 */
export function withSlideTypes(ran: Notebook, file: Notebook): Notebook {
  const metadata = new Map(file.cells.map((cell) => [cell.id, cell.metadata]));
  return { ...ran, cells: ran.cells.map((cell) => ({ ...cell, metadata: metadata.get(cell.id) ?? cell.metadata })) };
}

/** Writes a lesson's deck into a folder of its own, which opens without a network. Returns how many slides it has. */
export async function writeDeck(notebook: Notebook, folder: string): Promise<number> {
  const cells = await fragments(notebook, { stillOf: async () => "" });
  const slides = planSlides(cells.map(viewOf));
  const fresh = `${folder}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  const files = assets();
  if (!cells.some(({ parts }) => parts.some(({ kind }) => kind === "figure"))) delete files["plotly.js"];
  for (const [name, file] of Object.entries(files)) cpSync(file, join(fresh, name), { recursive: true });
  writeFileSync(join(fresh, "deck.css"), deckStyle);
  writeFileSync(join(fresh, "deck.js"), deckScript());
  writeFileSync(
    join(fresh, "index.html"),
    page(titleOf(cells), slidesHtml(slides, cells), liveData(cells), Object.keys(files)),
  );
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
  return slides.length;
}

const titleOf = (cells: readonly Fragment[]): string =>
  cells.flatMap(({ headings }) => headings)[0]?.text ?? "Unrolled";

function page(title: string, slides: string, data: object, files: readonly string[]): string {
  const styles = [...files.filter((name) => name.endsWith(".css")), "deck.css"];
  const scripts = files.filter((name) => name.endsWith(".js"));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
${styles.map((name) => `<link rel="stylesheet" href="${name}">`).join("\n")}
</head>
<body>
<div class="reveal"><div class="slides">
${slides}
</div></div>
<button id="theme" type="button" aria-label="Light or dark">◐</button>
${scripts.map((name) => `<script src="${name}"></script>`).join("\n")}
<script>const unrolledData = ${scriptJson(data)};</script>
<script src="deck.js"></script>
</body>
</html>
`;
}
