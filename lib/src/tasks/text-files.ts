import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { said } from "../tensor/refuse.js";

/**
 * The text in a UTF-8 file; Windows line ends become plain ones, a byte order mark is dropped.
 * @throws Error if the file cannot be read, TypeError if it is not UTF-8
 */
export function readText(file: string): string {
  if (typeof file !== "string") throw new TypeError(`readText: file must be a path, got ${said(file)}`);
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new Error(`readText: file must be readable, got "${file}" (${(error as NodeJS.ErrnoException).code})`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replaceAll("\r\n", "\n");
  } catch {
    throw new TypeError(`readText: file must be UTF-8 text, got "${file}", which is not`);
  }
}

/** The same from src/tasks and from dist/tasks. */
const source = fileURLToPath(new URL("../../src", import.meta.url));

/** The folders that a reader of this course gets to know best. */
const taught = ["tensor", "cells", "layers", "sequence"];

/**
 * The library's own source code as one text, file after file, in a fixed order; each begins with a line that names it.
 * It changes whenever the library does, so results on it belong to one version.
 */
export function sourceText(folders: readonly string[] = taught): string {
  const files = folders.flatMap((folder) =>
    readdirSync(join(source, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join(folder, file)),
  );
  return files
    .sort()
    .map((file) => `// ${file.replaceAll(sep, "/")}\n${readText(join(source, file))}`)
    .join("\n");
}
