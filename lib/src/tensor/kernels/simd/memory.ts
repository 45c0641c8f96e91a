import { mostPages } from "./bytes.js";
import { engine, type WasmMemory } from "./engine.js";

/** Bytes from here on are ours; what lies below holds the kernels' own tables. */
const firstFree = 65_536;
const page = 65_536;
const most = mostPages * page;
const alignment = 64;

/**
 * The one block of memory that WebAssembly kernels compute in. A piece is taken once and kept, or given back to be
 * taken again at the same size; nothing is cleaned up behind anyone's back.
 */
export class KernelMemory {
  readonly memory: WasmMemory;
  /** All of it as floats. Growing makes a new view: read this anew after every `take`. */
  floats: Float32Array;
  #top = firstFree;
  readonly #free = new Map<number, number[]>();

  /** @param shared whether other threads can compute in it too */
  constructor(shared = false) {
    this.memory = new (engine().Memory)({ initial: 16, ...(shared ? { maximum: mostPages, shared } : {}) });
    this.floats = new Float32Array(this.memory.buffer);
  }

  /** The byte address of a piece with room for `count` floats, all 0. */
  take(count: number): number {
    const bytes = roomFor(count);
    const kept = this.#free.get(bytes)?.pop();
    if (kept !== undefined) {
      this.floats.fill(0, kept / 4, (kept + bytes) / 4);
      return kept;
    }
    const address = this.#top;
    const missing = address + bytes - this.memory.buffer.byteLength;
    if (missing > 0) {
      // by a quarter at a time, since each makes new views; what is not used yet takes no memory of the machine
      const { byteLength } = this.memory.buffer;
      const quarter = Math.min(byteLength / 4, most - byteLength);
      this.memory.grow(Math.ceil(Math.max(missing, quarter) / page));
      this.floats = new Float32Array(this.memory.buffer);
    }
    this.#top = address + bytes;
    return address;
  }

  /** Gives back what `take(count)` gave. */
  release(address: number, count: number): void {
    const bytes = roomFor(count);
    const kept = this.#free.get(bytes);
    if (kept) kept.push(address);
    else this.#free.set(bytes, [address]);
  }
}

/** In whole cache lines, with one to spare: vectors may be read past the end, never past the piece. */
const roomFor = (count: number): number => Math.ceil((count * 4) / alignment) * alignment + alignment;
