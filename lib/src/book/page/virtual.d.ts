// Made by lib/src/book/scripts.ts from the scripts that notebooks' outputs carry.
declare module "virtual:notebook" {
  /** Turns a still figure into a live plot; `box.dataset.ready` says when. */
  export function drawFigure(box: HTMLElement, data: { figure: unknown; plotly: object }): Promise<void>;
  export function ask(box: HTMLElement, data: unknown): void;
  export function themeOf(box: HTMLElement): { isDark(): boolean; onChange(node: Element, look: () => void): void };
}

declare module "virtual:worker" {
  /** page/lab-worker.ts, bundled with the library. */
  export const workerScript: string;
}
