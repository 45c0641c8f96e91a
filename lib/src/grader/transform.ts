import { createRequire } from "node:module";
import { Script } from "node:vm";
import type * as TypeScript from "typescript";
import type { Exercise } from "../exercise/pack.js";
import type { CodeCell } from "./extract.js";
import type { ProgramPart } from "./runner/program.js";
import type { CellProblem } from "./runner/protocol.js";

// The compiler that tslab checks cells with: what it accepts here, it accepts in the notebook.
const require = createRequire(import.meta.url);
const ts = createRequire(require.resolve("tslab/package.json"))("@tslab/typescript-for-tslab") as typeof TypeScript;
const { factory } = ts;

/** What may be imported, by module. */
export type Allowlist = ReadonlyMap<string, ReadonlySet<string> | "all">;

/** Names that every exercise notebook may import; in grading only notStarted does something. */
const everywhere = ["check", "notStarted", "progress", "show"];

/**
 * What the cells of a notebook may import: what any of its exercises may. Which exercise may use it is for the runner,
 * where the rest is missing.
 */
export function allowlistOf(exercises: readonly Pick<Exercise, "imports">[]): Allowlist {
  const allowed = new Map<string, Set<string> | "all">([["unrolled", new Set(everywhere)]]);
  for (const entry of exercises.flatMap(({ imports }) => imports)) {
    const [module, names] = entry.split(":");
    const known = allowed.get(module) ?? new Set<string>();
    if (!names || known === "all") allowed.set(module, "all");
    else allowed.set(module, new Set([...known, ...names.split(",")]));
  }
  return allowed;
}

/** The learner's notebook, ready for the runner. */
export interface Program {
  readonly parts: readonly ProgramPart[];
  /** Cells that are left out, because they cannot be read or import what they may not. */
  readonly problems: readonly CellProblem[];
}

const compilerOptions: TypeScript.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  removeComments: true,
};

const lineOf = (file: TypeScript.SourceFile, position: number): number =>
  file.getLineAndCharacterOfPosition(position).line + 1;

const parse = (text: string, name: string): TypeScript.SourceFile =>
  ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true);

/** Whether an imported name is used as a value: the compiler leaves types out of what it writes. */
function isValue(source: string, name: string): boolean {
  if (!/^[A-Z]/.test(name)) return true;
  const { outputText } = ts.transpileModule(source, { compilerOptions });
  const imports = parse(outputText, "cell.js").statements.filter(ts.isImportDeclaration);
  return imports.some((node) => new RegExp(`\\b${name}\\b`).test(node.getText()));
}

/** The first import, in whatever form, that reaches past the allowlist. */
function forbiddenImport(file: TypeScript.SourceFile, allowed: Allowlist): string | undefined {
  const modules = [...allowed.keys()].join(", ");
  let found: string | undefined;
  const refuse = (node: TypeScript.Node, what: string): void => {
    found ??= `line ${lineOf(file, node.getStart(file))}: ${what}`;
  };
  const from = (node: TypeScript.Node, specifier: TypeScript.Node | undefined): ReadonlySet<string> | "all" => {
    const name = specifier && ts.isStringLiteralLike(specifier) ? specifier.text : undefined;
    const names = name === undefined ? undefined : allowed.get(name);
    if (!names)
      refuse(node, `this exercise may import from ${modules}, not from ${JSON.stringify(name ?? "…").slice(0, 80)}`);
    return names ?? "all";
  };
  const visitImport = (node: TypeScript.ImportDeclaration): void => {
    const clause = node.importClause;
    if (clause?.isTypeOnly) return;
    const names = from(node, node.moduleSpecifier);
    if (clause?.name) refuse(clause.name, "there is no default export to import");
    const bindings = clause?.namedBindings;
    if (names === "all" || !bindings || !ts.isNamedImports(bindings)) return;
    for (const { propertyName, name, isTypeOnly } of bindings.elements) {
      const wanted = (propertyName ?? name).text;
      if (!isTypeOnly && !names.has(wanted) && isValue(file.text, name.text))
        refuse(name, `this exercise may not import ${wanted}; it may import ${[...names].join(", ")}`);
    }
  };
  const visit = (node: TypeScript.Node): void => {
    if (ts.isImportDeclaration(node)) visitImport(node);
    else if (ts.isImportEqualsDeclaration(node)) refuse(node, "import … = require(…) is not possible here");
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier) from(node, node.moduleSpecifier);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      refuse(node, "import(…) inside code is not possible here");
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

const assign = (name: TypeScript.Expression, value: TypeScript.Expression): TypeScript.Statement =>
  factory.createExpressionStatement(factory.createParenthesizedExpression(factory.createAssignment(name, value)));

/** A declared name or pattern as the target of an assignment: { a, b: [c] }. */
function target(name: TypeScript.BindingName, names: Set<string>): TypeScript.Expression {
  const withDefault = (element: TypeScript.BindingElement): TypeScript.Expression => {
    const to = target(element.name, names);
    return element.initializer ? factory.createAssignment(to, element.initializer) : to;
  };
  if (ts.isIdentifier(name)) {
    names.add(name.text);
    return name;
  }
  if (ts.isArrayBindingPattern(name)) {
    const elements = name.elements.map((element) => {
      if (ts.isOmittedExpression(element)) return element;
      return element.dotDotDotToken ? factory.createSpreadElement(withDefault(element)) : withDefault(element);
    });
    return factory.createArrayLiteralExpression(elements);
  }
  const properties = name.elements.map((element) => {
    if (element.dotDotDotToken) return factory.createSpreadAssignment(withDefault(element));
    const key = element.propertyName ?? (element.name as TypeScript.Identifier);
    return factory.createPropertyAssignment(key, withDefault(element));
  });
  return factory.createObjectLiteralExpression(properties);
}

function fromImport(node: TypeScript.ImportDeclaration, names: Set<string>): TypeScript.Statement[] {
  const module = factory.createCallExpression(factory.createIdentifier("$unrolledImport"), undefined, [
    node.moduleSpecifier,
  ]);
  const bindings = node.importClause?.namedBindings;
  if (!bindings) return [];
  if (ts.isNamespaceImport(bindings)) return [assign(target(bindings.name, names), module)];
  const pattern = factory.createObjectBindingPattern(
    bindings.elements.map(({ propertyName, name }) => factory.createBindingElement(undefined, propertyName, name)),
  );
  return [assign(target(pattern, names), module)];
}

const unexported = (modifiers: readonly TypeScript.ModifierLike[] | undefined): TypeScript.Modifier[] =>
  (modifiers ?? []).filter(
    (entry): entry is TypeScript.Modifier =>
      ts.isModifier(entry) && entry.kind !== ts.SyntaxKind.ExportKeyword && entry.kind !== ts.SyntaxKind.DefaultKeyword,
  );

/** Top-level declarations become assignments, and their names are collected. Functions first, as if hoisted. */
function flatten(file: TypeScript.SourceFile): { names: Set<string>; statements: TypeScript.Statement[] } {
  const names = new Set<string>();
  const [hoisted, rest]: [TypeScript.Statement[], TypeScript.Statement[]] = [[], []];
  for (const node of file.statements) {
    if (ts.isImportDeclaration(node)) hoisted.push(...fromImport(node, names));
    else if (ts.isExportDeclaration(node)) continue;
    else if (ts.isExportAssignment(node)) rest.push(factory.createExpressionStatement(node.expression));
    else if (ts.isFunctionDeclaration(node) && node.name && node.body) {
      const { asteriskToken, parameters, body, modifiers } = node;
      const value = factory.createFunctionExpression(
        unexported(modifiers),
        asteriskToken,
        undefined,
        undefined,
        parameters,
        undefined,
        body,
      );
      hoisted.push(assign(target(node.name, names), value));
    } else if (ts.isClassDeclaration(node) && node.name) {
      const value = factory.createClassExpression(
        unexported(node.modifiers),
        node.name,
        undefined,
        node.heritageClauses,
        node.members,
      );
      rest.push(assign(target(node.name, names), value));
    } else if (ts.isVariableStatement(node)) {
      for (const { name, initializer } of node.declarationList.declarations)
        rest.push(assign(target(name, names), initializer ?? factory.createVoidZero()));
    } else rest.push(node);
  }
  return { names, statements: [...hoisted, ...rest] };
}

/** @throws SyntaxError that names the line */
function readCell(cell: string, allowed: Allowlist | undefined): Omit<ProgramPart, "cell"> {
  const source = `${cell}\n`; // the compiler stumbles over an error in the last place of a text
  const original = parse(source, "cell.ts");
  const { outputText, diagnostics = [] } = ts.transpileModule(source, {
    reportDiagnostics: true,
    compilerOptions: { ...compilerOptions, verbatimModuleSyntax: true }, // an import that only looks unused stays
  });
  const [wrong] = diagnostics.filter(({ category }) => category === ts.DiagnosticCategory.Error);
  if (wrong) {
    const text = ts.flattenDiagnosticMessageText(wrong.messageText, " ");
    throw new SyntaxError(`line ${lineOf(original, Math.min(wrong.start ?? 0, source.length))}: ${text}`);
  }
  const forbidden = allowed && forbiddenImport(original, allowed);
  if (forbidden) throw new SyntaxError(forbidden);
  const plain = parse(outputText, "cell.js");
  const { names, statements } = flatten(plain);
  const body = ts.createPrinter({ removeComments: true }).printFile(factory.updateSourceFile(plain, statements));
  const declared = names.size > 0 ? `let ${[...names].join(", ")};` : "";
  new Script(`"use strict"; (async () => { ${declared} async () => {\n${body}\n} })`); // parsed, not run: what V8 refuses ends this cell only
  return { names: [...names], body };
}

const courseCells = new Map<string, Omit<ProgramPart, "cell">>();

/** The course's own cell, which is the same in every submission: compiled once, and free to import anything. */
function readCourseCell(source: string): Omit<ProgramPart, "cell"> {
  const known = courseCells.get(source) ?? readCell(source, undefined);
  courseCells.set(source, known);
  return known;
}

/** The cells of a notebook as JavaScript; those that cannot run, or import what they may not, are left out. */
export function transform(cells: readonly CodeCell[], allowed: Allowlist): Program {
  const problems: CellProblem[] = [];
  const parts: ProgramPart[] = [];
  for (const [cell, { source, from }] of cells.entries()) {
    try {
      const part = from === "learner" ? readCell(source, allowed) : readCourseCell(source);
      if (from === "learner" || part.names.length > 0) parts.push({ cell, ...part }); // the course's shows are not run
    } catch (error) {
      problems.push({ cell, message: error instanceof Error ? error.message.slice(0, 300) : "cannot be read" });
    }
  }
  return { parts, problems };
}
