import type { CellState } from "../cells/cell.js";
import { checkCount, checkOptions, said } from "../tensor/refuse.js";
import type { Tensor } from "../tensor/tensor.js";
import type { NetRun, NetState, RunOptions, SequenceNet } from "./net.js";

/**
 * A net that goes on where its last run ended: for sequences too long for one batch. The state is carried over, the
 * gradient is not (truncated backpropagation through time): each run learns from its own steps alone.
 *
 *     const reader = stateful(net);
 *     for (const window of windows(xs, 25)) reader.run(window);   // one long sequence, 25 steps at a time
 *     reader.reset();                                             // before another one
 *
 * @see Williams & Peng (1990), Neural Computation 2(4).
 */
export class Stateful<State extends CellState = CellState> {
  /** What the next run starts from; undefined when it starts from nothing. Tracks no gradient. */
  state: NetState<State> | undefined;

  constructor(readonly net: SequenceNet<State>) {}

  get outputSize(): number {
    return this.net.outputSize;
  }

  /** @throws RangeError if the batch is not as large as the one before */
  run(xs: readonly Tensor[], options: Omit<RunOptions<State>, "initial"> = {}): NetRun<State> {
    checkOptions("run", options, ["lengths", "training"]);
    const before = this.state?.h[0].rows;
    if (before !== undefined && xs?.[0]?.rows !== before) {
      throw new RangeError(`run: the batch must go on with ${before} sequences, got ${xs?.[0]?.rows}; reset() forgets`);
    }
    const result = this.net.run(xs, this.state ? { ...options, initial: this.state } : options);
    this.state = detached(result.final);
    return result;
  }

  /** Forgets: the next run starts from zeros. */
  reset(): void {
    this.state = undefined;
  }

  /** Every weight of the net by name. */
  parameters(): Record<string, Tensor> {
    return this.net.parameters();
  }
}

/**
 * A net that carries its state from run to run, until `reset()`. It must read forward only: a backward cell would have
 * to know what the next run brings.
 */
export function stateful<State extends CellState>(net: SequenceNet<State>): Stateful<State> {
  if (typeof net?.run !== "function" || !Array.isArray(net.layers)) {
    throw new TypeError(`stateful: net must be made by stacked(…), got ${said(net)}`);
  }
  if (net.directions !== 1) throw new RangeError("stateful: net must read forward only, got a bidirectional one");
  return new Stateful(net);
}

/** The same values, cut off from the steps that made them. */
function detached<State extends CellState>(state: NetState<State>): NetState<State> {
  const entries = Object.entries(state) as [string, readonly Tensor[]][];
  return Object.fromEntries(
    entries.map(([name, parts]) => [name, parts.map((part) => part.detach())]),
  ) as unknown as NetState<State>;
}

/** A long sequence in pieces of `length` steps; the last may be shorter. @throws RangeError unless length is >= 1 */
export function windows<Step>(xs: readonly Step[], length: number): Step[][] {
  checkCount("windows", "length", length);
  return Array.from({ length: Math.ceil(xs.length / length) }, (_, k) => xs.slice(k * length, (k + 1) * length));
}
