import { cpSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const installed = fileURLToPath(new URL("../node_modules", import.meta.url));

/** What npm would install into a copy of the course: this checkout's packages, and the copy's own library. */
export function linkModules(folder: string): void {
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  for (const name of readdirSync(installed)) {
    if (name === ".package-lock.json") cpSync(join(installed, name), join(modules, name));
    else if (name !== "unrolled" && !name.startsWith(".vite")) symlinkSync(join(installed, name), join(modules, name));
  }
  symlinkSync(join(folder, "lib"), join(modules, "unrolled"));
}
