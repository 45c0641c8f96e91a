import { dot, line, way } from "./lstm-cell.js";
import { above, belt, box, column, layers } from "./lstm-plan.js";
import { circle, label, layerBox, missingBox, standingBack } from "./parts.js";

type OneState = "gru" | "gru, reset after" | "mgu" | "janet";

const gate = column.forget;
const write = { x: 440, y: 165 }; // gate × candidate, above the candidate
const [past, present] = [272, 300]; // the heights at which h and x run to the layers
const top = layers - box.height / 2;
const bottom = layers + box.height / 2;

/** Cells that have h alone: it runs along the top, where an LSTM's cell state does, and down to the layers. */
export function oneStateCell(kind: OneState): string[] {
  const { alike = [], different } = { gru, "gru, reset after": resetAfter, mgu, janet }[kind]();
  return [standingBack([...shared(kind === "janet" ? "g_t" : "n_t"), ...alike]), ...oneState(), ...different];
}

/** What stands in for the LSTM's forget gate and candidate. */
const shared = (name: string): string[] => [
  line("input", [column.join, 360], [column.join, present], [write.x + 12, present]),
  label({ x: column.join, y: 372 }, "x_t", { role: "input" }),
  way("input", [gate + 12, present], [gate + 12, bottom]),
  way("input", [write.x + 12, present], [write.x + 12, bottom]),
  line("quiet", [gate, top], [gate, write.y]),
  way("quiet", [write.x, top], [write.x, write.y + 14]),
  way("quiet", [write.x, write.y - 14], [write.x, belt + 14]),
  layerBox({ x: gate, y: layers, ...box }, "σ"),
  layerBox({ x: write.x, y: layers, ...box }, "tanh"),
  circle(write, "×"),
  label({ x: write.x + 8, y: 195 }, name, { anchor: "start" }),
  label({ x: write.x, y: present + 14 }, "candidate", { role: "note" }),
];

/** One state instead of two, and nothing between it and the way out. */
const oneState = (): string[] => [
  way("state", [22, belt], [718, belt]),
  dot({ x: 158, y: belt }),
  line("state", [158, belt], [158, past], [gate - 12, past]),
  way("state", [gate - 12, past], [gate - 12, bottom]),
  circle({ x: gate, y: belt }, "×"),
  circle({ x: write.x, y: belt }, "+"),
  label({ x: 16, y: above }, "h_{t-1}", { role: "state", anchor: "start" }),
  label({ x: 724, y: above }, "h_t", { role: "state", anchor: "end" }),
  missingBox({ x: 570, y: layers }, "no output gate"),
];

interface Parts {
  /** As in the LSTM. */
  readonly alike?: string[];
  readonly different: string[];
}

const named = (x: number, text: string): string => label({ x, y: present + 14 }, text, { role: "note" });

/** The update gate keeps, one minus it writes; the reset gate stands in the candidate's way at `reset`. */
const updateAndReset = (reset: number): string[] => [
  dot({ x: gate, y: write.y }),
  way("quiet", [gate, write.y], [gate, belt + 14]),
  way("quiet", [gate, write.y], [302, write.y]),
  circle({ x: 320, y: write.y }, "1−", 18),
  way("quiet", [338, write.y], [write.x - 14, write.y]),
  label({ x: gate + 8, y: 138 }, "z_t", { anchor: "start" }),
  named(gate, "update"),
  line("state", [gate - 12, past], [288, past]),
  way("state", [288, past], [288, bottom]),
  way("input", [312, present], [312, bottom]),
  layerBox({ x: 300, y: layers, ...box }, "σ"),
  way("quiet", [300, top], [300, 194], [reset, 194], [reset, past - 14]),
  label({ x: reset - 8, y: 222 }, "r_t", { anchor: "end" }),
  named(300, "reset"),
];

const gru = (): Parts => ({
  different: [
    ...updateAndReset(352),
    way("state", [288, past], [338, past]),
    way("state", [366, past], [write.x - 12, past], [write.x - 12, bottom]),
    circle({ x: 352, y: past }, "×"),
    layerBox({ x: 397, y: past, width: 36, height: 26 }, "W_h"),
  ],
});

const resetAfter = (): Parts => ({
  different: [
    ...updateAndReset(397),
    line("state", [288, past], [332, past]),
    way("state", [368, past], [383, past]),
    way("state", [411, past], [write.x - 12, past], [write.x - 12, bottom]),
    layerBox({ x: 350, y: past, width: 36, height: 26 }, "W_h"),
    circle({ x: 397, y: past }, "×"),
  ],
});

const mgu = (): Parts => ({
  different: [
    dot({ x: gate, y: write.y }),
    way("quiet", [gate, write.y], [write.x - 14, write.y]),
    line("quiet", [gate, write.y], [gate, 153]),
    way("quiet", [gate, 123], [gate, belt + 14]),
    circle({ x: gate, y: 138 }, "1−", 15),
    dot({ x: 352, y: write.y }),
    way("quiet", [352, write.y], [352, past - 14]),
    label({ x: 280, y: write.y + 16 }, "f_t"),
    named(gate, "the one gate"),
    line("state", [gate - 12, past], [338, past]),
    way("state", [366, past], [write.x - 12, past], [write.x - 12, bottom]),
    circle({ x: 352, y: past }, "×"),
    layerBox({ x: 397, y: past, width: 36, height: 26 }, "W_h"),
  ],
});

const janet = (): Parts => ({
  alike: [
    way("quiet", [gate, write.y], [gate, belt + 14]),
    label({ x: gate + 8, y: 150 }, "f_t", { anchor: "start" }),
    named(gate, "forget"),
    way("state", [gate - 12, past], [write.x - 12, past], [write.x - 12, bottom]),
  ],
  different: [
    way("quiet", [gate + box.width / 2, layers], [276, layers]),
    layerBox({ x: 322, y: layers, width: 92, height: 36 }, "1−σ(s−β)"),
    way("quiet", [322, top], [322, write.y], [write.x - 14, write.y]),
    label({ x: 252, y: layers - 14 }, "s_t"),
    label({ x: 375, y: write.y - 16 }, "i_t"),
  ],
});
