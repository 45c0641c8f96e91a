import { allocate, type NumberArray } from "../tensor/kernels/dispatch.js";
import type { Machine } from "./machine.js";
import type { BufferShape, Plan } from "./plan.js";

/** A piece of a machine's memory, with a slot of rows for each time step, or fewer. */
export interface Buffer extends BufferShape {
  offset: number;
  count: number;
}

/** The arrays of a plan in a machine's memory, for batches of any size. Taken when a batch is larger than any before. */
export class RunMemory {
  batchSize = 0;
  readonly #buffers = new Map<string, Buffer>();
  /** Steps that there is room for with this batch, rows of all steps, and sequences. */
  #steps = 0;
  #rows = 0;
  #mostSequences = 0;
  #pieces: { offset: number; count: number }[] = [];

  constructor(
    private readonly plan: Plan,
    private readonly machine: Machine,
  ) {
    for (const [name, shape] of plan.buffers) this.add(name, shape);
  }

  /** One more buffer; before there is room for any. */
  add(name: string, shape: BufferShape): void {
    const offset = shape.slots === "row" ? this.machine.take(shape.stride) : 0;
    this.#buffers.set(name, { ...shape, offset, count: shape.slots === "row" ? shape.stride : 0 });
  }

  buffer(name: string): Buffer {
    const buffer = this.#buffers.get(name);
    if (!buffer) throw new Error(`compile: no buffer ${name}`);
    return buffer;
  }

  /** Makes room for a batch. @returns whether anything lies elsewhere now */
  makeRoom(steps: number, batchSize: number): boolean {
    if (steps <= this.#steps && batchSize === this.batchSize) return false;
    if ((steps + 1) * batchSize > this.#rows || batchSize > this.#mostSequences) this.#takeBuffers(steps, batchSize);
    this.batchSize = batchSize;
    this.#steps = steps;
    return true;
  }

  /** A later batch may have more sequences and fewer steps, or the other way round: there is room for both. */
  #takeBuffers(steps: number, batchSize: number): void {
    this.#rows = Math.max(this.#rows, (steps + 1) * batchSize);
    this.#mostSequences = Math.max(this.#mostSequences, batchSize);
    for (const { offset, count } of this.#pieces.reverse()) this.machine.release(offset, count);
    this.#pieces = [];
    const rowsOf = { steps: this.#rows, ring: 2 * this.#mostSequences, once: this.#mostSequences, row: 0 };
    for (const buffer of this.#buffers.values()) {
      if (buffer.slots === "row") continue;
      buffer.count = rowsOf[buffer.slots] * buffer.stride;
      buffer.offset = this.machine.take(buffer.count);
      this.#pieces.push({ offset: buffer.offset, count: buffer.count });
    }
    for (const { name, sources, depth } of this.plan.groups) {
      const bias = sources.find(({ value }) => value === "one");
      if (!bias) continue;
      const { heap } = this.machine;
      const { offset } = this.#buffers.get(`${name} sources`)!;
      for (let r = 0; r < this.#rows; r++) heap[offset + r * depth + bias.at] = 1;
    }
  }

  clearRings(): void {
    for (const { slots, offset, count } of this.#buffers.values()) {
      if (slots === "ring") this.machine.heap.fill(0, offset, offset + count);
    }
  }

  /** Where an array begins at step t, and how far apart its rows are. */
  at(array: string, t: number): { offset: number; stride: number } {
    const place = this.plan.arrays.get(array) ?? { buffer: array, column: 0, shift: 0 };
    const buffer = this.#buffers.get(place.buffer)!;
    const offset = this.slot(buffer, t + place.shift) + place.column;
    return { offset, stride: buffer.slots === "row" ? 0 : buffer.stride };
  }

  slot({ offset, stride, slots }: Buffer, t: number): number {
    const slot = slots === "steps" ? t : slots === "ring" ? t & 1 : 0;
    return offset + slot * this.batchSize * stride;
  }

  write(array: string, t: number, values: NumberArray): void {
    const { heap } = this.machine;
    const { offset, stride } = this.at(array, t);
    const width = values.length / this.batchSize;
    if (stride === width) heap.set(values, offset);
    else {
      for (let r = 0, k = 0; r < this.batchSize; r++) {
        const row = offset + r * stride;
        for (let j = 0; j < width; j++) heap[row + j] = values[k++];
      }
    }
  }

  /** target += the array */
  addOnto(target: NumberArray, array: string, t: number): void {
    const { heap } = this.machine;
    const { offset, stride } = this.at(array, t);
    const width = target.length / this.batchSize;
    for (let r = 0, k = 0; r < this.batchSize; r++) {
      const row = offset + r * stride;
      for (let j = 0; j < width; j++) target[k++] += heap[row + j];
    }
  }

  clear(array: string, t: number): void {
    const { offset, stride } = this.at(array, t);
    this.machine.heap.fill(0, offset, offset + this.batchSize * stride);
  }

  empty(count: number): NumberArray {
    return allocate(this.machine.heap instanceof Float64Array ? "float64" : "float32", count);
  }

  /** Copies without padding. */
  read(offset: number, stride: number, rows: number, width: number, to?: NumberArray, at = 0): NumberArray {
    const { heap } = this.machine;
    const copy = to ?? this.empty(rows * width);
    if (stride === width) copy.set(heap.subarray(offset, offset + rows * width), at);
    else {
      for (let r = 0; r < rows; r++) {
        const row = offset + r * stride;
        for (let j = 0; j < width; j++) copy[at + r * width + j] = heap[row + j];
      }
    }
    return copy;
  }
}

export function addTo(target: NumberArray, source: NumberArray): void {
  for (let k = 0; k < target.length; k++) target[k] += source[k];
}
