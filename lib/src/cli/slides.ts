import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { executed } from "../book/executed.js";
import { readNotebook } from "../notebook/notebook-file.js";
import { withSlideTypes, writeDeck } from "../slides/deck.js";

const USAGE = `usage: npm run slides [-- lesson …]
Makes a deck for instructors of each lesson named, or of all: dist/slides/<lesson>/index.html, which opens without a network.
  lesson         a number or a name: 05, 05-gates`;

/** `npm run slides -- 05`: a lesson as slides, with live figures and speaker notes. */
export async function main(args: string[], { root }: { root: string }): Promise<number> {
  let names: string[];
  try {
    const { positionals } = parseArgs({ args, allowPositionals: true });
    names = chosen(positionals, root);
  } catch (error) {
    console.error(`slides: ${(error as Error).message}\n${USAGE}`);
    return 2;
  }
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  const files = names.map((name) => join(root, "notebooks", `${name}.ipynb`));
  try {
    const notebooks = await executed(files, { root, signal: stop.signal, log: console.error });
    for (const [file, notebook] of notebooks) {
      const folder = join(root, "dist/slides", basename(file, ".ipynb"));
      const count = await writeDeck(withSlideTypes(notebook, readNotebook(file)), folder);
      console.log(`${join(folder, "index.html")}: ${count} slides`);
    }
  } catch (error) {
    console.error(`slides: ${(error as Error).message}`);
    return 1;
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
  console.log("S opens the speaker's view, D turns light and dark, ? lists the other keys.");
  return 0;
}

/** Names of lessons, from numbers or names. @throws RangeError if there is none such */
function chosen(wanted: readonly string[], root: string): string[] {
  const lessons = readdirSync(join(root, "notebooks"))
    .filter((name) => name.endsWith(".ipynb"))
    .map((name) => basename(name, ".ipynb"))
    .sort();
  if (wanted.length === 0) return lessons;
  return wanted.map((name) => {
    const found = lessons.find((lesson) => lesson === name || lesson.startsWith(`${name.padStart(2, "0")}-`));
    if (!found) throw new RangeError(`there is no lesson "${name}"; there are ${lessons.join(", ")}`);
    return found;
  });
}
