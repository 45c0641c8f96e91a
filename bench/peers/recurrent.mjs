// recurrent-js: plain JavaScript with a tape of its own. Matrices are [features, batch]; its solver knows no Adam, so that
// clipping and Adam are loops here, a small part of the time.
import { createRequire } from "node:module";
import { serve } from "./serve.mjs";

const require = createRequire(import.meta.url);
const { Graph, Mat } = require("recurrent-js");
const gates = ["i", "f", "g", "o"];

function mat(rows, cols, values, from = 0) {
  const made = new Mat(rows, cols);
  for (let k = 0; k < rows * cols; k++) made.w[k] = values === undefined ? 0 : values[from + k];
  return made;
}

/** x [B, D] of step t, as [D, B]. */
function inputAt({ x }, t, B, D) {
  const made = new Mat(D, B);
  for (let b = 0; b < B; b++) for (let d = 0; d < D; d++) made.w[d * B + b] = x[(t * B + b) * D + d];
  return made;
}

function adam(parameters, learningRate) {
  const notes = parameters.map(({ w }) => ({ m: new Float64Array(w.length), v: new Float64Array(w.length) }));
  let t = 0;
  return (scale) => {
    t++;
    parameters.forEach(({ w, dw }, p) => {
      const { m, v } = notes[p];
      for (let k = 0; k < w.length; k++) {
        const slope = scale * dw[k];
        m[k] = 0.9 * m[k] + 0.1 * slope;
        v[k] = 0.999 * v[k] + 0.001 * slope * slope;
        w[k] -= (learningRate * m[k]) / (1 - 0.9 ** t) / (Math.sqrt(v[k] / (1 - 0.999 ** t)) + 1e-8);
        dw[k] = 0;
      }
    });
  };
}

/** Mean squared error of y [1, B]; its gradient goes into y. */
function squaredError(y, { y: target }, B) {
  let loss = 0;
  for (let b = 0; b < B; b++) {
    const error = y.w[b] - target[b];
    loss += (error * error) / B;
    y.dw[b] = (2 * error) / B;
  }
  return loss;
}

/** Cross-entropy of logits [O, B] at step t; its gradient goes into the logits. */
function crossEntropy(logits, { y }, t, { T, B, O }) {
  let loss = 0;
  for (let b = 0; b < B; b++) {
    let sum = 0;
    for (let o = 0; o < O; o++) sum += Math.exp(logits.w[o * B + b]);
    const wanted = y[t * B + b];
    loss += (Math.log(sum) - logits.w[wanted * B + b]) / (T * B);
    for (let o = 0; o < O; o++) {
      logits.dw[o * B + b] = (Math.exp(logits.w[o * B + b]) / sum - (o === wanted ? 1 : 0)) / (T * B);
    }
  }
  return loss;
}

function build({ shape, weights, data }) {
  const { kind, T, B, H, D, O, learningRate, clipNorm } = shape;
  const cell = gates.map((_, k) => ({
    Wx: mat(H, D, weights.Wih, k * H * D),
    Wh: mat(H, H, weights.Whh, k * H * H),
    b: mat(H, 1, weights.b, k * H),
  }));
  const [Wo, bo] = [mat(O, H, weights.Wo), mat(O, 1, weights.bo)];
  const ones = mat(1, B, new Float32Array(B).fill(1));
  const graph = new Graph();
  const step = (x, h, c) => {
    const [i, f, g, o] = cell.map(({ Wx, Wh, b }, k) => {
      const z = graph.add(graph.add(graph.mul(Wx, x), graph.mul(Wh, h)), graph.mul(b, ones));
      return k === 2 ? graph.tanh(z) : graph.sig(z);
    });
    const next = graph.add(graph.eltmul(f, c), graph.eltmul(i, g));
    return [graph.eltmul(o, graph.tanh(next)), next];
  };
  const read = (h) => graph.add(graph.mul(Wo, h), graph.mul(bo, ones));
  let [h, c] = [mat(H, B), mat(H, B)];
  if (kind === "stream") {
    return (k) => {
      [h, c] = step(inputAt(data[k], 0, 1, D), h, c);
      return read(h).w[0];
    };
  }
  const inputs = data.map((batch) => Array.from({ length: T }, (_, t) => inputAt(batch, t, B, D)));
  const parameters = [...cell.flatMap(({ Wx, Wh, b }) => [Wx, Wh, b]), Wo, bo];
  const update = adam(parameters, learningRate);
  graph.memorizeOperationSequence(true);
  return (k) => {
    [h, c] = [mat(H, B), mat(H, B)];
    let loss = 0;
    for (const [t, x] of inputs[k].entries()) {
      [h, c] = step(x, h, c);
      if (kind === "characters") loss += crossEntropy(read(h), data[k], t, shape);
    }
    if (kind === "adding") loss = squaredError(read(h), data[k], B);
    graph.backward();
    graph.forgetCurrentSequence();
    let squares = 0;
    for (const { dw } of parameters) for (const slope of dw) squares += slope * slope;
    update(Math.min(1, clipNorm / Math.sqrt(squares)));
    return loss;
  };
}

await serve(build, { version: `recurrent-js ${require("recurrent-js/package.json").version}` });
