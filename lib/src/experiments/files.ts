import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Tier } from "./record.js";

/** The package's folder: the same from src/experiments and from dist/experiments. */
export const packageFolder = fileURLToPath(new URL("../..", import.meta.url));

/** Where results are kept: `notebooks/data` of the repository that the package is part of. */
export const dataFolder = join(packageFolder, "../notebooks/data");

/** adding.json, or adding.full.json: the long runs do not replace the ones a lesson quotes. */
export function recordFile(name: string, tier: Tier, folder = dataFolder): string {
  return join(folder, tier === "quick" ? `${name}.json` : `${name}.${tier}.json`);
}

/** The JSON in a file; undefined where there is no such file. @throws Error if it is not JSON */
export function readJson(file: string): unknown {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw new Error(`${file} must be JSON; it is damaged`);
  }
}

/** Writes by way of a temporary name, so that a kill leaves the old file or the new one, never half of one. */
export function writeJson(file: string, value: unknown, indent?: number): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, indent)}\n`);
  renameSync(`${file}.new`, file);
}

export function packageVersion(): string {
  return (readJson(join(packageFolder, "package.json")) as { version: string }).version;
}

/** The folders of the library that decide what an experiment's numbers are. */
export const decisive = [
  "tensor",
  "layers",
  "cells",
  "sequence",
  "compile",
  "training",
  "tasks",
  "measure",
  "experiments",
];

/** A fingerprint of the code that decides the numbers: runs kept from other code are not resumed. */
export function codeFingerprint(): string {
  const here = fileURLToPath(new URL("..", import.meta.url));
  const hash = createHash("sha256");
  for (const folder of decisive) {
    const files = readdirSync(join(here, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /(?<!\.d)\.[jt]s$/.test(entry.name))
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
    for (const file of files.sort()) hash.update(relative(here, file)).update(readFileSync(file));
  }
  return hash.digest("hex");
}
