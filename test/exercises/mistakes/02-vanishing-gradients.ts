import type { Mistake } from "./mistake.js";

type Edit = Omit<Mistake, "exercise">;

const three = `20, // ln 0.001 / ln 0.7 = 19.4
  135, // ln 0.001 / ln 0.95 = 134.7
  688, // ln 0.001 / ln 0.99 = 687.3`;
const reach: Edit[] = [
  { from: three, to: "4, 20, 100,", fails: ["each step takes a share of what is left"] },
  { from: three, to: "13, 90, 459,", fails: ["a thousandth is left, not a hundredth"] },
  { from: three, to: "2, 14, 69,", fails: ["it goes down to a thousandth, not to a half"] },
  { from: three, to: "19, 134, 687,", fails: ["the first step that is enough counts"] },
  { from: three, to: "19, 135, 687,", fails: ["the first step that is enough counts"], says: "to the nearest" },
];

const clipping: Edit[] = [
  {
    from: "scale(gradient, factor)",
    to: "gradient.map((g) => Math.max(-limit, Math.min(limit, g)))",
    fails: ["every entry is scaled by one factor"],
  },
  {
    from: "scale(gradient, factor)",
    to: "scale(gradient, Math.min(1, limit / length(gradient)))",
    fails: ["all tensors count as one vector"],
  },
  {
    from: "size > limit ? limit / size : 1",
    to: "limit / size",
    fails: ["a gradient that is short enough is left alone"],
  },
  {
    from: "length(gradients.flat())",
    to: "dot(gradients.flat(), gradients.flat())",
    fails: ["the length is a square root"],
  },
  { from: "limit / size", to: "1 / size", fails: ["the new length is the limit"] },
];

const right = "the rows are at right angles and as long as the gain"; // any mistake fails it
const inner = "for (const q of finished)";
const turning: Edit[] = [
  { from: inner, to: "for (const q of [])", fails: ["each row loses what it shares with the rows before", right] },
  {
    from: inner,
    to: "for (const q of finished.slice(-1))",
    fails: ["it loses what it shares with all of them", right],
  },
  {
    from: inner,
    to: "for (const q of random.slice(0, finished.length))",
    fails: ["what it shares is measured on the finished rows", right],
  },
  { from: "scale(left, 1 / length(left))", to: "left", fails: ["every row is made as long as 1", right] },
  {
    from: "let left = row;\n    for (const q of finished) left = sub(left, scale(q, dot(row, q)));\n    finished.push(scale(left, 1 / length(left)));",
    to: "const unit = scale(row, 1 / length(row));\n    let left = unit;\n    for (const q of finished) left = sub(left, scale(q, dot(unit, q)));\n    finished.push(left);",
    fails: ["every row is made as long as 1", right],
    says: "before the others were taken off",
  },
  { from: "scale(q, gain)", to: "q", fails: ["the gain stretches every row", right] },
  {
    from: "1 / length(left)));\n  }\n  return finished.map((q) => scale(q, gain))",
    to: "gain / length(left)));\n  }\n  return finished",
    fails: ["the gain stretches every row", right],
    says: "the gain comes last",
  },
];

const tape = "the lengths are those of the tape"; // any mistake fails it
const back: Edit[] = [
  { from: "mul(dh, slopes)", to: "dh", fails: ["the slopes of tanh are there", tape] },
  { from: "hs[t].map", to: "hs[t - 1].map", fails: ["the slope is that of the later state", tape] },
  {
    from: "times(mul(dh, slopes), transpose(Wh))",
    to: "mul(times(dh, transpose(Wh)), slopes)",
    fails: ["slopes first, weights second", tape],
  },
  { from: "transpose(Wh)", to: "Wh", fails: ["the weights are transposed", tape] },
  { from: "norms.push(length(dh))", to: "norms.unshift(length(dh))", fails: ["lag 0 comes first", tape] },
  { from: "return norms;", to: "return norms.map((n) => n * n);", fails: ["a length is a square root", tape] },
];

const comparison = "if (norm[49] > norm[0]) return k / 20;";
const growth: Edit[] = [
  { from: "norm[49] > norm[0]", to: "norm[1] > norm[0]", fails: ["the last lag is compared with lag 0"] },
  { from: "norm[49] > norm[0]", to: "Math.max(...norm) > norm[0]", fails: ["the last lag is compared with lag 0"] },
  { from: "norm[49] > norm[0]", to: "norm[49] < norm[0]", fails: ["it has grown, not shrunk"] },
  {
    from: `for (let k = 16; k <= 60; k++) {
    const norm = noisyFlow(k / 20, loudness, seed);
    ${comparison}`,
    to: `for (let k = 60; k >= 16; k--) {
    const norm = noisyFlow(k / 20, loudness, seed);
    ${comparison}`,
    fails: ["the first such gain is given"],
  },
  {
    from: "noisyFlow(k / 20, loudness, seed)",
    to: "noisyFlow(k / 20, 1, seed)",
    fails: ["the loudness is the one asked for"],
  },
  {
    from: "1.05, // loudness 0.1\n  1.3, // loudness 1\n  1.7, // loudness 3",
    to: "1.7, 1.3, 1.05,",
    fails: ["the readings are those of the experiment"],
  },
];

export const mistakes: Mistake[] = Object.entries({
  "02.1": reach,
  "02.2": clipping,
  "02.3": turning,
  "02.4": back,
  "02.5": growth,
}).flatMap(([exercise, edits]) => edits.map((edit) => ({ exercise, ...edit })));
