import { createRequire } from "node:module";
import { join } from "node:path";
import { runStep } from "../notebook/system.js";

/** `npm run book`: the static site, so far its API reference, into dist/book. */
export async function main(args: string[], { root }: { root: string }): Promise<number> {
  if (args.length > 0) {
    console.error(`book: takes no arguments, got ${args.join(" ")}`);
    return 2;
  }
  const typedoc = join(createRequire(import.meta.url).resolve("typedoc/package.json"), "../bin/typedoc");
  const command = [process.execPath, typedoc, "--options", join(root, "typedoc.json")];
  const ok = await runStep("API reference", command, { cwd: root, lines: 200 });
  if (ok) console.log(`Open ${join(root, "dist/book/api/index.html")}`);
  return ok ? 0 : 1;
}
