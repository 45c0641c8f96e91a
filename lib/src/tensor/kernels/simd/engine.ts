import { overSharedMemory } from "./bytes.js";

/** As much of WebAssembly as the kernels use; TypeScript knows it only together with a browser's DOM. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  grow(pages: number): number;
}

export interface WasmEngine {
  readonly Memory: new (size: { initial: number; maximum?: number; shared?: boolean }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Record<string, unknown> };
  validate(bytes: Uint8Array): boolean;
}

/** @throws Error where there is no WebAssembly */
export function engine(): WasmEngine {
  const { WebAssembly } = globalThis as { WebAssembly?: WasmEngine };
  if (!WebAssembly) throw new Error("WebAssembly is missing");
  return WebAssembly;
}

/** A module's bytes as they must be to compute in `memory`. */
export const madeFor = (memory: WasmMemory, bytes: Uint8Array): Uint8Array =>
  memory.buffer instanceof ArrayBuffer ? bytes : overSharedMemory(bytes);

/** The functions of a module that computes in `memory`. */
export function functionsOf(bytes: Uint8Array, memory: WasmMemory): Record<string, unknown> {
  const { Module, Instance } = engine();
  return new Instance(new Module(bytes), { env: { memory } }).exports;
}
