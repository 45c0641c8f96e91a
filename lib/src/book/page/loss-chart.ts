import { withoutMemory } from "../retrain.js";

const [width, height, left, right, top, bottom] = [720, 300, 62, 12, 12, 40];
const [most, least] = [1, 1e-4];
const colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00"];
const dashes = ["", "8 4", "2 3", "10 3 2 3", "5 5"];

function draw(tag: string, attributes: Record<string, string | number>, text = ""): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.textContent = text;
  return element;
}

/** Losses of several runs, one curve each, while they are learned. */
export class LossChart {
  readonly steps = 800;
  private readonly svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" });
  private readonly curves = draw("g", {});
  private readonly legend = document.createElement("ul");
  private runs = 0;
  private points = "";

  constructor(box: HTMLElement) {
    this.svg.setAttribute("aria-label", "Mean squared error against training step, one curve for each run");
    this.axes();
    this.svg.append(this.curves);
    this.legend.className = "legend";
    box.append(this.svg, this.legend);
  }

  /** Starts a new curve; the sixth replaces them all. */
  begin(name: string): void {
    if (this.runs === colours.length) this.clear();
    const [stroke, dash] = [colours[this.runs], dashes[this.runs]];
    this.runs += 1;
    this.points = "";
    this.curves.append(draw("polyline", { fill: "none", stroke, "stroke-width": 2.5, "stroke-dasharray": dash }));
    const item = document.createElement("li");
    const sample = draw("svg", { viewBox: "0 0 36 8", width: 36, height: 8, "aria-hidden": "true" });
    sample.append(draw("path", { d: "M0 4H36", stroke, "stroke-width": 3, "stroke-dasharray": dash }));
    item.append(sample, ` ${name}`);
    this.legend.append(item);
  }

  push(step: number, loss: number): void {
    this.points += ` ${this.x(step).toFixed(1)},${this.y(loss).toFixed(1)}`;
    this.curves.lastElementChild?.setAttribute("points", this.points);
  }

  clear(): void {
    this.curves.replaceChildren();
    this.legend.replaceChildren();
    this.runs = 0;
  }

  private x(step: number): number {
    return left + ((width - left - right) * step) / this.steps;
  }

  private y(loss: number): number {
    const share = Math.log(most / Math.min(most, Math.max(least, loss))) / Math.log(most / least);
    return top + (height - top - bottom) * share;
  }

  private axes(): void {
    const note = { fill: "currentColor", "font-size": 13 };
    for (const [value, name] of [
      [1, "1"],
      [0.1, "0.1"],
      [0.01, "0.01"],
      [0.001, "0.001"],
      [0.0001, "0.0001"],
    ] as const) {
      const y = this.y(value);
      this.svg.append(draw("path", { d: `M${left} ${y}H${width - right}`, stroke: "currentColor", opacity: 0.18 }));
      this.svg.append(draw("text", { ...note, x: left - 8, y: y + 4, "text-anchor": "end" }, name));
    }
    for (const step of [0, 200, 400, 600, 800]) {
      this.svg.append(
        draw(
          "text",
          { ...note, x: this.x(step), y: height - 20, "text-anchor": step === 800 ? "end" : "middle" },
          String(step),
        ),
      );
    }
    const y = this.y(withoutMemory);
    this.svg.append(
      draw("path", { d: `M${left} ${y}H${width - right}`, stroke: "currentColor", "stroke-dasharray": "3 4" }),
    );
    this.svg.append(
      draw("text", { ...note, x: width - right, y: y - 6, "text-anchor": "end" }, "1/6: no memory at all"),
    );
    this.svg.append(
      draw(
        "text",
        { ...note, x: (left + width) / 2, y: height - 3, "text-anchor": "middle" },
        "training step, 32 sequences each",
      ),
    );
  }
}
