import { emitKernel, type Kernel } from "../tensor/kernels/simd/emit.js";
import type { Store } from "../tensor/kernels/simd/expression.js";
import type { KernelMemory } from "../tensor/kernels/simd/memory.js";
import type { Simd } from "../tensor/kernels/simd/simd.js";
import { Crew } from "./crew.js";
import { Hand } from "./hand.js";
import type { Machine, MachineKernel, Packed, PackedBlock } from "./machine.js";

/** Gives back what a machine took, once nobody can reach the machine any more: the kernels' memory is not collected. */
const abandoned = new FinalizationRegistry<{ memory: KernelMemory; taken: Map<number, number> }>(
  ({ memory, taken }) => {
    for (const [address, count] of taken) memory.release(address, count);
  },
);

/** float32 on WebAssembly SIMD, on one thread or two. */
export class WasmMachine implements Machine {
  readonly padding = { vector: 4, panel: 8 };
  readonly #memory: KernelMemory;
  /** Byte addresses of all that was taken, with their sizes. */
  readonly #taken = new Map<number, number>();
  readonly #here: Hand;
  readonly #there: Hand | undefined;
  readonly #crew: Crew | undefined;

  /** @param fewestRows where the kernels have a second thread: how many rows are worth sharing with it */
  constructor(
    private readonly simd: Simd,
    fewestRows = Number.POSITIVE_INFINITY,
  ) {
    this.#memory = simd.memory;
    this.#here = new Hand(simd.functions, this);
    this.#there = simd.there && new Hand(simd.there, this);
    this.#crew = simd.second && new Crew(simd.second, fewestRows);
    abandoned.register(this, { memory: simd.memory, taken: this.#taken });
  }

  get heap(): Float32Array {
    this.#crew?.meet();
    return this.#memory.floats;
  }

  take(count: number): number {
    this.#crew?.meet();
    const address = this.#memory.take(count);
    this.#taken.set(address, count);
    return address / 4;
  }

  release(offset: number, count: number): void {
    this.#crew?.meet();
    this.#taken.delete(4 * offset);
    this.#memory.release(4 * offset, count);
  }

  share(rows: number): boolean {
    return this.#crew?.share(rows) ?? false;
  }

  kernel(stores: readonly Store[], width: number): MachineKernel {
    const kernel = emitKernel(stores, width, this.simd);
    const crew = this.#crew;
    return crew ? shared(kernel, width, crew) : kernel;
  }

  place(offset: number, stride: number, width: number): [number, number] {
    return [4 * offset, 4 * stride - bytesOfRow(width)];
  }

  pack({ at, depth }: Packed, { weights, k, n, kStep, nStep, kAt, nAt }: PackedBlock): void {
    this.#crew?.meet();
    const to = 4 * (at + nAt * depth + kAt * 8);
    this.simd.functions.packB(to, depth * 8, 4 * weights, n, k, kStep, nStep);
  }

  multiply(m: number, a: number, packed: Packed, c: number, accumulate = false): void {
    const own = this.#crew ? this.#crew.ownRows(m) : m;
    const { depth, width } = packed;
    if (own < m) this.#there!.multiply(m - own, a + own * depth, packed, c + own * width, accumulate);
    this.#here.multiply(own, a, packed, c, accumulate);
  }

  multiplyAtB(rows: number, a: number, k: number, b: number, n: number, c: number): void {
    const own = this.#crew ? this.#crew.ownColumns(n) : n;
    const room = this.simd.functions.gemmScratch(k) / 4;
    if (own < n) this.#there!.multiplyAtB(rows, a, k, b + own, n - own, n, c + own, room);
    this.#here.multiplyAtB(rows, a, k, b, own, n, c, room);
  }
}

/** Bytes of a row in whole vectors. */
const bytesOfRow = (width: number): number => 16 * Math.ceil(width / 4);

/** A kernel whose rows two threads share. */
function shared(kernel: Kernel, width: number, crew: Crew): MachineKernel {
  const { arrays, runThere } = kernel;
  const step = (places: readonly number[], k: number): number => bytesOfRow(width) + places[2 * k + 1];
  const run = (rows: number, places: readonly number[]): void => {
    const own = runThere ? crew.ownRows(rows) : rows;
    if (!runThere) crew.meet();
    if (own < rows) {
      const rest = places.map((place, k) => (k % 2 === 0 ? place + own * step(places, k / 2) : place));
      runThere!(rows - own, rest);
    }
    kernel.run(own, places);
  };
  return { arrays, run };
}
