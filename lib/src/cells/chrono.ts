import { checkNumber, checkOptions } from "../tensor/refuse.js";
import { type Rng, seededRng } from "../tensor/rng.js";
import type { Tensor } from "../tensor/tensor.js";
import { AblatedLSTMCell } from "./ablations.js";
import type { Cell } from "./cell.js";
import { MGUCell } from "./mgu.js";

export interface ChronoOptions {
  /** The longest dependency expected, in time steps; at least 2. */
  tMax: number;
  rng?: Rng;
}

/**
 * Chrono initialisation: each unit starts with a memory as long as some time between 1 and tMax steps.
 *
 *     bf ~ log U[1, tMax − 1]        a gate at σ(log(T − 1)) = 1 − 1/T forgets within about T steps
 *     bi = −bf                       what is kept is not overwritten
 *
 * Sets the biases in place and returns the cell. A GRU's update gate takes bf's part, and −bf goes to gates that keep
 * the past at 0: MGU's, and the input gate of CIFG.
 *
 * @throws TypeError for a cell that has no gate to set, like the RNN or the LSTM of 1997
 * @see Tallec & Ollivier (2018), Can recurrent neural networks warp time?, ICLR, arXiv:1804.11188.
 */
export function chrono<C extends Pick<Cell, "parameters">>(cell: C, options: ChronoOptions): C {
  checkOptions("chrono", options, ["tMax", "rng"]);
  const { tMax, rng = seededRng(0) } = options;
  checkNumber("chrono", "tMax", tMax);
  if (tMax < 2) throw new RangeError(`chrono: tMax must be at least 2 steps, got ${tMax}`);
  const { keeping, admitting } = biasesOf(cell);
  const length = (keeping ?? admitting)!.data.length;
  const drawn = Array.from({ length }, () => Math.log(rng.uniform(1, tMax - 1)));
  keeping?.data.set(drawn);
  admitting?.data.set(drawn.map((bias) => -bias));
  return cell;
}

/** The biases of the gate that keeps the past when open, and of the one that lets the new in. */
function biasesOf(cell: Pick<Cell, "parameters">): { keeping?: Tensor; admitting?: Tensor } {
  const { "forgetGate.b": forget, "inputGate.b": input, "updateGate.b": update } = cell.parameters();
  if (cell instanceof MGUCell) return { admitting: forget };
  if (cell instanceof AblatedLSTMCell && cell.variant === "CIFG") return { admitting: input };
  if (forget) return { keeping: forget, admitting: input };
  if (update) return { keeping: update };
  throw new TypeError(`chrono: the cell must have a forget gate or an update gate, got ${cell.constructor.name}`);
}
