import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "../notebook/kernelspec.js";

/** Things that take long to make, kept in files under the hash of what they are made from. */
export class Store {
  constructor(private readonly folder: string) {}

  /** What was made from this before, or what `make` makes now. */
  async get(kind: string, from: unknown, make: () => string | Promise<string>): Promise<string> {
    const hash = createHash("sha256").update(JSON.stringify(from)).digest("hex").slice(0, 24);
    const file = join(this.folder, kind, hash);
    if (existsSync(file)) return readFileSync(file, "utf8");
    const made = await make();
    replaceFile(file, made);
    return made;
  }
}
