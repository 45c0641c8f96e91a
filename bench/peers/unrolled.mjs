// The library itself: the textbook cell, compiled or op by op, trained by `fit`.
import { library } from "../library.mjs";
import { serve } from "./serve.mjs";

const { adam, compile, crossEntropy, fit, float32Kernels, LSTMCell, linear, mse, noGrad, Tensor } = await import(
  `${library}/index.js`
);
const tape = process.argv[4] === "tape";

/** Our gates from PyTorch's rows: [4H, n] in the order i, f, g, o becomes one [n, H] per gate. */
function load({ shape: { D, H, O }, weights }) {
  const cell = new LSTMCell(D, H, { dtype: "float32" });
  const readout = linear(H, O, { dtype: "float32" });
  const transposeInto = (to, from, rows, cols, first) => {
    for (let r = 0; r < rows; r++) for (let c = 0; c < cols; c++) to.data[c * rows + r] = from[(first + r) * cols + c];
  };
  ["inputGate", "forgetGate", "candidate", "outputGate"].forEach((gate, k) => {
    transposeInto(cell[gate].Wx, weights.Wih, H, D, k * H);
    transposeInto(cell[gate].Wh, weights.Whh, H, H, k * H);
    cell[gate].b.data.set(weights.b.subarray(k * H, (k + 1) * H));
  });
  transposeInto(readout.W, weights.Wo, O, H, 0);
  readout.b.data.set(weights.bo);
  return { cell: tape ? cell : compile(cell), readout };
}

function build(workload) {
  const { shape, data } = workload;
  const { kind, T, B, H, D, learningRate, clipNorm } = shape;
  const { cell, readout } = load(workload);
  if (kind === "stream") {
    const stream = tape ? undefined : cell.stream();
    let state = cell.initialState(1);
    return (k) =>
      noGrad(() => {
        if (stream) return readout.of(new Tensor(1, H, stream.next(data[k].x).h)).data[0];
        state = cell.step(new Tensor(1, D, data[k].x), state);
        return readout.of(state.h).data[0];
      });
  }
  const batches = data.map(({ x, y }) => {
    const xs = Array.from({ length: T }, (_, t) => new Tensor(B, D, x.subarray(t * B * D, (t + 1) * B * D)));
    if (kind === "adding") return { xs, target: new Tensor(B, 1, y) };
    return { xs, targets: xs.map((_, t) => new Tensor(B, 1, y.subarray(t * B, (t + 1) * B))) };
  });
  let next = 0;
  const source = { batch: () => batches[next] };
  const loss = kind === "adding" ? mse : crossEntropy;
  const run = fit({ cell, readout }, source, { loss, optimizer: adam({ learningRate }), clipNorm, steps: 1e9 });
  return async (k) => {
    next = k;
    return (await run.next()).value.loss;
  };
}

await serve(build, () => ({ version: `float32 on ${float32Kernels()}, Node ${process.version}` }));
