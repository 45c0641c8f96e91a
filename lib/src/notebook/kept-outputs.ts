import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join, sep } from "node:path";
import { replaceFile } from "./kernelspec.js";
import { type Cell, type Notebook, readNotebook, sourceOf } from "./notebook-file.js";

/** What cannot change what a notebook shows. */
const apart = new Set(["book", "cli", "grader", "slides"]);

/**
 * The outputs of notebooks that ran, kept from one command to the next: the tests run every lesson once, and the book
 * and the slides are made from that run. A name holds a hash of all that the outputs depend on (the code, the library,
 * the data, but no prose), so nothing stale is found.
 */
export class KeptOutputs {
  private readonly folder: string;
  private ground: string | undefined;

  constructor(private readonly root: string) {
    this.folder = join(root, ".unrolled/outputs");
  }

  /** The notebook with its outputs, if the code in `file` as it is now has run with this library and these data. */
  find(file: string): Notebook | undefined {
    const kept = this.nameOf(file);
    if (!existsSync(kept)) return undefined;
    const outputs = JSON.parse(readFileSync(kept, "utf8")) as Cell["outputs"][];
    const notebook = readNotebook(file);
    codeCells(notebook).forEach((cell, at) => {
      cell.outputs = outputs[at];
    });
    return notebook;
  }

  /** Keeps what an executed notebook showed, in place of what it showed earlier. */
  keep(file: string, ran: Notebook): void {
    const kept = this.nameOf(file);
    const [stem] = basename(kept).split("@");
    if (existsSync(this.folder)) {
      for (const name of readdirSync(this.folder))
        if (name.startsWith(`${stem}@`)) rmSync(join(this.folder, name), { force: true });
    }
    replaceFile(kept, `${JSON.stringify(codeCells(ran).map(({ outputs }) => outputs))}\n`);
  }

  private nameOf(file: string): string {
    this.ground ??= groundOf(this.root);
    const code = codeCells(readNotebook(file)).map((cell) => [cell.metadata.tags, sourceOf(cell)]);
    const hash = createHash("sha256").update(this.ground).update(JSON.stringify(code)).digest("hex").slice(0, 16);
    return join(this.folder, `${basename(file, ".ipynb")}@${hash}.json`);
  }
}

const codeCells = ({ cells }: Notebook): Cell[] => cells.filter((cell) => cell.cell_type === "code");

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
