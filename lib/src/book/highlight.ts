import { createCssVariablesTheme, createHighlighter, type Highlighter, type ThemedToken } from "shiki";
import { escapeHtml } from "../notebook/bundle.js";
import type { TypeAt } from "./types-at.js";

let ready: Promise<Highlighter> | undefined;

const theme = createCssVariablesTheme({ name: "book", variablePrefix: "--" });

/** Loads the grammar, once. */
export async function highlighter(): Promise<(code: string, types?: readonly TypeAt[]) => string> {
  ready ??= createHighlighter({ themes: [theme], langs: ["typescript", "shellscript", "json"] });
  const shiki = await ready;
  return (code, types = []) =>
    paint(shiki.codeToTokensBase(code, { lang: "typescript", theme: "book", tokenizeTimeLimit: 0 }), types);
}

/** Coloured spans: the class says what a token is; names that have a type carry its number. */
function paint(lines: ThemedToken[][], types: readonly TypeAt[]): string {
  const byStart = new Map(types.map((type) => [type.start, type]));
  return lines.map((tokens) => tokens.flatMap((token) => split(token, byStart)).join("")).join("\n");
}

function split(token: ThemedToken, byStart: ReadonlyMap<number, TypeAt>): string[] {
  const parts: string[] = [];
  const { content, offset } = token;
  const kind = /--(?:token-)?([a-z-]+)/.exec(token.color ?? "")?.[1] ?? "";
  let plain = "";
  const flush = (): void => {
    if (plain) parts.push(span(plain, kind));
    plain = "";
  };
  for (let at = 0; at < content.length; ) {
    const type = byStart.get(offset + at);
    if (type && at + type.length <= content.length) {
      flush();
      parts.push(span(content.slice(at, at + type.length), kind, type.type));
      at += type.length;
    } else {
      plain += content[at];
      at += 1;
    }
  }
  flush();
  return parts;
}

const quiet = new Set(["", "foreground"]);

function span(text: string, kind: string, type?: number): string {
  const attributes = [
    ...(quiet.has(kind) || !text.trim() ? [] : [`class="${kind}"`]),
    ...(type === undefined ? [] : [`data-t="${type}"`]),
  ];
  return attributes.length ? `<span ${attributes.join(" ")}>${escapeHtml(text)}</span>` : escapeHtml(text);
}
