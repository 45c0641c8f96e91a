import type { InputTable } from "./input-table.js";
import type { MachineKernel, Packed } from "./machine.js";
import type { Buffer } from "./memory.js";
import type { Group } from "./plan.js";
import type { Block } from "./values.js";

/** A stage with the places of its arrays at every time step. */
export interface BoundStage {
  readonly kernel: MachineKernel;
  readonly width: number;
  places: (readonly number[])[];
}

/** A result: the array it lies in, and what computes it there unless it does anyway. */
export interface BoundOutput {
  readonly array: string;
  readonly kernel: MachineKernel | undefined;
  readonly width: number;
  places: (readonly number[])[];
}

export interface BoundGroup extends Group {
  readonly packed: Packed;
  readonly packedBack: Packed | undefined;
  /** The gradient of all its weights, as [depth, width]; undefined if none of them is learnt. */
  readonly gradient: number | undefined;
  readonly sourcesIn: Buffer;
  readonly sumsIn: Buffer;
  readonly backIn: Buffer | undefined;
  readonly blocks: readonly WeightBlock[];
  /** Where x is looked up. */
  readonly table: InputTable | undefined;
}

/** A block of a group's weights: where it stands in its tensor, and where in the group's matrix. */
export interface WeightBlock extends Block {
  readonly k: number;
  readonly n: number;
  readonly kAt: number;
  readonly nAt: number;
  readonly backAt: number | undefined;
}

/** What is done together: first the products, then the stages; on the way back the other way round. */
export interface Level {
  readonly groups: readonly BoundGroup[];
  readonly stages: readonly BoundStage[];
}

/** Every block of weights of a group. */
export function blocksOf({ sources, sums }: Group): WeightBlock[] {
  return sums.flatMap(({ value, at: nAt }) =>
    sources.map(({ value: source, width: k, at: kAt, backAt }) => {
      const { weights } = value.terms.find((term) => term.source === source)!;
      return { ...weights, k, n: value.width, kAt, nAt, backAt };
    }),
  );
}
