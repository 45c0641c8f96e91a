import { createRequire } from "node:module";
import type * as TypeScript from "typescript";

const require = createRequire(import.meta.url);
const ts = createRequire(require.resolve("tslab/package.json"))("@tslab/typescript-for-tslab") as typeof TypeScript & {
  /** Fills in which names each block and function declares. */
  bindSourceFile(file: TypeScript.SourceFile, options: TypeScript.CompilerOptions): void;
};
type Scope = TypeScript.Node & { readonly locals?: ReadonlyMap<string, unknown> };

/**
 * Writes `{ x }` as `{ x: exports.x }` where x belongs to an earlier cell. tslab 1.0.22 turns every other use of x into
 * `exports.x` and overlooks this one, so that `check("05.3", { lstmStep })` would end in "lstmStep is not defined".
 * @param isEarlier whether an earlier cell declared this name
 */
export function expandShorthand(code: string, isEarlier: (name: string) => boolean): string {
  const found: TypeScript.Identifier[] = [];
  const file = ts.createSourceFile("cell.js", code, ts.ScriptTarget.ES2022, true);
  const visit = (node: TypeScript.Node): void => {
    if (ts.isShorthandPropertyAssignment(node) && isEarlier(node.name.text)) found.push(node.name);
    ts.forEachChild(node, visit);
  };
  visit(file);
  if (found.length === 0) return code;
  ts.bindSourceFile(file, {});
  return found
    .filter((name) => !declaredAround(name))
    .reverse() // from the end, so that places before stay true
    .reduce((text, name) => `${text.slice(0, name.end)}: exports.${name.text}${text.slice(name.end)}`, code);
}

/** tslab 1.0.22 turns `const { a: b } = o`, with o from an earlier cell, into `const { exports, a: b } = exports.o`. */
export const dropStrayExports = (code: string): string =>
  code.replace(/\b(?:const|let|var) \{.*\} = /g, (pattern) => pattern.replace(/\bexports, /g, ""));

function declaredAround(name: TypeScript.Identifier): boolean {
  for (let scope: Scope | undefined = name; scope; scope = scope.parent) {
    if (scope.locals?.has(name.text)) return true;
  }
  return false;
}
