import type { Diagram } from "./diagram.js";
import { cellBox, circle, drawing, group, label, layerBox, type Point, wire } from "./parts.js";

const sum: Point = { x: 300, y: 110 };

/** What one vanilla cell does with its two inputs; with `animate`, built up move by move. */
export function rnnCell({ animate = false }: { animate?: boolean } = {}): Diagram {
  const bias = [
    wire("quiet", [
      { x: sum.x, y: 62 },
      { x: sum.x, y: sum.y - 14 },
    ]),
    label({ x: sum.x + 12, y: 70 }, "b"),
  ];
  const turns = [
    [cellBox({ x: 300, y: 120, width: 360, height: 150 }), ...fromThePast()],
    fromTheInput(),
    [...bias, circle(sum, "+")],
    squashed(),
  ];
  return drawing(
    turns.map((parts, turn) => group(parts, animate ? turn : undefined)),
    {
      width: 600,
      height: 275,
      alt: "Inside a vanilla recurrent cell: the previous state h at t minus 1 passes through the weights W h, the input x at t through the weights W x; both and a bias b are added to the pre-activation a at t, and tanh of it is the new state h at t.",
      turns: animate ? moves : [],
    },
  );
}

const moves = [
  "From the left comes the cell's own last state. The matrix of weights on the past, Wh, mixes its units.",
  "From below comes the new input, through weights of its own, Wx.",
  "The two are added, and a bias with them.",
  "tanh squashes the sum into (−1, 1). That is the new state: it goes out, and comes back at the next step.",
];

const fromThePast = (): string[] => [
  wire("state", [
    { x: 50, y: sum.y },
    { x: 170, y: sum.y },
  ]),
  label({ x: 76, y: sum.y - 18 }, "h_{t-1}", { role: "state" }),
  layerBox({ x: 200, y: sum.y, width: 60, height: 36 }, "W_h"),
  wire("state", [
    { x: 230, y: sum.y },
    { x: sum.x - 14, y: sum.y },
  ]),
];

const fromTheInput = (): string[] => [
  wire("input", [
    { x: 200, y: 240 },
    { x: 200, y: 178 },
  ]),
  label({ x: 200, y: 254 }, "x_t", { role: "input" }),
  layerBox({ x: 200, y: 160, width: 60, height: 36 }, "W_x"),
  wire("input", [
    { x: 230, y: 160 },
    { x: sum.x, y: 160 },
    { x: sum.x, y: sum.y + 14 },
  ]),
];

const squashed = (): string[] => [
  wire("quiet", [
    { x: sum.x + 14, y: sum.y },
    { x: 372, y: sum.y },
  ]),
  label({ x: 343, y: sum.y - 16 }, "a_t"),
  layerBox({ x: 404, y: sum.y, width: 64, height: 36 }, "tanh"),
  wire("state", [
    { x: 436, y: sum.y },
    { x: 550, y: sum.y },
  ]),
  label({ x: 520, y: sum.y - 18 }, "h_t", { role: "state" }),
];
