import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { courseRoot } from "../../exercise/pack.js";

const here = (file: string): string => {
  const built = fileURLToPath(new URL(file, import.meta.url));
  return existsSync(built) ? built : built.replace(/\.js$/, ".ts");
};

/** The module that starts the runner with what these imports allow: "mathjs", "unrolled:tensor,sigmoid". */
function entry(imports: readonly string[]): string {
  const quoted = (file: string): string => JSON.stringify(here(file));
  const modules = imports.map((allowed, k) => {
    const [module, list] = allowed.split(":");
    const from = module === "unrolled" ? quoted("../../index.js") : JSON.stringify(module);
    if (!list) return { module, code: `import * as all${k} from ${from};`, value: `...all${k}` };
    const names = list.split(",");
    const renamed = names.map((name) => `${name} as ${name}${k}`).join(", ");
    return {
      module,
      code: `import { ${renamed} } from ${from};`,
      value: names.map((name) => `${name}: ${name}${k}`).join(),
    };
  });
  const held = [...new Set(modules.map(({ module }) => module)), "unrolled"].map((name) => {
    const values = modules.filter(({ module }) => module === name).map(({ value }) => value);
    return `${JSON.stringify(name)}: { ${[...(name === "unrolled" ? ["...own"] : []), ...values].join(", ")} }`;
  });
  return `
    import { serve } from ${quoted("main.js")};
    import { only, own } from ${quoted("../../exercise/modules.js")};
    ${modules.map(({ code }) => code).join("\n")}
    const limits = { id: "this exercise", imports: ${JSON.stringify(imports)} };
    const modules = { ${held.join(", ")} };
    const importFrom = (name) => only(modules[name] ?? {}, limits);
    serve(importFrom, process.argv.slice(2).map(Number));
  `;
}

/** The lib looks for mathjs on disk when it first needs it; in a sandbox there is no disk, so it lies in the same file. */
const mathjsInside: Plugin = {
  name: "mathjs inside",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]tensor[\\/]mathjs\.[jt]s$/ }, () => ({
      contents: 'export const mathjs = () => require("mathjs");',
      resolveDir: courseRoot(),
    }));
  },
};

/**
 * The runner and the part of the lib that an exercise allows, as one file: what is not allowed is not in it.
 * Only our own code is bundled. Learner's code comes through the pipe.
 */
export async function bundleRunner(imports: readonly string[]): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: entry(imports), resolveDir: courseRoot(), sourcefile: "runner-entry.js" },
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    target: "node20",
    legalComments: "none",
    plugins: [mathjsInside],
    logLevel: "silent",
  });
  return outputFiles[0].text;
}

/** Bundles are kept in one folder, one for each set of imports. */
export class Runners {
  private readonly made = new Map<string, Promise<string>>();

  constructor(private readonly folder: string) {}

  /** The file of the runner for these imports. */
  fileFor(imports: readonly string[]): Promise<string> {
    const key = JSON.stringify(imports);
    let file = this.made.get(key);
    if (!file) {
      file = this.write(imports, this.made.size);
      this.made.set(key, file);
    }
    return file;
  }

  private async write(imports: readonly string[], number: number): Promise<string> {
    const file = join(this.folder, `runner-${number}.mjs`);
    writeFileSync(file, await bundleRunner(imports), { mode: 0o644 });
    return file;
  }
}
