import { createRequire } from "node:module";

type Mathjs = typeof import("mathjs");
let loaded: Mathjs | undefined;

/** mathjs, loaded when first used: it takes about half a second, and most of the lib does without. */
export function mathjs(): Mathjs {
  loaded ??= createRequire(import.meta.url)("mathjs") as Mathjs;
  return loaded;
}
