import type { Cell, CellState } from "../cells/cell.js";
import { selectRows } from "../tensor/ops.js";
import type { Tensor } from "../tensor/tensor.js";
import { throughMask } from "./dropout.js";
import { goingOn, lastOf, reversed, zeroPastEnd } from "./padded.js";
import type { RunsItself } from "./unroll.js";

export interface SweepOptions<State> {
  readonly initial: State;
  /** Real steps of each sequence; what comes after is never read. */
  readonly lengths?: readonly number[] | undefined;
  /** From the last step to the first. */
  readonly backward?: boolean;
  /** What the gates see of h: variational dropout. */
  readonly mask?: Tensor | undefined;
}

export interface Swept<State> {
  readonly hs: Tensor[];
  readonly final: State;
}

/**
 * One cell over a padded batch, in one direction. Where a sequence has no step, its state is held: going forward, past
 * its end; going backward, until its own last step comes up. So every sequence runs as if it were alone.
 *
 * @returns the hidden state at each time step, in the order of xs, zero past each end; and the state at the end
 */
export function sweep<State extends CellState>(
  cell: Cell<State>,
  xs: readonly Tensor[],
  options: SweepOptions<State>,
): Swept<State> {
  const { initial, lengths, backward = false, mask } = options;
  const whole = mask ? undefined : sweptByItself(cell as Partial<RunsItself<State, State>>, xs, options);
  if (whole) return whole;
  const step = mask ? throughMask(cell, mask) : (x: Tensor, state: State) => cell.step(x, state);
  const names = Object.keys(initial) as (keyof State)[];
  const hs = new Array<Tensor>(xs.length);
  let state = initial;
  for (let k = 0; k < xs.length; k++) {
    const t = backward ? xs.length - 1 - k : k;
    const alive = goingOn(lengths, t);
    const next = step(zeroPastEnd(xs[t], alive), state);
    state = carried(names, next, state, alive);
    hs[t] = zeroPastEnd(state.h, alive);
  }
  return { hs, final: state };
}

/** The same for a cell that runs whole sequences by itself: past their ends it runs on over zeros, to be ignored. */
function sweptByItself<State extends CellState>(
  cell: Partial<RunsItself<State, State>>,
  xs: readonly Tensor[],
  { initial, lengths, backward = false }: SweepOptions<State>,
): Swept<State> | undefined {
  const padded = (steps: readonly Tensor[]): Tensor[] => steps.map((step, t) => zeroPastEnd(step, goingOn(lengths, t)));
  const inOrder = (steps: readonly Tensor[]): Tensor[] => (backward ? reversed(steps, lengths) : padded(steps));
  const states = cell.runStates?.(inOrder(xs), initial);
  if (!states) return undefined;
  const last = (name: keyof State): Tensor =>
    lastOf(
      states.map((state) => state[name] as Tensor),
      lengths,
    );
  const names = Object.keys(initial) as (keyof State)[];
  const final = Object.fromEntries(names.map((name) => [name, last(name)])) as unknown as State;
  return { hs: inOrder(states.map(({ h }) => h)), final };
}

/** The next state, without its gates, for sequences that go on; the old one for the others. */
function carried<State extends CellState>(
  names: readonly (keyof State)[],
  next: State,
  old: State,
  alive: readonly boolean[] | undefined,
): State {
  const one = (name: keyof State): unknown =>
    alive ? selectRows(alive, next[name] as Tensor, old[name] as Tensor) : next[name];
  return Object.fromEntries(names.map((name) => [name, one(name)])) as unknown as State;
}
