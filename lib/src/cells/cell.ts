import type { Init } from "../tensor/init.js";
import type { DType } from "../tensor/kernels/reference.js";
import type { Rng } from "../tensor/rng.js";
import type { Tensor } from "../tensor/tensor.js";

/** What every recurrent cell carries from one step to the next. */
export interface CellState {
  readonly h: Tensor; // hidden state [batchSize, hiddenSize]
}

/**
 * One step of a recurrent network. A step's result *is* the next state, plus the values of the gates, so
 * `unroll` feeds it straight back and a plot reads `steps.map((s) => s.f)`.
 */
export interface Cell<State extends CellState = CellState, Step extends State = State> {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly dtype: DType;
  /** @throws RangeError if x is not [batchSize, inputSize] or the state is not [batchSize, hiddenSize] */
  step(x: Tensor, state: State): Step;
  /** Zeros: nothing has been seen yet. */
  initialState(batchSize: number): State;
  /** Every weight by name, e.g. "forgetGate.Wx". */
  parameters(): Record<string, Tensor>;
}

/** Options that every cell takes. */
export interface CellOptions {
  /** Where the starting weights come from. Default: seededRng(0). */
  rng?: Rng;
  /** "float64" (default) or "float32". */
  dtype?: DType;
  /** Starting values of the weights on x. Default: uniform in ±1/√hiddenSize, as PyTorch's. */
  inputInit?: Init;
  /** Starting values of the weights on h. Default: the same. */
  recurrentInit?: Init;
}

export const cellOptionNames = ["rng", "dtype", "inputInit", "recurrentInit"] as const;
