import { type Diagram, escapeXml } from "../figures/diagrams/diagram.js";
import { drawing } from "../figures/diagrams/parts.js";

const columns = 96;
const [wide, high] = [7.7, 18];

/** A text as a drawing, each character on its shade in [−1, 1]: blue above 0, orange below. */
export function textDrawing(letters: readonly string[], shades: readonly number[], alt: string): Diagram {
  const parts: string[] = [];
  let [row, column] = [0, 0];
  letters.forEach((letter, k) => {
    if (letter === "\n" || column === columns) [row, column] = [row + 1, 0];
    if (letter === "\n") return;
    const [x, y] = [14 + column++ * wide, 14 + row * high];
    const shade = shades[k] ?? 0;
    if (Math.abs(shade) >= 0.05) {
      const fill = shade > 0 ? "#0072B2" : "#D55E00";
      const box = `x="${x.toFixed(1)}" y="${y}" width="${wide}" height="${high}"`;
      parts.push(`<rect ${box} fill="${fill}" fill-opacity="${(0.6 * Math.abs(shade)).toFixed(2)}"/>`);
    }
    if (letter !== " ") {
      const font = "font-family:ui-monospace,monospace;font-size:12.5px;text-anchor:middle";
      parts.push(`<text x="${(x + wide / 2).toFixed(1)}" y="${y + 13}" style="${font}">${escapeXml(letter)}</text>`);
    }
  });
  return drawing(parts, { width: Math.ceil(28 + columns * wide), height: 28 + (row + 1) * high, alt });
}
