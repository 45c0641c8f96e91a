import { Figure } from "./figure.js";
import { baseLayout, brief, frameSlider, lineStyles } from "./style.js";

/** What some units did along one sequence, at one moment of training. */
export interface Snapshot {
  readonly step: number; // of training
  readonly series: Readonly<Record<string, readonly number[]>>; // one value per time step
}

/**
 * How a cell's behaviour forms: the same sequence, shown again and again while the network trains, with a slider and a
 * play button over the training step. Every frame was measured.
 *
 * @param inputs what was read, one text per time step
 */
export function tracesOverTrainingFigure(
  inputs: readonly string[],
  snapshots: readonly Snapshot[],
  { title, y }: { title: string; y: string },
): Figure {
  const names = Object.keys(snapshots[0].series);
  const styles = lineStyles(names);
  const all = snapshots.flatMap(({ series }) => Object.values(series).flat());
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = 0.05 * (high - low || 1);
  const t = inputs.map((_, k) => k);
  const traces = ({ series }: Snapshot) =>
    names.map((name, k) => ({ type: "scatter", mode: "lines+markers", name, x: t, y: series[name], line: styles[k] }));
  const name = ({ step }: Snapshot): string => String(step);
  const last = snapshots[snapshots.length - 1];
  return new Figure({
    data: traces(snapshots[0]),
    frames: snapshots.map((snapshot) => ({ name: name(snapshot), data: traces(snapshot) })),
    layout: baseLayout(
      { title, x: "input, step by step", y },
      {
        xaxis: { tickvals: t, ticktext: [...inputs] },
        yaxis: { range: [low - room, high + room] },
        ...frameSlider(snapshots.map(name), { prefix: "training step: " }),
        height: 560,
        legend: { x: 0.01, y: 0.99 },
      },
    ),
    alt: `${title}, over training from step ${snapshots[0].step} to ${last.step}. At the end: ${names.map((n) => `${n} from ${brief(last.series[n][0])} to ${brief(last.series[n][inputs.length - 1])}`).join("; ")}.`,
  });
}
