// TensorFlow.js: the LSTM step written with its ops, differentiated by variableGrads. On its WebAssembly backend, one
// thread; with "node" on TensorFlow's own library, where @tensorflow/tfjs-node is installed.
import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import { serve } from "./serve.mjs";

const require = createRequire(import.meta.url);
const native = process.argv[4] === "node";
const tf = require(native ? "@tensorflow/tfjs-node" : "@tensorflow/tfjs");
if (!native) {
  const wasm = require("@tensorflow/tfjs-backend-wasm");
  wasm.setWasmPaths(dirname(require.resolve("@tensorflow/tfjs-backend-wasm")) + sep);
  wasm.setThreadsCount(1);
  await tf.setBackend("wasm");
}
await tf.ready();

function build({ shape, weights, data }) {
  const { kind, T, B, H, D, O, learningRate, clipNorm } = shape;
  const variable = (values, rows, cols) => tf.variable(tf.tensor2d(values, [rows, cols]).transpose());
  const [Wx, Wh, Wo] = [variable(weights.Wih, 4 * H, D), variable(weights.Whh, 4 * H, H), variable(weights.Wo, O, H)];
  const [b, bo] = [tf.variable(tf.tensor1d(weights.b)), tf.variable(tf.tensor1d(weights.bo))];
  const step = (x, h, c) => {
    const [i, f, g, o] = tf.split(x.matMul(Wx).add(h.matMul(Wh)).add(b), 4, 1);
    const next = f.sigmoid().mul(c).add(i.sigmoid().mul(g.tanh()));
    return [o.sigmoid().mul(next.tanh()), next];
  };
  if (kind === "stream") {
    let [h, c] = [tf.zeros([1, H]), tf.zeros([1, H])];
    return (k) => {
      const [y, ...state] = tf.tidy(() => {
        const [hNext, cNext] = step(tf.tensor2d(data[k].x, [1, D]), h, c);
        return [hNext.matMul(Wo).add(bo), hNext, cNext];
      });
      tf.dispose([h, c]);
      [h, c] = state;
      const [first] = y.dataSync();
      y.dispose();
      return first;
    };
  }
  const inputs = data.map(({ x }) =>
    Array.from({ length: T }, (_, t) => tf.tensor2d(x.subarray(t * B * D, (t + 1) * B * D), [B, D])),
  );
  const targets = data.map(({ y }) =>
    kind === "adding" ? tf.tensor2d(y, [B, 1]) : tf.oneHot(tf.tensor1d(Int32Array.from(y), "int32"), O).toFloat(),
  );
  const optimizer = tf.train.adam(learningRate, 0.9, 0.999, 1e-8);
  const forward = (k) => {
    let [h, c] = [tf.zeros([B, H]), tf.zeros([B, H])];
    const all = [];
    for (const x of inputs[k]) {
      [h, c] = step(x, h, c);
      if (kind === "characters") all.push(h);
    }
    if (kind === "adding") return h.matMul(Wo).add(bo).sub(targets[k]).square().mean();
    return tf.losses.softmaxCrossEntropy(targets[k], tf.concat(all).matMul(Wo).add(bo));
  };
  return (k) =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => forward(k));
      const norm = tf.sqrt(tf.addN(Object.values(grads).map((g) => g.square().sum()))).dataSync()[0];
      const scale = Math.min(1, clipNorm / norm);
      optimizer.applyGradients(Object.fromEntries(Object.entries(grads).map(([name, g]) => [name, g.mul(scale)])));
      return value.dataSync()[0];
    });
}

await serve(build, { version: `tfjs ${tf.version.tfjs}, ${native ? "native" : "wasm, one thread"}` });
