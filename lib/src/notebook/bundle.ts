/** A Jupyter MIME bundle: one output in several forms; each front end shows the richest it knows. */
export type MimeBundle = Record<string, unknown>;

/** The hook by which a value says how it is displayed (Deno's kernel has the same one). */
export const DISPLAY: unique symbol = Symbol.for("Jupyter.display") as never;

/** A value that knows its MIME bundle. */
export interface Displayable {
  [DISPLAY](): MimeBundle;
}

export function isDisplayable(value: unknown): value is Displayable {
  return typeof (value as Partial<Displayable> | null | undefined)?.[DISPLAY] === "function";
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text that is safe inside HTML, attributes included. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/** Escaped text in which `backticks` mark code. */
export function textWithCode(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}

/** JSON that can stand inside a script element: no tag, comment or line separator can end it. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(toPlain(value)).replace(
    /[<\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The same value as JSON can hold it: typed arrays become arrays, NaN and ±Infinity become null. */
export function toPlain(value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null) return typeof value === "function" ? undefined : value;
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>, toPlain);
  if (Array.isArray(value)) return value.map(toPlain);
  if (value instanceof Date) return value.toISOString();
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, toPlain(part)]));
}
