import { createTwoslasher, type Twoslasher, type TwoslashNode } from "twoslash";
import typescript from "typescript";

/** A name in a code cell whose type is known. */
export interface TypeAt {
  readonly start: number;
  readonly length: number;
  /** Which of the page's types. */
  readonly type: number;
}

export interface NotebookTypes {
  /** For each code cell the names in it. */
  readonly cells: readonly (readonly TypeAt[])[];
  /** What is said of them: the type as an editor shows it. */
  readonly texts: readonly string[];
}

const between = "\n;\n"; // a cell may end without a semicolon
const longest = 400;
const redeclared = new Set([2300, 2451, 2393, 2440]);

let twoslasher: Twoslasher | undefined;

/**
 * The types of all names in a notebook's code cells, read as one program, as TypeScript itself reports them. A name that
 * is declared in two cells is left out: the program has one type for it, the notebook two.
 */
export function typesOf(cells: readonly string[], root: string): NotebookTypes {
  twoslasher ??= createTwoslasher({
    vfsRoot: root,
    tsModule: typescript,
    compilerOptions: {
      target: typescript.ScriptTarget.ES2022,
      module: typescript.ModuleKind.ESNext,
      moduleResolution: typescript.ModuleResolutionKind.Bundler,
      lib: ["lib.es2023.d.ts"],
      types: ["node"],
      strict: false,
      skipLibCheck: true,
    },
  });
  const code = cells.join(between);
  const found = twoslasher(code, "ts", { handbookOptions: { noErrorValidation: true, keepNotations: true } });
  if (found.code !== code) return { cells: cells.map(() => []), texts: [] }; // it read a comment as a command of its own
  return shared(cells, found.nodes, twice(code, found.nodes));
}

/** Names that are declared more than once. */
function twice(code: string, nodes: readonly TwoslashNode[]): ReadonlySet<string> {
  const errors = nodes.filter((node) => node.type === "error" && redeclared.has(Number(node.code)));
  return new Set(errors.map(({ start, length }) => code.slice(start, start + length)));
}

function shared(cells: readonly string[], nodes: readonly TwoslashNode[], left: ReadonlySet<string>): NotebookTypes {
  const texts: string[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (text: string): number => {
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, texts.length);
    return texts.push(text) - 1;
  };
  let offset = 0;
  const placed = cells.map((cell) => {
    const [from, to] = [offset, offset + cell.length];
    offset = to + between.length;
    return nodes
      .filter(({ type, start, target }) => type === "hover" && start >= from && start < to && !left.has(target ?? ""))
      .filter(({ text }) => !/: any$|^\(?any\)?$/.test(text))
      .map(({ start, length, text }) => ({ start: start - from, length, type: numberOf(readable(text)) }));
  });
  return { cells: placed, texts };
}

/** As an editor shows it, without what every imported name has in common. */
function readable(text: string): string {
  const plain = text.replace(/^\(alias\) /, "").replace(/\n(import|export) [\w$]+$/, "");
  return plain.length > longest ? `${plain.slice(0, longest)} …` : plain;
}
