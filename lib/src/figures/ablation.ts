import { quantile } from "../measure/quantile.js";
import { Figure } from "./figure.js";
import { baseLayout, brief } from "./style.js";

/** results[variant][task]: one number per seed. */
export type AblationResults = Record<string, Record<string, readonly number[]>>;

/**
 * Every variant on every task: the median over the seeds as colour, median and range as text. Never one ranking: what
 * hurts on one task may be harmless on another.
 */
export function ablationFigure(
  results: AblationResults,
  { title = "Every variant on every task", value = "loss" }: { title?: string; value?: string } = {},
): Figure {
  const variants = Object.keys(results);
  const tasks = Object.keys(results[variants[0]]);
  const missing = variants.find((variant) => tasks.some((task) => !(results[variant][task]?.length > 0)));
  if (missing) throw new RangeError(`figures.ablation: ${missing} must have results for ${tasks.join(", ")}`);
  const median = (variant: string, task: string): number => quantile(results[variant][task], 0.5);
  const cell = (variant: string, task: string): string => {
    const seeds = results[variant][task];
    return `${brief(median(variant, task))}<br>${brief(Math.min(...seeds))}–${brief(Math.max(...seeds))}`;
  };
  const said = tasks.map((task) => {
    const ranked = [...variants].sort((a, b) => median(a, task) - median(b, task));
    return `${task}: lowest ${ranked[0]} (${brief(median(ranked[0], task))}), highest ${ranked[ranked.length - 1]} (${brief(median(ranked[ranked.length - 1], task))})`;
  });
  return new Figure({
    data: [
      {
        type: "heatmap",
        x: tasks,
        y: variants,
        z: variants.map((variant) => tasks.map((task) => median(variant, task))),
        text: variants.map((variant) => tasks.map((task) => cell(variant, task))),
        texttemplate: "%{text}",
        colorscale: "Cividis",
        colorbar: { title: { text: value } },
        hovertemplate: "%{y} on %{x}: %{text}<extra></extra>",
      },
    ],
    layout: baseLayout(
      { title, x: "task", y: "variant" },
      { hovermode: "closest", height: 120 + 44 * variants.length },
    ),
    alt: `${title}: the median ${value} over the seeds. ${said.join("; ")}.`,
  });
}
