import { checkCount, said } from "../tensor/refuse.js";
import { type Rng, seededRng } from "../tensor/rng.js";
import { blank, checkInterval, common, type StepBatch, type Task, type TaskOptions } from "./task.js";

export interface SinesOptions extends TaskOptions {
  /** Steps shown, each with a forecast to make. Default 100. */
  seqLen?: number;
  /** Sines added up, K. Default 2. */
  waves?: number;
  /** Periods in steps: frequencies are uniform between the inverses of the two. Default [8, 40]; at least 2. */
  periods?: readonly [number, number];
  /** How many steps ahead to forecast. Default 1. */
  horizon?: number;
  /** Standard deviation of the noise on every value; the mixture's own is 1. Default 0. */
  noise?: number;
}

export interface SinesTask extends Task<StepBatch> {
  readonly inputSize: 1;
  readonly outputSize: 1;
  readonly seqLen: number;
  /** Mean squared errors: of always answering 0, of repeating the value just seen, and the least there can be. */
  readonly baselines: { readonly mean: number; readonly repeat: number; readonly noise: number };
}

/**
 * A mixture of sines to forecast: at each step, what will the value be `horizon` steps later?
 *
 *     yₜ = √(2/K) Σₖ sin(2π fₖ t + φₖ) + σ εₜ,      targetₜ = yₜ₊ₕ
 *
 * Frequencies fₖ (cycles per step) and phases φₖ are uniform and new in every sequence, so they have to be read off
 * the values; K sines obey a linear recurrence over 2K values, so without noise those suffice.
 *
 * Baselines, as mean squared error. A sine of amplitude a has the variance a²/2, so the mixture has variance 1: always
 * answering 0 costs 1 + σ². Repeating yₜ costs E(yₜ₊ₕ − yₜ)² = 2 (1 − r) + 2σ², where r = E cos(2πfh)
 * = [sin(2πf₁h) − sin(2πf₀h)] / (2πh (f₁ − f₀)) for f uniform in [f₀, f₁]. No forecast beats the noise: σ².
 */
export function sines(options: SinesOptions = {}, rng: Rng = seededRng(0)): SinesTask {
  const { batchSize, dtype } = common("sines", options, ["seqLen", "waves", "periods", "horizon", "noise"], rng);
  const { seqLen = 100, waves = 2, horizon = 1, noise = 0 } = options;
  checkCount("sines", "seqLen", seqLen);
  checkCount("sines", "waves", waves);
  checkCount("sines", "horizon", horizon);
  const [shortest, longest] = checkInterval("sines", "periods", options.periods ?? [8, 40]);
  if (shortest < 2) throw new RangeError(`sines: periods must be at least 2 steps, got ${shortest}`);
  if (!(Number.isFinite(noise) && noise >= 0)) {
    throw new RangeError(`sines: noise must be a number >= 0, got ${said(noise)}`);
  }
  const frequencies = [1 / longest, 1 / shortest] as const;
  const amplitude = Math.sqrt(2 / waves);
  return {
    inputSize: 1,
    outputSize: 1,
    batchSize,
    seqLen,
    baselines: {
      mean: 1 + noise ** 2,
      repeat: 2 * (1 - meanCosine(frequencies, horizon)) + 2 * noise ** 2,
      noise: noise ** 2,
    },
    batch() {
      const steps = Array.from({ length: seqLen + horizon }, () => blank(batchSize, 1, dtype));
      for (let b = 0; b < batchSize; b++) {
        const mixture = Array.from({ length: waves }, () => ({
          frequency: rng.uniform(...frequencies),
          phase: rng.uniform(0, 2 * Math.PI),
        }));
        steps.forEach((step, t) => {
          const angles = mixture.map(({ frequency, phase }) => 2 * Math.PI * frequency * t + phase);
          const signal = amplitude * angles.reduce((sum, angle) => sum + Math.sin(angle), 0);
          step.data[b] = signal + (noise > 0 ? noise * rng.normal() : 0);
        });
      }
      return { xs: steps.slice(0, seqLen), targets: steps.slice(horizon) };
    },
  };
}

/** E cos(2π f h) for f uniform in [f0, f1]. */
function meanCosine([f0, f1]: readonly [number, number], horizon: number): number {
  const turn = 2 * Math.PI * horizon;
  return (Math.sin(turn * f1) - Math.sin(turn * f0)) / (turn * (f1 - f0));
}
