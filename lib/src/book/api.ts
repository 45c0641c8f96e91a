import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { replaceFile } from "../notebook/kernelspec.js";
import { runStep } from "../notebook/system.js";

interface ApiOptions {
  readonly root: string;
  readonly out: string;
  readonly log?: (text: string) => void;
}

/** TypeDoc's reference of the library, in the site's folder; made again only when the library's source has changed. */
export async function writeApi({ root, out, log }: ApiOptions): Promise<boolean> {
  const stamp = join(out, "api/.made-from");
  const source = sourceHash(root);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === source) return true;
  const typedoc = join(createRequire(import.meta.url).resolve("typedoc/package.json"), "../bin/typedoc");
  const command = [process.execPath, typedoc, "--options", join(root, "typedoc.json"), "--out", join(out, "api")];
  if (!(await runStep("API reference", command, { cwd: root, lines: 200, ...(log && { log }) }))) return false;
  for (const file of pagesIn(join(out, "api"))) linkToBook(join(out, "api", file), file);
  replaceFile(stamp, source);
  return true;
}

/** The public names, and where the reference explains them. */
export function apiNames(out: string): { name: string; url: string }[] {
  const pages = pagesIn(join(out, "api")).filter((file) => file.includes("/"));
  return pages.map((file) => ({ name: file.replace(/^.*\/|\.html$/g, "").replace(/.*\./, ""), url: `api/${file}` }));
}

function pagesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => file.endsWith(".html"))
    .sort();
}

function linkToBook(file: string, name: string): void {
  const up = "../".repeat(name.split("/").length);
  const html = readFileSync(file, "utf8");
  const link = `<a href="${up}index.html" style="margin-right:1rem;white-space:nowrap">← The book</a>`;
  replaceFile(
    file,
    html.replace(/(<header class="tsd-page-toolbar"><div class="tsd-toolbar-contents container">)/, `$1${link}`),
  );
}

function sourceHash(root: string): string {
  const source = join(root, "lib/src");
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const hash = createHash("sha256").update(readFileSync(join(root, "typedoc.json")));
  for (const file of files.sort())
    if (!/^(book|cli|grader)[\\/]/.test(file)) hash.update(file).update(readFileSync(join(source, file)));
  return hash.digest("hex");
}
