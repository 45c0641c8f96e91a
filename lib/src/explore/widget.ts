import type { Diagram } from "../figures/diagrams/diagram.js";

/** What the page's script knows to bring to life. */
export type WidgetKind = "lstm" | "build-up" | "texts" | "look-back";

export interface WidgetParts {
  readonly kind: WidgetKind;
  /** What the page's script starts from: plain data. */
  readonly data: object;
  /** What is seen where no script runs. */
  readonly still: Diagram;
  /** What is read where no script runs, one paragraph each. */
  readonly words: readonly string[];
  readonly title: string;
}

/**
 * A live thing as data. It knows no front end: `show(widget)`, or leaving it as a cell's last value, displays it, and
 * the lib, bundled for the page, computes there what it does. It needs no kernel once it is drawn.
 */
export class Widget implements WidgetParts {
  readonly kind: WidgetKind;
  readonly data: object;
  readonly still: Diagram;
  readonly words: readonly string[];
  readonly title: string;

  constructor({ kind, data, still, words, title }: WidgetParts) {
    this.kind = kind;
    this.data = data;
    this.still = still;
    this.words = words;
    this.title = title;
  }
}
