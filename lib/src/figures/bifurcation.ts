import { Figure } from "./figure.js";
import { baseLayout, brief, palette } from "./style.js";

/** Where a one-unit network comes to rest, for each value of a parameter. */
export interface RestingPlaces {
  readonly parameter: readonly number[];
  /** rest[k]: the end states at parameter[k], from `restPoints`. */
  readonly rest: readonly (readonly number[])[];
}

/** The rest points of a one-unit network against a parameter: where their number changes, so does all that it learned. */
export function bifurcationFigure(
  { parameter, rest }: RestingPlaces,
  { title = "Where a one-unit network comes to rest", x = "bias b" }: { title?: string; x?: string } = {},
): Figure {
  const points = parameter.flatMap((value, k) => rest[k].map((h) => ({ value, h })));
  const changes = parameter.filter((_, k) => k > 0 && rest[k].length !== rest[k - 1].length);
  return new Figure({
    data: [
      {
        type: "scatter",
        mode: "markers",
        x: points.map(({ value }) => value),
        y: points.map(({ h }) => h),
        marker: { color: palette.blue, size: 4 },
        hovertemplate: "%{x:.2f}: rests at %{y:.3f}<extra></extra>",
      },
    ],
    layout: baseLayout({ title, x, y: "hidden state h at rest" }, { hovermode: "closest", showlegend: false }),
    alt: `${title}, against ${x} from ${brief(parameter[0])} to ${brief(parameter[parameter.length - 1])}. The number of rest points changes at ${changes.map(brief).join(", ") || "no value"}.`,
  });
}
