import { readFileSync } from "node:fs";
import type { MimeBundle } from "./bundle.js";
import { replaceFile } from "./kernelspec.js";
import type { Content } from "./wire.js";

/** The parts of nbformat 4 that we read and write: https://nbformat.readthedocs.io/en/latest/format_description.html */
export type Output =
  | { output_type: "stream"; name: string; text: string[] }
  | { output_type: "display_data"; data: MimeBundle; metadata: object }
  | { output_type: "execute_result"; data: MimeBundle; metadata: object; execution_count: number }
  | { output_type: "error"; ename: string; evalue: string; traceback: string[] };

export interface Cell {
  readonly cell_type: string;
  readonly id?: string;
  readonly metadata: { readonly tags?: readonly string[] };
  readonly source: string | readonly string[];
  outputs?: Output[];
  execution_count?: number | null;
}

export interface Notebook {
  readonly cells: readonly Cell[];
  readonly metadata: object;
  readonly nbformat: number;
  readonly nbformat_minor: number;
}

export function readNotebook(file: string): Notebook {
  const notebook = JSON.parse(readFileSync(file, "utf8")) as Notebook;
  if (!Array.isArray(notebook.cells)) throw new Error(`${file} must be a notebook of nbformat 4: it has no cells`);
  return notebook;
}

export function writeNotebook(file: string, notebook: Notebook): void {
  replaceFile(file, `${JSON.stringify(notebook, null, 1)}\n`);
}

export function sourceOf({ source }: Cell): string {
  return typeof source === "string" ? source : source.join("");
}

/** Gathers a cell's messages into the outputs that a notebook file stores. */
export class OutputRecorder {
  readonly outputs: Output[] = [];

  /** @param displays outputs by display id; one map for a whole notebook, as later cells may update earlier outputs */
  constructor(private readonly displays: Map<string, { data: MimeBundle; metadata: object }[]>) {}

  add(type: string, content: Content): void {
    if (type === "stream") this.addText(String(content.name), String(content.text));
    else if (type === "error") this.addError(content);
    else if (type === "update_display_data") this.update(content);
    else if (type === "display_data" || type === "execute_result") this.addDisplay(type, content);
    else if (type === "clear_output") this.outputs.length = 0;
  }

  private addText(name: string, text: string): void {
    const last = this.outputs.at(-1);
    if (last?.output_type === "stream" && last.name === name) last.text = lines(last.text.join("") + text);
    else this.outputs.push({ output_type: "stream", name, text: lines(text) });
  }

  private addError({ ename, evalue, traceback }: Content): void {
    const [name, value, trace] = [ename, evalue, traceback] as [string, string, string[]];
    this.outputs.push({ output_type: "error", ename: name, evalue: value, traceback: trace });
  }

  private addDisplay(type: "display_data" | "execute_result", content: Content): void {
    const { data, metadata, execution_count, transient } = content as DisplayContent;
    const output = {
      output_type: type,
      data,
      metadata,
      ...(type === "execute_result" && { execution_count }),
    } as Output;
    this.outputs.push(output);
    const id = transient?.display_id;
    if (id) this.displays.set(id, [...(this.displays.get(id) ?? []), output as { data: MimeBundle; metadata: object }]);
  }

  private update(content: Content): void {
    const { data, metadata, transient } = content as DisplayContent;
    for (const output of this.displays.get(transient?.display_id ?? "") ?? [])
      Object.assign(output, { data, metadata });
  }
}

type DisplayContent = Content & {
  data: MimeBundle;
  metadata: object;
  execution_count: number;
  transient?: { display_id?: string };
};

function lines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
