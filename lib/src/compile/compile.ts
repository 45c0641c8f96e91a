import type { Cell, CellState } from "../cells/cell.js";
import { SequenceNet } from "../sequence/net.js";
import type { DType, NumberArray } from "../tensor/kernels/dispatch.js";
import { simd, simdForTwo } from "../tensor/kernels/simd/simd.js";
import { checkShape, said } from "../tensor/refuse.js";
import { record, Tensor, valuesOf } from "../tensor/tensor.js";
import { hotColumns, worthLookingUp } from "./input-table.js";
import { JsMachine } from "./js-machine.js";
import type { Machine } from "./machine.js";
import { makePlan } from "./make-plan.js";
import type { PlanOptions } from "./plan.js";
import { Runner } from "./runner.js";
import { CompiledStream, type Stream, TapeStream } from "./stream.js";
import { CannotCompile, type TracedStep, traceStep } from "./trace.js";
import { WasmMachine } from "./wasm-machine.js";

type AnyStep = Readonly<Record<string, Tensor>>;

/**
 * The same cell, run over whole sequences by kernels made for it: textbook source, fused speed.
 *
 *     const model = { cell: compile(new LSTMCell(2, 32, { dtype: "float32" })), readout };
 *
 * The cell's own `step` is run twice on sample numbers, and what it does is written down. All gates that look at the
 * same things become one matrix product, the arithmetic between products one pass over memory, and the same on the way
 * back. Any cell made from the public ops will do, also one from a notebook. A step that reads values, decides by them,
 * or uses an op that cannot be fused runs as before, and this is said once.
 *
 * Weights stay the cell's own, and so do their gradients.
 */
export function compile<State extends CellState, Step extends State>(
  cell: Cell<State, Step>,
): CompiledCell<State, Step>;
/**
 * A net made by `stacked` or `bidirectional` with all its cells compiled. Weights stay the net's own; recurrent dropout
 * looks into the steps, so that a net with it still trains op by op.
 */
export function compile<State extends CellState>(net: SequenceNet<State>): SequenceNet<State>;
export function compile(cellOrNet: Cell | SequenceNet): CompiledCell | SequenceNet {
  if (cellOrNet instanceof SequenceNet) return compiledNet(cellOrNet);
  if (typeof cellOrNet?.step === "function") return new CompiledCell(cellOrNet);
  throw new TypeError(`compile: cell must be a cell or a net, got ${said(cellOrNet)}`);
}

function compiledNet({ layers, dropping }: SequenceNet): SequenceNet {
  if (dropping?.recurrentDropout) {
    console.warn("compile: with recurrentDropout a net trains op by op, as before; without training it runs compiled");
  }
  const compiled = layers.map(({ forward, backward }) => ({
    forward: compile(forward),
    backward: backward && compile(backward),
  }));
  return new SequenceNet(compiled, dropping);
}

export class CompiledCell<State extends CellState = CellState, Step extends State = State>
  implements Cell<State, Step>
{
  /** Why the cell runs op by op; undefined if it does not. */
  readonly fallback: string | undefined;
  readonly #traced: TracedStep | undefined;
  readonly #runners = new Map<string, Runner>();
  /** Which run's values a runner holds: of two that overlap, the older computes its own again before it goes back. */
  readonly #holds = new WeakMap<Runner, Run>();

  constructor(readonly cell: Cell<State, Step>) {
    try {
      this.#traced = traceStep(cell as unknown as Cell);
      this.#runner({ inputs: false, results: false, oneHot: false });
    } catch (error) {
      if (!(error instanceof CannotCompile)) throw error;
      this.#traced = undefined;
      this.fallback = error.message;
      console.warn(`compile: ${cell.constructor.name} runs op by op, as before: ${error.message}`);
    }
  }

  get inputSize(): number {
    return this.cell.inputSize;
  }

  get hiddenSize(): number {
    return this.cell.hiddenSize;
  }

  get dtype(): DType {
    return this.cell.dtype;
  }

  /** One step on the tape, as the cell itself does it. */
  step(x: Tensor, state: State): Step {
    return this.cell.step(x, state);
  }

  initialState(batchSize: number): State {
    return this.cell.initialState(batchSize);
  }

  parameters(): Record<string, Tensor> {
    return this.cell.parameters();
  }

  /** Every step of a sequence: what `unroll` gives. undefined if the cell could not be compiled. */
  runSequence(xs: readonly Tensor[], initial: State = this.initialState(xs[0].rows)): Step[] | undefined {
    return this.#run(xs, initial, (run) => run.every(), true);
  }

  /** The hidden state at every step: all that a loss at every step needs. */
  runHidden(xs: readonly Tensor[], initial: State = this.initialState(xs[0].rows)): Tensor[] | undefined {
    return this.#run(xs, initial, (run) => run.hidden());
  }

  /** The state after every step, without the gates: what a layer of a net hands on. */
  runStates(xs: readonly Tensor[], initial: State = this.initialState(xs[0].rows)): State[] | undefined {
    return this.#run(xs, initial, (run) => run.every(Object.keys(initial)));
  }

  /** The hidden states of all steps on top of each other, [seqLen · batchSize, hiddenSize]: what a readout sees at once. */
  runStacked(xs: readonly Tensor[], initial: State = this.initialState(xs[0].rows)): Tensor | undefined {
    return this.#run(xs, initial, (run) => run.stacked());
  }

  /** The state after the last step: all that a loss at the end needs. undefined if the cell could not be compiled. */
  runToEnd(xs: readonly Tensor[], initial: State = this.initialState(xs[0].rows)): State | undefined {
    return this.#run(xs, initial, (run) => run.last());
  }

  /**
   * One sample at a time, without a tape, for a net in use: the weights are those of now.
   *
   *     const stream = compile(cell).stream();
   *     stream.next([0.3, 1]).h;             // a new Float32Array or Float64Array of hiddenSize numbers
   */
  stream(initial: State = this.initialState(1)): Stream {
    if (!this.#traced) return new TapeStream(this.cell as unknown as Cell, initial);
    const machine = machineFor(this.dtype);
    const runner = new Runner(
      makePlan(this.#traced, machine.padding, { inputs: false, results: false, oneHot: false }),
      machine,
    );
    return new CompiledStream(runner, this.inputSize, initial as unknown as AnyStep);
  }

  #run<Result>(
    xs: readonly Tensor[],
    initial: State,
    take: (run: Run) => unknown,
    results = false,
  ): Result | undefined {
    if (!this.#traced) return undefined;
    const state = initial as unknown as AnyStep;
    this.#check(xs, state);
    const inputs = xs.some(({ requiresGrad }) => requiresGrad);
    const hot = inputs || this.inputSize < worthLookingUp ? undefined : hotColumns(xs);
    const runner = this.#runner({ inputs, results, oneHot: hot !== undefined });
    return take(new Run(xs, state, runner, this.#holds, hot)) as Result;
  }

  #check(xs: readonly Tensor[], state: AnyStep): void {
    const { rows } = xs[0];
    xs.forEach((x, t) => {
      checkShape(`unroll, step ${t}: x`, x.shape, t === 0 ? ["batchSize", this.inputSize] : [rows, this.inputSize]);
    });
    for (const { name, width } of this.#traced!.states) {
      if (!(state[name] instanceof Tensor))
        throw new TypeError(`unroll: the state must hold ${name}, got ${said(state[name])}`);
      checkShape(`unroll: ${name}`, state[name].shape, [rows, width]);
    }
  }

  #weights(): number {
    return Object.values(this.cell.parameters()).reduce((sum, { rows, cols }) => sum + rows * cols, 0);
  }

  #runner(wanted: PlanOptions): Runner {
    const key = JSON.stringify(wanted);
    let runner = this.#runners.get(key);
    if (!runner) {
      const machine = machineFor(this.dtype, this.#weights());
      runner = new Runner(makePlan(this.#traced!, machine.padding, wanted), machine);
      this.#runners.set(key, runner);
    }
    return runner;
  }
}

/** Fewer multiplications in one step of all sequences are not shared between two threads: a guess, not a measured border. */
const worthSharing = 500_000;
/** Nor fewer sequences, however large the cell, nor smaller cells, however many sequences. */
const fewestSequences = 16;
const fewestWeights = 10_000;

/** @param weights how many the cell has, if two threads may share it: one step of one sequence multiplies as often */
function machineFor(dtype: DType, weights = 0): Machine {
  const one = dtype === "float32" ? simd() : undefined;
  if (!one) return new JsMachine(dtype);
  const two = weights >= fewestWeights ? simdForTwo() : undefined;
  return new WasmMachine(two ?? one, Math.max(fewestSequences, worthSharing / weights));
}

/** One sequence through a compiled cell, as one op on the tape with many results. */
class Run {
  /** The op itself. Its results are younger, so that their gradients have arrived when its turn comes. */
  readonly #op: Tensor;
  /** What has reached each result from outside, by name and step. */
  readonly #seeds = new Map<string, (NumberArray | undefined)[]>();
  readonly #results = new Map<string, Tensor[]>();

  constructor(
    readonly xs: readonly Tensor[],
    readonly initial: AnyStep,
    readonly runner: Runner,
    private readonly holds: WeakMap<Runner, Run>,
    private readonly hot: Int32Array | undefined,
  ) {
    this.#forward();
    const inputs = [...this.runner.learnt, ...xs, ...Object.values(initial)];
    const unused = valuesOf(xs[0]).slice(0, 1);
    this.#op = record(1, 1, unused, inputs, () => this.#backward(), "a compiled cell");
  }

  every(names: Iterable<string> = this.runner.plan.results.keys()): AnyStep[] {
    const steps = this.xs.map((): Record<string, Tensor> => ({}));
    for (const name of names) {
      const tensors = this.#all(name);
      this.#results.set(name, tensors);
      for (const [t, step] of steps.entries()) step[name] = tensors[t];
    }
    return steps;
  }

  hidden(): Tensor[] {
    return this.#all("h");
  }

  stacked(): Tensor {
    const { xs, runner } = this;
    const { width } = runner.plan.results.get("h")!;
    const size = xs[0].rows * width;
    const take = (dy: NumberArray): void => {
      const seeds = xs.map((_, t) => dy.subarray(t * size, (t + 1) * size));
      this.#seeds.set("h", seeds);
    };
    const values = runner.result("h", 0, xs.length);
    return record(xs.length * xs[0].rows, width, values, [this.#op], take, "a compiled cell");
  }

  #all(name: string): Tensor[] {
    const { xs } = this;
    const { width } = this.runner.plan.results.get(name)!;
    const values = this.runner.result(name, 0, xs.length);
    const size = xs[0].rows * width;
    return xs.map((_, t) => this.#result(name, t, width, values.subarray(t * size, (t + 1) * size)));
  }

  last(): AnyStep {
    const t = this.xs.length - 1;
    const results = [...this.runner.plan.results].filter(([name]) => name in this.initial);
    return Object.fromEntries(
      results.map(([name, { width }]) => [name, this.#result(name, t, width, this.runner.result(name, t, 1))]),
    );
  }

  #result(name: string, t: number, width: number, values: NumberArray): Tensor {
    const take = (dy: NumberArray): void => {
      const seeds = this.#seeds.get(name) ?? [];
      seeds[t] = dy;
      this.#seeds.set(name, seeds);
    };
    return record(this.xs[0].rows, width, values, [this.#op], take, "a compiled cell");
  }

  #forward(): void {
    this.runner.forward(this.xs, this.initial, this.hot);
    this.holds.set(this.runner, this);
  }

  #backward(): void {
    if (this.holds.get(this.runner) !== this) this.#forward();
    this.holds.delete(this.runner); // the way back uses up what the way forward left
    this.runner.backward(
      this.xs,
      this.initial,
      (name, t) => this.#seeds.get(name)?.[t],
      (name, t, gradient) => this.#results.get(name)?.[t].grad.set(gradient),
    );
    this.#seeds.clear();
  }
}
