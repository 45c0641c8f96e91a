// What the book uses of the tools that make it. They are development packages: the library must build without them, so
// their own types cannot be asked for here.

declare module "markdown-it" {
  export interface Token {
    type: string;
    tag: string;
    content: string;
    info: string;
    hidden: boolean;
    children: Token[] | null;
    attrGet(name: string): string | null;
    attrSet(name: string, value: string): void;
  }
  export interface InlineState {
    readonly src: string;
    pos: number;
    push(type: string, tag: string, nesting: number): Token;
  }
  export interface BlockState {
    readonly src: string;
    readonly bMarks: number[];
    readonly eMarks: number[];
    readonly tShift: number[];
    line: number;
    push(type: string, tag: string, nesting: number): Token;
    getLines(begin: number, end: number, indent: number, keepLastLF: boolean): string;
  }
  export type Rule = (tokens: Token[], at: number) => string;
  export default class MarkdownIt {
    constructor(options: { html?: boolean; linkify?: boolean; typographer?: boolean });
    readonly inline: {
      ruler: { before(name: string, own: string, rule: (state: InlineState, silent: boolean) => boolean): void };
    };
    readonly block: {
      ruler: {
        before(
          name: string,
          own: string,
          rule: (state: BlockState, start: number, end: number, silent: boolean) => boolean,
          options: { alt: string[] },
        ): void;
      };
    };
    readonly renderer: {
      rules: Record<string, Rule | undefined>;
      render(tokens: Token[], options: object, env: object): string;
    };
    readonly options: object;
    parse(text: string, env: object): Token[];
  }
}

declare module "katex" {
  const katex: { renderToString(formula: string, options: object): string };
  export default katex;
}

declare module "shiki" {
  export interface ThemedToken {
    readonly content: string;
    readonly offset: number;
    readonly color?: string;
    readonly fontStyle?: number;
  }
  export interface Highlighter {
    codeToTokensBase(
      code: string,
      options: { lang: string; theme: string; tokenizeTimeLimit: number },
    ): ThemedToken[][];
  }
  export function createHighlighter(options: { themes: object[]; langs: string[] }): Promise<Highlighter>;
  export function createCssVariablesTheme(options: { name: string; variablePrefix: string }): object;
}

declare module "twoslash" {
  export interface TwoslashNode {
    readonly type: "hover" | "error" | "query" | "completion" | "highlight" | "tag";
    readonly start: number;
    readonly length: number;
    readonly text: string;
    readonly target?: string;
    readonly docs?: string;
    readonly code?: number;
  }
  export type Twoslasher = (
    code: string,
    extension: string,
    options: object,
  ) => { readonly code: string; readonly nodes: readonly TwoslashNode[] };
  export function createTwoslasher(options: object): Twoslasher;
}

declare module "jsdom" {
  export class JSDOM {
    constructor(html: string, options?: object);
    // biome-ignore lint/suspicious/noExplicitAny: a browser's window, whose types the library is built without
    readonly window: any;
  }
}

declare module "dompurify" {
  export interface Purifier {
    sanitize(html: string, options: object): string;
  }
  export default function createPurifier(window: unknown): Purifier;
}

declare module "minisearch" {
  export default class MiniSearch {
    constructor(options: object);
    addAll(documents: readonly object[]): void;
    search(query: string, options?: object): { id: number; terms: string[]; [field: string]: unknown }[];
    toJSON(): object;
    static loadJSON(json: string, options: object): MiniSearch;
    static loadJS(index: object, options: object): MiniSearch;
  }
}

declare module "pngjs" {
  export class PNG {
    constructor(options: { width: number; height: number });
    readonly width: number;
    readonly height: number;
    data: Buffer;
    static readonly sync: { read(png: Buffer): PNG; write(png: PNG): Buffer };
  }
}
