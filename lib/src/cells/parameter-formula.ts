import { checkChoice } from "../tensor/refuse.js";

/** How many numbers a cell learns, as text (n inputs, m hidden units) and as arithmetic. */
export interface ParameterFormula {
  readonly text: string;
  /** How many numbers the cell learns. */
  count(inputSize: number, hiddenSize: number, cellsPerBlock?: number): number;
}

/** k affine maps of [x, h], and what comes on top. */
function affines(k: number, extra = "", more: (m: number) => number = () => 0): ParameterFormula {
  return { text: `${k === 1 ? "" : k}m(n + m + 1)${extra}`, count: (n, m) => k * m * (n + m + 1) + more(m) };
}

const formulas = {
  rnn: affines(1),
  lstm: affines(4),
  gru: affines(3),
  "gru, reset after": affines(3, " + m", (m) => m),
  peephole: affines(4, " + 3m", (m) => 3 * m),
  coupled: affines(3),
  mgu: affines(2),
  janet: affines(2),
  lstm1997: {
    text: "(m + 2b)(n + m + 2b + 1), b = m / cells per block",
    count: (n, m, cellsPerBlock = 1) => {
      const units = m + (2 * m) / cellsPerBlock;
      return units * (n + units + 1);
    },
  },
  V: affines(4, " + 3m", (m) => 3 * m),
  NIG: affines(3, " + 2m", (m) => 2 * m),
  NFG: affines(3, " + 2m", (m) => 2 * m),
  NOG: affines(3, " + 2m", (m) => 2 * m),
  NIAF: affines(4, " + 3m", (m) => 3 * m),
  NOAF: affines(4, " + 3m", (m) => 3 * m),
  NP: affines(4),
  CIFG: affines(3, " + 2m", (m) => 2 * m),
  FGR: affines(4, " + 3m + 9m²", (m) => 3 * m + 9 * m * m),
} satisfies Record<string, ParameterFormula>;

export type CellKind = keyof typeof formulas;
/** Every kind of cell that has a formula. */
export const cellKinds = Object.keys(formulas) as CellKind[];

/**
 * The number of parameters of a kind of cell, n = inputSize and m = hiddenSize:
 *
 *     parameterFormula("lstm").text             // "4m(n + m + 1)"
 *     parameterFormula("lstm").count(2, 32)     // 4480
 *
 * V to FGR are the variants of AblatedLSTMCell. `parameterCount(cell)` counts what a cell really has.
 */
export function parameterFormula(kind: CellKind): ParameterFormula {
  checkChoice("parameterFormula", "kind", kind, cellKinds);
  return formulas[kind];
}
