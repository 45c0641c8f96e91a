import { existsSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { coursePack, type Pack, readPack } from "../exercise/pack.js";
import { composePack } from "../exercise/release/compose.js";

/**
 * The exercises to grade by: the course's own, or with an instructor's folder applied to them. What is put together for that
 * lies in a temporary folder until the process ends.
 * @param folder holds pack.json, see docs/packs.md; or a whole pack: manifest.json, masters, and suites in its folder suites
 */
export function packAt(folder: string | undefined, root: string): Pack {
  if (folder === undefined) return coursePack(root);
  if (!existsSync(join(folder, "pack.json"))) return readPack(resolve(folder), resolve(folder, "suites"));
  const out = realpathSync(mkdtempSync(join(tmpdir(), "unrolled-pack-")));
  process.once("exit", () => rmSync(out, { recursive: true, force: true }));
  symlinkSync(join(root, "node_modules"), join(out, "node_modules"), "junction"); // suites import "unrolled"
  return composePack(resolve(folder), out, coursePack(root));
}
