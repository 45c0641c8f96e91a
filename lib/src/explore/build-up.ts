import type { Diagram } from "../figures/diagrams/diagram.js";
import { Widget } from "./widget.js";

/** What the page starts from. */
export interface BuildUpData {
  readonly svg: string;
  readonly alt: string;
  readonly turns: readonly string[];
}

/** A drawing that is built up move by move, each with its sentence; the reader sets the pace. */
export function buildUp(diagram: Diagram): Widget {
  const { svg, alt, turns } = diagram;
  return new Widget({
    kind: "build-up",
    title: "Built up move by move",
    data: { svg, alt, turns } satisfies BuildUpData,
    still: diagram,
    words: turns.map((turn, k) => `${k + 1}. ${turn}`),
  });
}
