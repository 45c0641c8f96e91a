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

/** Top-level `const`, `class` and `function` become `var`, so that a later cell can declare a name again, as in tslab. */
function redeclarable(ts: typeof TypeScript, modules: string): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  const { factory } = ts;
  const variable = (name: TypeScript.BindingName, value?: TypeScript.Expression) =>
    factory.createVariableStatement(undefined, [factory.createVariableDeclaration(name, undefined, undefined, value)]);

  function fromImport(node: TypeScript.ImportDeclaration): TypeScript.Statement[] {
    const clause = node.importClause;
    if (!clause || clause.isTypeOnly) return [];
    const module = factory.createElementAccessExpression(factory.createIdentifier(modules), node.moduleSpecifier);
    const bindings = clause.namedBindings;
    const whole = bindings && ts.isNamespaceImport(bindings) ? [variable(bindings.name, module)] : [];
    const elements = (bindings && ts.isNamedImports(bindings) ? bindings.elements : [])
      .filter((element) => !element.isTypeOnly)
      .map(({ propertyName, name }) => factory.createBindingElement(undefined, propertyName, name));
    if (clause.name) elements.push(factory.createBindingElement(undefined, "default", clause.name));
    return [...whole, variable(factory.createObjectBindingPattern(elements), module)];
  }

  function fromFunction(node: TypeScript.FunctionDeclaration): TypeScript.Statement[] {
    const { name, asteriskToken, typeParameters, parameters, type, body } = node;
    if (!name || !body) return [];
    const kept = node.modifiers?.filter(
      (modifier): modifier is TypeScript.Modifier => modifier.kind === ts.SyntaxKind.AsyncKeyword,
    );
    return [
      variable(
        name,
        factory.createFunctionExpression(kept, asteriskToken, undefined, typeParameters, parameters, type, body),
      ),
    ];
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
  // functions first: a cell may call what it declares further down
  return () => (file) =>
    factory.updateSourceFile(file, [
      ...file.statements.filter(ts.isFunctionDeclaration).flatMap(fromFunction),
      ...file.statements.filter((node) => !ts.isFunctionDeclaration(node)).flatMap(statement),
    ]);
}

const scripts = new Map<string, string>();

/**
 * A cell as JavaScript that can stand after another cell; one that stops does not keep the next from running, as in a
 * notebook. Each text is compiled once.
 */
function scriptOf(ts: typeof TypeScript, source: string): string {
  const known = scripts.get(source);
  if (known !== undefined) return known;
  const { outputText, diagnostics = [] } = ts.transpileModule(source, {
    reportDiagnostics: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true, // an import that only looks unused stays
      removeComments: true,
    },
    transformers: { before: [redeclarable(ts, "__modules")] },
  });
  const [fault] = diagnostics;
  const line = fault?.file ? fault.file.getLineAndCharacterOfPosition(fault.start ?? 0).line + 1 : 0;
  const message = fault && `line ${line}: ${ts.flattenDiagnosticMessageText(fault.messageText, " ")}`;
  const body = message
    ? `throw new SyntaxError(${JSON.stringify(message)});`
    : outputText.replace(/^export \{\};$/m, "");
  const script = `try {\n${body}\n} catch (error) { __faults.push(error); }`;
  scripts.set(source, script);
  return script;
}

/**
 * Runs cells as one program, later declarations winning, and gives the names asked for.
 * For code that we trust: our solutions and planted mistakes.
 * @throws what stopped a cell (an import of a module that is not given, an error of its own) if a name is missing
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
  const program = cells.map((source) => scriptOf(ts, source));
  const wanted = names.map((name) => `${name}: typeof ${name} === "undefined" ? undefined : ${name}`).join(", ");
  const AsyncFunction = (async () => {}).constructor as new (
    ...parts: string[]
  ) => (modules: Modules, faults: unknown[]) => Promise<Record<string, unknown>>;
  const faults: unknown[] = [];
  const run = new AsyncFunction("__modules", "__faults", `"use strict";\n${program.join("\n")}\nreturn { ${wanted} };`);
  const found = await run(known, faults);
  if (faults.length > 0 && names.some((name) => found[name] === undefined)) throw faults[0];
  return found;
}
