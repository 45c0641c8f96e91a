import { createRequire } from "node:module";
import type * as TypeScript from "typescript";

const require = createRequire(import.meta.url);
const ts = createRequire(require.resolve("tslab/package.json"))("@tslab/typescript-for-tslab") as typeof TypeScript;

/**
 * Puts `check` at the start of every loop that awaits, so that a cell's loop can be stopped between two turns:
 * JavaScript has no way to stop an async function from outside. Lines stay where they were.
 */
export function guardLoops(code: string, check: string): string {
  if (!code.includes("await")) return code;
  const inserts: { at: number; text: string }[] = [];
  const file = ts.createSourceFile("cell.js", code, ts.ScriptTarget.ES2022);
  const visit = (node: TypeScript.Node): void => {
    if (ts.isIterationStatement(node, false) && awaits(node)) {
      const { statement } = node;
      if (ts.isBlock(statement)) inserts.push({ at: statement.getStart(file) + 1, text: check });
      else {
        inserts.push({ at: statement.getStart(file), text: `{${check}` }, { at: statement.end, text: "}" });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return inserts
    .sort((a, b) => b.at - a.at)
    .reduce((text, insert) => text.slice(0, insert.at) + insert.text + text.slice(insert.at), code);
}

/** Whether a cell awaits outside all functions; tslab overlooks `for await` and `await (`. */
export function awaitsAtTopLevel(code: string): boolean {
  return code.includes("await") && awaits(ts.createSourceFile("cell.js", code, ts.ScriptTarget.ES2022));
}

/** Whether the code itself awaits; functions inside it are not its own. */
function awaits(node: TypeScript.Node): boolean {
  if (ts.isForOfStatement(node) && node.awaitModifier) return true;
  if (ts.isAwaitExpression(node)) return true;
  if (ts.isIdentifier(node) && node.text === "await") return true; // `await (x)` in a script reads as a call
  return ts.forEachChild(node, (child) => (ts.isFunctionLike(child) ? false : awaits(child))) ?? false;
}
