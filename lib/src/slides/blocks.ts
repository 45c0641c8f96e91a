export type BlockKind = "heading" | "formula" | "table" | "list" | "quote" | "picture" | "predict" | "saw" | "prose";

/** A paragraph, list, table, … of a Markdown cell. */
export interface Block {
  readonly kind: BlockKind;
  readonly text: string;
}

/** The blocks of a cell's Markdown, in order: parted by blank lines outside of formulas and fences. */
export function blocksOf(markdown: string): Block[] {
  const parts: string[] = [];
  let part: string[] = [];
  let fence: string | undefined;
  const end = (): void => {
    if (part.some((line) => line.trim() !== "")) parts.push(part.join("\n").trim());
    part = [];
  };
  for (const line of markdown.split("\n")) {
    if (!fence && line.trim() === "") end();
    else if (!fence && /^#{1,6} /.test(line)) {
      end();
      part.push(line);
      end();
    } else part.push(line);
    fence = stillOpen(line, fence);
  }
  end();
  return joined(parts).map((text) => ({ kind: kindOf(text), text }));
}

/** The mark that must close what is open after this line: a fence, a formula that spans lines, an HTML element. */
function stillOpen(line: string, fence: string | undefined): string | undefined {
  if (fence === "$$") return line.includes("$$") ? undefined : fence;
  if (fence) return line.includes(fence) ? undefined : fence;
  const opened = /^\s*(```|~~~|<details|<table|<div)/.exec(line)?.[1];
  if (opened?.startsWith("<")) {
    const closing = `</${opened.slice(1)}`;
    return line.includes(closing) ? undefined : closing;
  }
  if (opened) return opened;
  return (line.match(/\$\$/g)?.length ?? 0) % 2 === 1 ? "$$" : undefined;
}

/** A list whose items are parted by blank lines is one block. */
function joined(parts: readonly string[]): string[] {
  const out: string[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (last !== undefined && kindOf(last) === "list" && /^(\s{2,}\S|[-*] |\d+\. )/.test(part))
      out[out.length - 1] = `${last}\n${part}`;
    else out.push(part);
  }
  return out;
}

function kindOf(text: string): BlockKind {
  if (/^#{1,6} /.test(text)) return "heading";
  if (/^\$\$[\s\S]*\$\$\s*[.,;]?$/.test(text)) return "formula";
  if (/^\|.*\|\s*\n\|[\s:|-]+\|/.test(text)) return "table";
  if (/^([-*] |\d+\. )/.test(text)) return "list";
  if (text.startsWith(">")) return "quote";
  if (/^(!\[|<svg|<img|```)/.test(text)) return "picture";
  if (/^\*Before you /.test(text)) return "predict";
  if (/^\*\*What (we|you) saw/.test(text)) return "saw";
  return "prose";
}

/** Words as an audience reads them: a formula counts as one. */
export function countWords(markdown: string): number {
  const plain = markdown.replace(/\$\$[\s\S]*?\$\$|\$[^$]*\$/g, " x ").replace(/\]\([^)]*\)|<[^>]+>/g, " ");
  return plain.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

/** Sentences of a paragraph; formulas, code, abbreviations and numbers do not end one. */
export function sentencesOf(paragraph: string): string[] {
  const hidden: string[] = [];
  const hide = (text: string): string => `\uE000${hidden.push(text) - 1}\uE001`;
  const safe = paragraph
    .replace(/\n/g, " ")
    .replace(/\$[^$]*\$|`[^`]*`|\[[^\]]*\]\([^)]*\)|\([^()]*\)/g, hide)
    .replace(/\b(e\.g|i\.e|cf|vs|Fig|Eq|et al|St|Dr)\./g, hide);
  const parts = safe.split(/(?<=[.!?]["”*_)]*)\s+(?=["“*_[(]*[\p{Lu}\p{N}\uE000])/u);
  const shown = (text: string): string => {
    let out = text;
    while (out.includes("\uE000")) out = out.replace(/\uE000(\d+)\uE001/g, (_, at) => hidden[Number(at)]);
    return out;
  };
  return parts.map(shown);
}

/** As many first sentences as fit into `most` words, at least one. */
export function leadOf(paragraph: string, most: number): string {
  const taken: string[] = [];
  for (const sentence of sentencesOf(paragraph)) {
    if (taken.some(says) && countWords([...taken, sentence].join(" ")) > most) break;
    taken.push(sentence);
  }
  return closed(taken.join(" "));
}

/** Not only the label before it. */
const says = (sentence: string): boolean => !/^\*\*[^*]*\*\*$/.test(sentence);

/** Emphasis that was cut in two is closed again. */
function closed(text: string): string {
  const bare = text.replace(/`[^`]*`|\$[^$]*\$/g, "");
  const odd = (mark: RegExp): boolean => (bare.match(mark) ?? []).length % 2 === 1;
  if (odd(/\*\*/g)) return `${text}**`;
  return odd(/(?<!\*)\*(?!\*)/g) ? `${text}*` : text;
}
