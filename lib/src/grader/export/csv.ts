import { wellFormed } from "./learner-view.js";

/** Comma-separated values as RFC 4180 has them: CRLF between rows, quotes doubled inside quotes. */

export type Cell = string | number | undefined;

/** Spreadsheets take a cell that begins so for a formula; the wide forms count in Japanese ones. */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/;

const isFormula = (text: string): boolean => FORMULA.test(text) && !/^[+-](\d+([.,]\d+)?)?$/.test(text);

/**
 * A text that no spreadsheet runs: an apostrophe goes before what begins like a formula.
 * @see OWASP, CSV Injection
 */
export const neutralised = (text: string): string => (isFormula(text) ? `'${text}` : text);

/** The text that was neutralised: `restored(neutralised(text)) === text`. */
export const restored = (text: string): string => (text.startsWith("'") && isFormula(text) ? text.slice(1) : text);

function field(cell: Cell): string {
  if (cell === undefined) return "";
  if (typeof cell === "number") return String(cell);
  const text = neutralised(wellFormed(cell));
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/** One row with its line end. Numbers are written as they are, texts neutralised. */
export const csvRow = (cells: readonly Cell[]): string => `${cells.map(field).join(",")}\r\n`;

export const csvText = (rows: readonly (readonly Cell[])[]): string => rows.map(csvRow).join("");

/** Makes Excel read UTF-8; for files that people open, not for those that programs import. */
export const BYTE_ORDER_MARK = "\uFEFF";

/**
 * The rows of a CSV file, cells as written. Line ends of any system, a byte order mark is dropped.
 * @throws SyntaxError where a quote is never closed, or text follows a closing quote
 */
export function parseCsv(text: string, name = "CSV"): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const token = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\r|\n|$)/y;
  const body = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  while (token.lastIndex < body.length || row.length > 0) {
    const at = token.lastIndex;
    const match = token.exec(body);
    if (!match) throw new SyntaxError(`${name}, line ${lineOf(body, at)}: a quote must open a cell and be closed`);
    row.push(match[1] === undefined ? match[2] : match[1].replace(/""/g, '"'));
    if (match[3] === ",") continue;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  }
  return rows;
}

const lineOf = (text: string, at: number): number => text.slice(0, at).split("\n").length;

/**
 * Rows as records by column name.
 * @throws RangeError if a wanted column is missing
 */
export function csvRecords<Name extends string>(
  text: string,
  wanted: readonly Name[],
  name = "CSV",
): Record<Name | string, string>[] {
  const [header = [], ...rows] = parseCsv(text, name);
  const columns = header.map((column) => column.trim());
  const missing = wanted.find((column) => !columns.includes(column));
  if (missing !== undefined) throw new RangeError(`${name}: must have a column ${missing}, got ${columns.join(", ")}`);
  return rows.map((row) => Object.fromEntries(columns.map((column, k) => [column, restored(row[k] ?? "")]))) as never;
}
