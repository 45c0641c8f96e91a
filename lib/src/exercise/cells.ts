import { createRequire } from "node:module";
import type * as TypeScript from "typescript";
import type { Notebook } from "./nbformat.js";
import { sourceOf } from "./nbformat.js";

// The compiler that tslab checks cells with: what it accepts here, it accepts in the notebook.
const require = createRequire(import.meta.url);
let compiler: typeof TypeScript | undefined;
const typescript = (): typeof TypeScript => {
  compiler ??= createRequire(require.resolve("tslab/package.json"))("@tslab/typescript-for-tslab") as typeof TypeScript;
  return compiler;
};

/** What cells may import, by name. */
export type Modules = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * The code of a notebook that counts as the learner's: all code cells in order, save the check cells.
 * Setup cells, which are locked, come from the master and not from the learner's file.
 */
export function codeCells(notebook: Notebook, master: Notebook = notebook): string[] {
  const locked = new Map(master.cells.filter((cell) => cell.metadata.nbgrader?.locked).map((cell) => [cell.id, cell]));
  return notebook.cells
    .filter((cell) => cell.cell_type === "code" && !cell.metadata.nbgrader?.grade)
    .map((cell) => sourceOf(locked.get(cell.id) ?? cell));
}

/** Top-level `const` and `class` become `var`, so that a later cell can declare a name again, as in tslab. */
function redeclarable(ts: typeof TypeScript, modules: string): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  const { factory } = ts;
  const variable = (name: TypeScript.BindingName, value?: TypeScript.Expression) =>
    factory.createVariableStatement(undefined, [factory.createVariableDeclaration(name, undefined, undefined, value)]);

  function fromImport(node: TypeScript.ImportDeclaration): TypeScript.Statement[] {
    const clause = node.importClause;
    if (!clause || clause.isTypeOnly) return [];
    const module = factory.createElementAccessExpression(factory.createIdentifier(modules), node.moduleSpecifier);
    const bindings = clause.namedBindings;
    if (bindings && ts.isNamespaceImport(bindings)) return [variable(bindings.name, module)];
    const elements = (bindings && ts.isNamedImports(bindings) ? bindings.elements : [])
      .filter((element) => !element.isTypeOnly)
      .map(({ propertyName, name }) => factory.createBindingElement(undefined, propertyName, name));
    return [variable(factory.createObjectBindingPattern(elements), module)];
  }

  function statement(node: TypeScript.Statement): TypeScript.Statement | TypeScript.Statement[] {
    if (ts.isImportDeclaration(node)) return fromImport(node);
    if (ts.isVariableStatement(node)) {
      const list = factory.createVariableDeclarationList(node.declarationList.declarations, ts.NodeFlags.None);
      return factory.createVariableStatement(undefined, list);
    }
    if (ts.isClassDeclaration(node) && node.name) {
      const { name, typeParameters, heritageClauses, members } = node;
      return variable(name, factory.createClassExpression(undefined, name, typeParameters, heritageClauses, members));
    }
    return node;
  }
  return () => (file) => factory.updateSourceFile(file, file.statements.flatMap(statement));
}

/**
 * Runs cells as one program, later declarations winning, and gives the names asked for.
 * For code that we trust: our solutions and planted mistakes.
 * @throws Error if a cell imports a module that is not given, or throws
 */
export async function loadCells(
  cells: readonly string[],
  names: readonly string[],
  modules: Modules,
): Promise<Record<string, unknown>> {
  const ts = typescript();
  const known = new Proxy(modules, {
    get: (all, name: string) => {
      if (Object.hasOwn(all, name)) return all[name];
      throw new Error(`cells may import ${Object.keys(all).join(", ")}; got ${JSON.stringify(name)}`);
    },
  });
  const program = cells.map((source) => {
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
        verbatimModuleSyntax: true, // an import that only looks unused stays
        removeComments: true,
      },
      transformers: { before: [redeclarable(ts, "__modules")] },
    });
    return outputText.replace(/^export \{\};$/m, "");
  });
  const wanted = names.map((name) => `${name}: typeof ${name} === "undefined" ? undefined : ${name}`).join(", ");
  const AsyncFunction = (async () => {}).constructor as new (
    ...parts: string[]
  ) => (modules: Modules) => Promise<Record<string, unknown>>;
  return await new AsyncFunction("__modules", `"use strict";\n${program.join("\n")}\nreturn { ${wanted} };`)(known);
}
