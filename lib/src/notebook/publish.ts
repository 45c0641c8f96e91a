import { createRequire } from "node:module";
import type { MimeBundle } from "./bundle.js";

export interface PublishOptions {
  /** A display id: a later bundle with `update` replaces this output. */
  readonly id?: string;
  readonly update?: boolean;
}

type WriteDisplay = (content: object, update: boolean) => void;

/** Publishes one output of the running cell. Outside a kernel it does nothing and returns false. */
export function publish(data: MimeBundle, { id, update = false }: PublishOptions = {}): boolean {
  const write = displayWriter();
  if (!write) return false;
  write({ data, metadata: {}, transient: id ? { display_id: id } : {} }, update);
  return true;
}

/** Whether code runs in a notebook's kernel, ours or plain tslab's. */
export function inKernel(): boolean {
  return displayWriter() !== undefined;
}

const { cache } = createRequire(import.meta.url);
let tslab: NodeJS.Module | undefined;

/** tslab's own way out, found among the loaded modules: importing tslab here would load a compiler outside kernels. */
function displayWriter(): WriteDisplay | undefined {
  tslab ??= Object.values(cache).find((module) => /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(module?.filename ?? ""));
  return (tslab?.exports as { lastWriteDisplayData?: WriteDisplay } | undefined)?.lastWriteDisplayData;
}
