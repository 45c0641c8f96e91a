// The stubs have the types of their answers, for the compiler that notebooks use: no learner begins with red lines.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as TypeScript from "typescript";
import { expect, test } from "vitest";
import { codeCells } from "../../lib/src/exercise/cells.js";
import { courseRoot } from "../../lib/src/exercise/pack.js";
import { releaseNotebook } from "../../lib/src/exercise/release/release.js";
import { masterOf, pack } from "./course.js";

const require = createRequire(import.meta.url);
const ts = createRequire(require.resolve("tslab/package.json"))("@tslab/typescript-for-tslab") as typeof TypeScript;

test("the cells of every released notebook compile", { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "unrolled-types-"));
  try {
    const files = [...new Map(pack.exercises.map((exercise) => [exercise.file, exercise])).values()].map((exercise) => {
      const target = join(folder, exercise.file.replace(".ipynb", ".ts"));
      const cells = codeCells(releaseNotebook(masterOf(exercise), pack.exercises));
      writeFileSync(target, `${cells.join("\n")}\nexport {};\n`);
      return target;
    });
    const program = ts.createProgram(files, {
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2022.d.ts"],
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.NodeJs,
      baseUrl: courseRoot(),
      paths: { unrolled: ["lib/dist/index.d.ts"], "*": ["node_modules/*"] },
      typeRoots: [join(courseRoot(), "node_modules/@types")],
      types: ["node"],
      strict: true,
      skipLibCheck: true,
      noEmit: true,
    });
    const faults = files.flatMap((file) =>
      [
        ...program.getSyntacticDiagnostics(program.getSourceFile(file)),
        ...program.getSemanticDiagnostics(program.getSourceFile(file)),
      ].map(({ messageText, start = 0 }) => {
        const source = program.getSourceFile(file)!;
        const line = source.text.split("\n")[source.getLineAndCharacterOfPosition(start).line];
        return `${file.slice(folder.length + 1)}: ${ts.flattenDiagnosticMessageText(messageText, " ")} at ${line.trim()}`;
      }),
    );
    expect(faults).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
