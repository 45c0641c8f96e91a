import type { LSTMCell } from "../cells/lstm.js";
import type { LSTMNumbers } from "../figures/diagrams/lstm-cell.js";
import { tensor } from "../tensor/create.js";
import { noGrad } from "../tensor/tensor.js";
import { cellOf, type Machine } from "./machine.js";

/** All numbers of one step: what came in, what the layers said, what went out. */
export type StepNumbers = Required<Omit<LSTMNumbers, "x">> & { readonly x: readonly number[] };

/**
 * A cell that is stepped by hand: holds where it stands in its sequence, and what came in, which may be changed before
 * the step is taken. Every number is computed by `LSTMCell.step`, in Node as in the page.
 */
export class LSTMPlayer {
  readonly cell: LSTMCell;
  /** What comes in at this step; change it freely. */
  x: number[];
  hPrev = 0;
  cPrev = 0;
  /** The step that is shown, counted from 0. */
  t = 0;
  /** The steps that were taken before this one. */
  readonly past: StepNumbers[] = [];

  constructor(readonly machine: Machine) {
    this.cell = cellOf(machine);
    this.x = [...machine.xs[0]];
  }

  get last(): boolean {
    return this.t === this.machine.xs.length - 1;
  }

  /** The step as it stands. */
  now(): StepNumbers {
    const { x, hPrev, cPrev } = this;
    const step = noGrad(() => this.cell.step(tensor([x]), { h: tensor([[hPrev]]), c: tensor([[cPrev]]) }));
    const [f, i, g, o, c, h] = [step.f, step.i, step.g, step.o, step.c, step.h].map((value) => value.item());
    return { x: [...x], hPrev, cPrev, f, i, g, o, c, h };
  }

  /** Takes the step: its h and c come in at the next one. Says false, and stays, at the end of the sequence. */
  advance(): boolean {
    if (this.last) return false;
    const now = this.now();
    this.past.push(now);
    this.t += 1;
    [this.x, this.hPrev, this.cPrev] = [[...this.machine.xs[this.t]], now.h, now.c];
    return true;
  }
}

/** All steps of a machine, from an empty state. */
export function runMachine(machine: Machine): StepNumbers[] {
  const player = new LSTMPlayer(machine);
  while (player.advance());
  return [...player.past, player.now()];
}
