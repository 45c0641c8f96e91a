import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { runStep } from "../notebook/system.js";

const require = createRequire(import.meta.url);

/**
 * The types that a notebook sees must be readable by the TypeScript inside tslab: what it cannot parse silently
 * becomes `any` there.
 */
function notebookTypes(root: string): string[] {
  const settings = "--noEmit --target es2022 --lib es2022 --moduleResolution node10 --types node --skipLibCheck false";
  return ["@tslab/typescript-for-tslab/bin/tsc", ...settings.split(" "), join(root, "lib/dist/index.d.ts")];
}

/** `npm run check`: types, lint and format. */
export async function main(args: string[], { root }: { root: string }): Promise<number> {
  if (args.length > 0) {
    console.error(`check: takes no arguments, got ${args.join(" ")}`);
    return 2;
  }
  const step = (label: string, [program, ...rest]: string[]): Promise<boolean> =>
    runStep(label, [process.execPath, require.resolve(program), ...rest], { cwd: root, lines: 200 });
  const queue = existsSync(join(root, "queue/node_modules")); // who never says --queue does not have its packages
  const results = [
    await step("Types", ["typescript/bin/tsc", "-p", root]),
    await step("Types of what runs in a page", ["typescript/bin/tsc", "-p", join(root, "lib/src/explore/page")]),
    await step("Types of what runs in the book", ["typescript/bin/tsc", "-p", join(root, "lib/src/book/page")]),
    !queue || (await step("Types of the queue", ["typescript/bin/tsc", "-p", join(root, "test/queue")])),
    await step("Types as a notebook sees them (TypeScript 5.0.4)", notebookTypes(root)),
    await step("Lint and format", ["@biomejs/biome/bin/biome", "check", "--error-on-warnings", root]),
  ];
  return results.every(Boolean) ? 0 : 1;
}
