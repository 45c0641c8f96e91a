import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Notebook, sourceOf } from "../notebook/notebook-file.js";
import type { Store } from "./store.js";
import { type NotebookTypes, typesOf } from "./types-at.js";

let declarations: string | undefined;

/** The types in a notebook's code, from an earlier build where neither the code nor the library's types have changed. */
export async function notebookTypes(
  notebook: Notebook,
  { root, store }: { root: string; store: Store },
): Promise<NotebookTypes> {
  declarations ??= hashOfTypes(root);
  const code = notebook.cells.filter((cell) => cell.cell_type === "code").map(sourceOf);
  const made = await store.get("types", [declarations, code], () => JSON.stringify(typesOf(code, root)));
  return JSON.parse(made) as NotebookTypes;
}

function hashOfTypes(root: string): string {
  const dist = join(root, "lib/dist");
  const files = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".d.ts"));
  const hash = createHash("sha256").update(readFileSync(join(root, "lib/package.json")));
  for (const file of files.sort()) hash.update(file).update(readFileSync(join(dist, file)));
  return hash.digest("hex");
}
