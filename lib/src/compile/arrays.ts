import type { Tensor } from "../tensor/tensor.js";
import type { BufferShape, Padding, Place, RowPlan } from "./plan.js";

/** The arrays of a plan: what each is called, and where it lies. */
export class Arrays {
  readonly places = new Map<string, Place>();
  readonly buffers = new Map<string, BufferShape>();
  readonly rows = new Map<string, RowPlan>();

  constructor(readonly padding: Padding) {}

  has = (array: string): boolean => this.places.has(array);

  place(array: string, buffer: string, column: number, shift: 0 | 1 = 0): void {
    this.places.set(array, { buffer, column, shift });
  }

  /** A part of another array, under a name of its own. */
  placeIn(array: string, whole: string, from = 0, shift?: 0 | 1): void {
    const place = this.places.get(whole)!;
    this.place(array, place.buffer, place.column + from, shift ?? place.shift);
  }

  /** Where an array lies, as text: equal for arrays that share their place. */
  placeOf = (array: string): string => JSON.stringify(this.places.get(array));

  /** A buffer that holds one array. */
  own(array: string, width: number, slots: BufferShape["slots"] = "steps"): string {
    this.buffers.set(array, { stride: this.padded(width), slots });
    this.place(array, array, 0);
    return array;
  }

  /** A row of weights that pointwise arithmetic reads. */
  row({ id, tensor, from, width }: { id: number; tensor?: Tensor; from: number; width: number }): RowPlan {
    const array = `row ${id}`;
    const known = this.rows.get(array);
    if (known) return known;
    this.own(array, width, "row");
    const gradient = tensor!.requiresGrad ? this.own(`d ${array}`, width, "row") : undefined;
    const plan = { array, gradient, tensor: tensor!, from, width };
    this.rows.set(array, plan);
    return plan;
  }

  padded = (width: number): number => upTo(width, this.padding.vector);
}

export const upTo = (width: number, multiple: number): number => Math.ceil(width / multiple) * multiple;
