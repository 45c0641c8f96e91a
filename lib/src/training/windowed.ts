import { checkCount, said } from "../tensor/refuse.js";
import type { Resumable } from "./checkpoint.js";
import type { Source } from "./evaluate.js";
import type { Batch } from "./model.js";

/**
 * Deals long sequences out in windows of `length` steps, one a batch, for truncated backpropagation through time: a
 * stateful net carries its state from window to window, and forgets when new sequences begin.
 *
 *     const source = windowed(task, 25, [rng]);
 *     fit({ net: stateful(net), readout }, source, { steps, checkpoint: { file, state: [source] } });
 *
 * @param state what `source` draws from; with it the windows themselves can be kept in a checkpoint
 * @throws TypeError if the sequences are asked about only once, at their end, or differ in length
 */
export function windowed(source: Source, length: number, state: readonly Resumable[] = []): Source & Resumable {
  if (typeof source?.batch !== "function")
    throw new TypeError(`windowed: source must have batch(), got ${said(source)}`);
  checkCount("windowed", "length", length);
  let whole: Batch | undefined;
  let at = 0;
  let before: unknown[] = [];
  const draw = (): Batch => {
    before = state.map((one) => one.save());
    at = 0;
    const drawn = source.batch();
    if (!drawn.targets) throw new TypeError("windowed: batches must have targets, one per time step, got none");
    if (drawn.lengths) throw new TypeError("windowed: sequences must be equally long, got lengths");
    return drawn;
  };
  return {
    batch() {
      if (!whole || at >= whole.xs.length) whole = draw();
      const [from, to] = [at, at + length];
      const { xs, targets, mask } = whole;
      at = to;
      return {
        xs: xs.slice(from, to),
        targets: targets!.slice(from, to),
        ...(mask && { mask: mask.slice(from, to) }),
        fresh: from === 0,
      };
    },
    save: () => ({ before, at, midway: whole !== undefined }),
    restore(kept: { before: unknown[]; at: number; midway: boolean }) {
      if (!Array.isArray(kept?.before) || kept.before.length !== (kept.midway ? state.length : 0)) {
        throw new TypeError(`windowed: state must be what save() gave, got ${said(kept)}`);
      }
      whole = undefined;
      if (!kept.midway) return;
      kept.before.forEach((one, k) => {
        state[k].restore(one as never);
      });
      whole = draw();
      at = kept.at;
    },
  };
}
