import type { NumberArray } from "../tensor/kernels/dispatch.js";
import { Expressions } from "../tensor/kernels/simd/expression.js";
import type { Tensor } from "../tensor/tensor.js";
import { valuesOf } from "../tensor/tensor.js";
import { type BoundGroup, type BoundOutput, type BoundStage, blocksOf, type Level } from "./bound.js";
import { InputTable } from "./input-table.js";
import type { Machine, MachineKernel, Packed } from "./machine.js";
import { addTo, RunMemory } from "./memory.js";
import type { Group, Output, Plan, Stage, StatePlan } from "./plan.js";

/** How many rows of time steps a product for the gradients of weights takes at once: they are then still in the cache. */
const rowsAtOnce = 256;

/**
 * Runs a plan over whole sequences. All memory is taken when a batch is larger than any before it, and kept.
 * What `forward` leaves is used up by `backward`.
 */
export class Runner {
  readonly #groups: BoundGroup[];
  readonly #forward: Level[];
  readonly #backward: Level[];
  /** Adds what reaches each state from outside. */
  readonly #seeding: Map<string, BoundStage>;
  readonly #outputs: Map<string, BoundOutput>;
  readonly #memory: RunMemory;
  /** Where each weight tensor is laid before it is packed. */
  readonly #weights = new Map<Tensor, number>();

  /** Every weight that the step reads and that is learnt. */
  readonly learnt: readonly Tensor[];
  /** Of a stream: where x goes, and where the state after a step has to be for the next. */
  #streamInputs: number[] = [];
  #streamStates: { name: string; width: number; moves: { from: number; to: number }[] }[] = [];
  /** Of one-hot inputs: where each row of each step has its 1. */
  #hot: Int32Array | undefined;

  constructor(
    readonly plan: Plan,
    private readonly machine: Machine,
  ) {
    this.#memory = new RunMemory(plan, machine);
    for (const group of plan.groups) {
      for (const { weights } of group.sums.flatMap(({ value }) => value.terms)) this.#layWeights(weights.tensor);
    }
    const read = [...this.#weights.keys(), ...plan.rows.map(({ tensor }) => tensor)];
    this.learnt = [...new Set(read)].filter(({ requiresGrad }) => requiresGrad);
    this.#groups = plan.groups.map((group) => this.#bindGroup(group));
    const levels = Array.from({ length: plan.levels + 1 }, (_, level) => level);
    const bound = (stages: readonly Stage[], level: number): BoundStage[] =>
      stages.filter((stage) => stage.level === level).map((stage) => this.#bindStage(stage));
    const groupsAt = (level: number): BoundGroup[] => this.#groups.filter((group) => group.level === level);
    this.#forward = levels.map((level) => ({
      groups: level === 0 ? [] : groupsAt(level), // those at level 0 are computed for all steps at once
      stages: bound(plan.forward, level),
    }));
    this.#backward = levels.reverse().map((level) => ({
      groups: groupsAt(level).filter(({ packedBack }) => packedBack),
      stages: bound(plan.backward, level),
    }));
    this.#seeding = new Map(plan.states.map((state) => [state.name, this.#bindSeeding(state)]));
    this.#outputs = new Map([...plan.results].map(([name, output]) => [name, this.#bindOutput(name, output)]));
  }

  /** Computes all time steps. */
  forward(xs: readonly Tensor[], initial: Readonly<Record<string, Tensor>>, hot?: Int32Array): void {
    const batchSize = xs[0].rows;
    this.#hot = hot;
    this.#makeRoom(xs.length, batchSize);
    this.machine.share(batchSize);
    this.loadWeights();
    this.loadState(initial);
    xs.forEach((x, t) => {
      this.loadInput(x, t);
    });
    for (const { table, sumsIn } of this.#groups) {
      table?.gather(this.#hotAt(0, xs.length), this.#memory.slot(sumsIn, 0));
    }
    for (const group of this.#groups) if (group.level === 0) this.#multiply(group, 0, xs.length);
    for (let t = 0; t < xs.length; t++) this.step(t);
  }

  /** One time step, given x and the state before it. Sums that only see x must be there already. */
  step(t: number): void {
    for (const { groups, stages } of this.#forward) {
      for (const group of groups) this.#multiply(group, t, 1);
      for (const { kernel, places } of stages) kernel.run(this.#memory.batchSize, places[t]);
    }
  }

  /** Makes room for a stream: one sequence, one step after the other. */
  startStream(initial: Readonly<Record<string, Tensor>>): void {
    this.#makeRoom(1, 1);
    this.machine.share(1);
    this.loadWeights();
    this.loadState(initial);
    this.#streamInputs = this.plan.inputs.map((array) => this.#memory.at(array, 0).offset);
    this.#streamStates = this.plan.states.map(({ name, before, width }) => {
      const offset = (array: string): number => this.#memory.at(array, 0).offset;
      return { name, width, moves: before.map((array) => ({ from: offset(`${array} next`), to: offset(array) })) };
    });
  }

  /** The next step of a stream. @returns the state after it, which is the state before the one that follows */
  streamStep(x: ArrayLike<number>): Record<string, NumberArray> {
    for (const offset of this.#streamInputs) this.machine.heap.set(x, offset);
    for (const group of this.#groups) if (group.level === 0) this.#multiply(group, 0, 1);
    this.step(0);
    const { heap } = this.machine;
    const after: Record<string, NumberArray> = {};
    for (const { name, width, moves } of this.#streamStates) {
      for (const { from, to } of moves) heap.copyWithin(to, from, from + width);
      after[name] = heap.slice(moves[0].to, moves[0].to + width);
    }
    return after;
  }

  loadWeights(): void {
    const { heap } = this.machine;
    for (const [tensor, at] of this.#weights) heap.set(valuesOf(tensor), at);
    for (const { array, tensor, from, width } of this.plan.rows) {
      heap.set(valuesOf(tensor).subarray(from, from + width), this.#memory.buffer(array).offset);
    }
    for (const group of this.#groups) {
      this.#pack(group, group.packed, false);
      group.table?.load();
    }
  }

  loadState(initial: Readonly<Record<string, Tensor>>): void {
    for (const { name, before } of this.plan.states) {
      for (const array of before) this.#memory.write(array, 0, valuesOf(initial[name]));
    }
  }

  loadInput(x: Tensor, t: number): void {
    for (const array of this.plan.inputs) this.#memory.write(array, t, valuesOf(x));
  }

  /** A result of the steps from `first` on, one row per time step and sequence. */
  result(name: string, first: number, steps: number): NumberArray {
    const { kernel, places, array } = this.#outputs.get(name)!;
    const { width } = this.plan.results.get(name)!;
    const values = this.#memory.empty(steps * this.#memory.batchSize * width);
    for (let t = first; t < first + steps; t++) {
      kernel?.run(this.#memory.batchSize, places[t]);
      const { offset, stride } = this.#memory.at(array, t);
      this.#memory.read(
        offset,
        stride,
        this.#memory.batchSize,
        width,
        values,
        (t - first) * this.#memory.batchSize * width,
      );
    }
    return values;
  }

  /**
   * The way back through `steps` time steps: adds to the gradients of weights, of `xs` and of the initial state.
   *
   * @param seeds what reaches the results from outside, by name and time step
   * @param tell the whole gradient of every result of every step, if the plan has them
   */
  backward(
    xs: readonly Tensor[],
    initial: Readonly<Record<string, Tensor>>,
    seeds: (name: string, t: number) => NumberArray | undefined,
    tell: (name: string, t: number, gradient: NumberArray) => void = () => {},
  ): void {
    this.#clearGradients();
    for (const group of this.#groups) if (group.packedBack) this.#pack(group, group.packedBack, true);
    const together = Math.max(1, Math.round(rowsAtOnce / this.#memory.batchSize));
    const later: { t: number; steps: number }[] = [];
    const shared = this.machine.share(this.#looksAtEveryStep(xs) ? 0 : this.#memory.batchSize);
    for (const { name } of this.plan.states) {
      for (let t = 0; t < xs.length; t++) {
        const seed = seeds(name, t);
        if (seed) this.#memory.write(seedsOf(name), t, seed);
      }
    }
    for (let t = xs.length - 1; t >= 0; t--) {
      for (const array of this.plan.cleared) this.#memory.clear(array, t);
      for (const [name, { kernel, places }] of this.#seeding) {
        if (seeds(name, t)) kernel.run(this.#memory.batchSize, places[t]);
      }
      for (const [name, { outside }] of this.plan.resultGradients) {
        if (outside === undefined) continue;
        const seed = seeds(name, t);
        if (seed) this.#memory.write(outside, t, seed);
        else this.#memory.clear(outside, t);
      }
      this.#stepBack(t);
      for (const [name, { whole }] of this.plan.resultGradients) {
        const { offset, stride } = this.#memory.at(whole, t);
        tell(name, t, this.#memory.read(offset, stride, xs[t].rows, this.plan.results.get(name)!.width));
      }
      if (t % together === 0) {
        const part = { t, steps: Math.min(together, xs.length - t) };
        if (shared)
          later.push(part); // for each product of this kind two threads meet
        else this.#weightGradients([part]);
      }
      if (xs[t].requiresGrad) this.#inputGradient(xs[t], t);
    }
    this.#weightGradients(later);
    this.#handOutGradients();
    for (const state of this.plan.states) {
      const tensor = initial[state.name];
      if (tensor.requiresGrad) addTo(tensor.grad, this.#stateGradient(state, -1));
    }
  }

  /** Whether the way back looks at memory at every step, or adds up rows: two threads would wait more than work. */
  #looksAtEveryStep(xs: readonly Tensor[]): boolean {
    const { cleared, resultGradients, rows } = this.plan;
    const addsUp = rows.some(({ gradient }) => gradient !== undefined);
    return addsUp || cleared.length > 0 || resultGradients.size > 0 || xs.some(({ requiresGrad }) => requiresGrad);
  }

  #stepBack(t: number): void {
    for (const { groups, stages } of this.#backward) {
      for (const { kernel, places } of stages) kernel.run(this.#memory.batchSize, places[t]);
      for (const { packedBack, sumsIn, backIn } of groups) {
        this.machine.multiply(
          this.#memory.batchSize,
          this.#memory.slot(sumsIn, t),
          packedBack!,
          this.#memory.slot(backIn!, t),
        );
      }
    }
  }

  // ---- weights

  #layWeights(tensor: Tensor): void {
    if (!this.#weights.has(tensor)) this.#weights.set(tensor, this.machine.take(tensor.rows * tensor.cols));
  }

  #bindGroup(group: Group): BoundGroup {
    const { depth, width, backWidth } = group;
    const learnt = group.sums.some(({ value }) => value.terms.some(({ weights }) => weights.tensor.requiresGrad));
    return {
      ...group,
      packed: { at: this.machine.take(depth * width), depth, width },
      packedBack:
        backWidth > 0 ? { at: this.machine.take(width * backWidth), depth: width, width: backWidth } : undefined,
      gradient: learnt ? this.machine.take(depth * width) : undefined,
      sourcesIn: this.#memory.buffer(`${group.name} sources`),
      sumsIn: this.#memory.buffer(`${group.name} sums`),
      backIn: group.backWidth > 0 ? this.#memory.buffer(`${group.name} back`) : undefined,
      blocks: blocksOf(group),
      table: group.looksUp ? new InputTable(group, this.plan.inputSize, this.machine) : undefined,
    };
  }

  #pack({ blocks }: BoundGroup, packed: Packed, transposed: boolean): void {
    for (const { tensor, row, col, k, n, kAt, nAt, backAt } of blocks) {
      const weights = this.#weights.get(tensor)! + row * tensor.cols + col;
      const { cols } = tensor;
      if (!transposed) this.machine.pack(packed, { weights, k, n, kStep: cols, nStep: 1, kAt, nAt });
      else if (backAt !== undefined) {
        this.machine.pack(packed, { weights, k: n, n: k, kStep: 1, nStep: cols, kAt: nAt, nAt: backAt });
      }
    }
  }

  #multiply({ packed, table, sourcesIn, sumsIn }: BoundGroup, t: number, steps: number): void {
    const { batchSize } = this.#memory;
    const sums = this.#memory.slot(sumsIn, t);
    this.machine.multiply(steps * batchSize, this.#memory.slot(sourcesIn, t), packed, sums, table !== undefined);
  }

  #hotAt(t: number, steps: number): Int32Array {
    const { batchSize } = this.#memory;
    return this.#hot!.subarray(t * batchSize, (t + steps) * batchSize);
  }

  /** The gradients of weights from steps [t, t + steps) of all `parts`, in their order. */
  #weightGradients(parts: readonly { t: number; steps: number }[]): void {
    const { batchSize } = this.#memory;
    const learnt = this.#groups.filter(({ gradient }) => gradient !== undefined);
    for (const { table, sumsIn } of learnt) {
      for (const { t, steps } of parts) table?.scatter(this.#hotAt(t, steps), this.#memory.slot(sumsIn, t));
    }
    for (const { depth, width, gradient, sourcesIn, sumsIn } of learnt) {
      for (const { t, steps } of parts) {
        const [sources, sums] = [this.#memory.slot(sourcesIn, t), this.#memory.slot(sumsIn, t)];
        this.machine.multiplyAtB(steps * batchSize, sources, depth, sums, width, gradient!);
      }
    }
  }

  #clearGradients(): void {
    const { heap } = this.machine;
    for (const { gradient, depth, width } of this.#groups) {
      if (gradient !== undefined) heap.fill(0, gradient, gradient + depth * width);
    }
    for (const { gradient } of this.plan.rows) {
      if (gradient === undefined) continue;
      const { offset, stride } = this.#memory.buffer(gradient);
      heap.fill(0, offset, offset + stride);
    }
    this.#memory.clearRings();
  }

  #handOutGradients(): void {
    const { heap } = this.machine;
    for (const group of this.#groups) {
      if (group.gradient === undefined) continue;
      for (const { tensor, row, col, k, n, kAt, nAt } of group.blocks) {
        if (!tensor.requiresGrad) continue;
        const { grad, cols } = tensor;
        for (let r = 0; r < k; r++) {
          const from = group.gradient + (kAt + r) * group.width + nAt;
          const to = (row + r) * cols + col;
          for (let j = 0; j < n; j++) grad[to + j] += heap[from + j];
        }
      }
    }
    for (const { table } of this.#groups) table?.handOutGradient();
    for (const { gradient, tensor, from, width } of this.plan.rows) {
      if (gradient === undefined) continue;
      const { offset } = this.#memory.buffer(gradient);
      for (let j = 0; j < width; j++) tensor.grad[from + j] += heap[offset + j];
    }
  }

  // ---- gradients of what comes in

  #inputGradient(x: Tensor, t: number): void {
    for (const array of this.plan.inputGradient) this.#memory.addOnto(x.grad, array, t);
  }

  /** The whole gradient of the state after step t. */
  #stateGradient({ gradients, width }: StatePlan, t: number): NumberArray {
    const [first, ...others] = gradients.map((array) => {
      const { offset, stride } = this.#memory.at(array, t);
      return this.#memory.read(offset, stride, this.#memory.batchSize, width);
    });
    for (const other of others) addTo(first, other);
    return first;
  }

  // ---- memory

  #makeRoom(steps: number, batchSize: number): void {
    if (!this.#memory.makeRoom(steps, batchSize)) return;
    const bound = [...this.#forward, ...this.#backward].flatMap(({ stages }) => stages);
    for (const stage of [...bound, ...this.#seeding.values(), ...this.#outputs.values()]) {
      const { kernel, width } = stage;
      if (kernel) stage.places = Array.from({ length: steps }, (_, t) => this.#placesOf(kernel, width, t));
    }
  }

  #bindStage({ width, stores }: Stage): BoundStage {
    return { kernel: this.machine.kernel(stores, width), width, places: [] };
  }

  #bindSeeding({ name, width, gradients: [gradient] }: StatePlan): BoundStage {
    this.#memory.add(seedsOf(name), { stride: this.plan.padded(width), slots: "steps" });
    const e = new Expressions();
    const value = e.add(e.input(gradient), e.input(seedsOf(name)));
    return { kernel: this.machine.kernel([{ to: gradient, value }], width), width, places: [] };
  }

  #bindOutput(name: string, { width, value }: Output): BoundOutput {
    if (value.op === "input") return { array: value.name, kernel: undefined, width, places: [] };
    const array = `result ${name}`;
    this.#memory.add(array, { stride: this.plan.padded(width), slots: "once" });
    return { array, kernel: this.machine.kernel([{ to: array, value }], width), width, places: [] };
  }

  #placesOf(kernel: MachineKernel, width: number, t: number): number[] {
    return kernel.arrays.flatMap((array) => {
      const { offset, stride } = this.#memory.at(array, t);
      return this.machine.place(offset, stride, width);
    });
  }
}

const seedsOf = (state: string): string => `seeds ${state}`;
