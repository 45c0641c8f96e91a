import { safe } from "./page.js";

const WIDTH = 360;

const number = (value: number): string => String(Math.round(value * 100) / 100);

/** Columns over bins, each with its count above it. `label` says in words what is seen. */
export function columns(counts: readonly number[], ticks: readonly string[], label: string): string {
  const [height, base, left] = [170, 140, 8];
  const top = Math.max(1, ...counts);
  const step = (WIDTH - 2 * left) / counts.length;
  const bars = counts.map((count, k) => {
    const tall = (count / top) * (base - 24);
    const [x, y] = [left + k * step, base - tall];
    const text =
      count > 0 ? `<text x="${number(x + step / 2)}" y="${number(y - 4)}" text-anchor="middle">${count}</text>` : "";
    return `<rect class="bar" x="${number(x + 2)}" y="${number(y)}" width="${number(step - 4)}" height="${number(tall)}"/>${text}`;
  });
  const labels = ticks.map((tick, k) => {
    const x = left + (k * (WIDTH - 2 * left)) / (ticks.length - 1);
    const anchor = k === 0 ? "start" : k === ticks.length - 1 ? "end" : "middle";
    return `<text class="soft" x="${number(x)}" y="${base + 18}" text-anchor="${anchor}">${safe(tick)}</text>`;
  });
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${safe(label)}">${bars.join("")}<line class="axis" x1="${left}" x2="${WIDTH - left}" y1="${base}" y2="${base}"/>${labels.join("")}</svg>`;
}

/** A share as a bar, 0 to 1, for inside a table. */
export function shareBar(share: number): string {
  const wide = Math.max(0, Math.min(1, share)) * 100;
  return `<svg viewBox="0 0 100 10" preserveAspectRatio="none" role="presentation" class="share"><rect class="track" width="100" height="10"/><rect class="bar" width="${number(wide)}" height="10"/></svg>`;
}
