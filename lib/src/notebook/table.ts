import { escapeHtml } from "./bundle.js";
import { Output } from "./output.js";

export type TableCell = string | number | boolean | null | undefined;
export type TableRow = Record<string, TableCell>;

export interface TableOptions {
  readonly caption?: string;
  /** Which columns, in this order; default: all, as the rows have them. */
  readonly columns?: readonly string[];
  /** Significant digits of numbers that are not whole. */
  readonly digits?: number;
}

/** Rows of named values as a table; the first column heads its row. */
export function table(rows: readonly TableRow[], options: TableOptions = {}): Output {
  const { caption, digits = 4 } = options;
  const columns = options.columns ?? [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const texts = rows.map((row) => columns.map((column) => cellText(row[column], digits)));
  const numeric = columns.map((column) => rows.some((row) => typeof row[column] === "number"));
  return new Output({
    "text/html": tableHtml(columns, texts, numeric, caption),
    "text/plain": tableText(columns, texts, numeric, caption),
  });
}

function cellText(value: TableCell, digits: number): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "number") return String(value);
  return Number.isInteger(value) || !Number.isFinite(value) ? String(value) : String(Number(value.toPrecision(digits)));
}

function tableHtml(columns: readonly string[], texts: string[][], numeric: boolean[], caption?: string): string {
  const align = (column: number, text = ""): string => {
    const whole = /^[-−]?[\d.]+(e[-+]?\d+)?$/.test(text) ? "; white-space: nowrap" : ""; // a number is not broken at its minus
    return ` style="text-align: ${numeric[column] ? "right" : "left"}${whole}"`;
  };
  const head = columns.map((name, column) => `<th scope="col"${align(column)}>${escapeHtml(name)}</th>`);
  const body = texts.map((row) => {
    const cells = row.map((text, column) => {
      const [tag, scope] = column === 0 ? ["th", ' scope="row"'] : ["td", ""];
      return `<${tag}${scope}${align(column, text)}>${escapeHtml(text)}</${tag}>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  const title = caption ? `<caption>${escapeHtml(caption)}</caption>` : "";
  return `<div style="overflow-x: auto"><table>${title}<thead><tr>${head.join("")}</tr></thead><tbody>${body.join("")}</tbody></table></div>`;
}

function tableText(columns: readonly string[], texts: string[][], numeric: boolean[], caption?: string): string {
  const widths = columns.map((name, column) => Math.max(name.length, ...texts.map((row) => row[column].length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((text, i) => (numeric[i] ? text.padStart(widths[i]) : text.padEnd(widths[i])))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [...(caption ? [caption] : []), line(columns), rule, ...texts.map(line)].join("\n");
}
