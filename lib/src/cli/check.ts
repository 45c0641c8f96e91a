import { createRequire } from "node:module";
import { join } from "node:path";
import { type Outcome, run, stage } from "./stages.js";

const require = createRequire(import.meta.url);

/**
 * The types that a notebook sees must be readable by the TypeScript inside tslab: what it cannot parse silently
 * becomes `any` there.
 */
function notebookTypes(root: string): Promise<Outcome> {
  const compiler = require.resolve("@tslab/typescript-for-tslab/bin/tsc");
  const settings = [
    "--noEmit",
    "--target",
    "es2022",
    "--lib",
    "es2022",
    "--moduleResolution",
    "node10",
    "--types",
    "node",
    "--skipLibCheck",
    "false",
  ];
  return run(process.execPath, [compiler, ...settings, join(root, "lib/dist/index.d.ts")], { cwd: root });
}

/** `npm run check`: types, lint and format. */
export async function main(args: string[], { root }: { root: string }): Promise<number> {
  if (args.length > 0) {
    console.error(`check: takes no arguments, got ${args.join(" ")}`);
    return 2;
  }
  const node = (file: string, ...rest: string[]) =>
    run(process.execPath, [require.resolve(file), ...rest], { cwd: root });
  const results = [
    await stage("Types", () => node("typescript/bin/tsc", "-p", root)),
    await stage("Types as a notebook sees them (TypeScript 5.0.4)", () => notebookTypes(root)),
    await stage("Lint and format", () => node("@biomejs/biome/bin/biome", "check", "--error-on-warnings", root)),
  ];
  return results.every(Boolean) ? 0 : 1;
}
