import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join, sep } from "node:path";
import { replaceFile } from "./kernelspec.js";
import { type Notebook, readNotebook, sourceOf } from "./notebook-file.js";

/** What cannot change what a notebook shows. */
const apart = new Set(["book", "cli", "grader"]);

/**
 * The outputs of notebooks that ran, kept from one command to the next: the tests run every lesson once, and the book
 * and the slides are made from that run. A name holds a hash of all that the outputs depend on, so nothing stale is found.
 */
export class KeptOutputs {
  private readonly folder: string;
  private ground: string | undefined;

  constructor(private readonly root: string) {
    this.folder = join(root, ".unrolled/outputs");
  }

  /** The executed notebook, if what is in `file` now has run with this library and these data. */
  find(file: string): Notebook | undefined {
    const kept = this.nameOf(file);
    return existsSync(kept) ? readNotebook(kept) : undefined;
  }

  /** Keeps an executed notebook, in place of earlier ones of this file. */
  keep(file: string, ran: Notebook): void {
    const kept = this.nameOf(file);
    const [stem] = basename(kept).split("@");
    if (existsSync(this.folder)) {
      for (const name of readdirSync(this.folder))
        if (name.startsWith(`${stem}@`)) rmSync(join(this.folder, name), { force: true });
    }
    replaceFile(kept, `${JSON.stringify(ran)}\n`);
  }

  private nameOf(file: string): string {
    const code = readNotebook(file).cells.map((cell) => [cell.cell_type, cell.metadata.tags, sourceOf(cell)]);
    this.ground ??= groundOf(this.root);
    const hash = createHash("sha256").update(this.ground).update(JSON.stringify(code)).digest("hex").slice(0, 16);
    return join(this.folder, `${basename(file, ".ipynb")}@${hash}.ipynb`);
  }
}

/** A hash of the built library, the packages it names and the lessons' data. */
function groundOf(root: string): string {
  const hash = createHash("sha256").update(readFileSync(join(root, "lib/package.json")));
  for (const folder of ["lib/dist", "notebooks/data"]) {
    const all = existsSync(join(root, folder))
      ? readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      : [];
    const files = all.filter((file) => /\.(js|json|safetensors|txt)$/.test(file) && !apart.has(file.split(sep)[0]));
    for (const file of files.sort()) hash.update(file).update(readFileSync(join(root, folder, file)));
  }
  return hash.digest("hex");
}
