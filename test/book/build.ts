import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The book itself, built as a reader builds it, before its tests look at it; UNROLLED_BOOK=asis looks at what is there. */
export async function setup(): Promise<void> {
  if (process.env.UNROLLED_BOOK === "asis") return;
  const program = join(root, "lib/bin/unrolled.mjs");
  const child = spawn(process.execPath, [program, "book"], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`npm run book ended with ${code}`);
}
