// Every kind of cell, compiled: the time of an iteration for each parameter, against the LSTM's.
import { library } from "./library.mjs";

const index = await import(`${library}/index.js`);
const { adding, compile, fit, linear, seededRng } = index;

const kinds = {
  LSTM: index.LSTMCell,
  RNN: index.RNNCell,
  "GRU, reset before": index.GRUCell,
  "GRU, reset after": class extends index.GRUCell {
    constructor(inputSize, hiddenSize, options) {
      super(inputSize, hiddenSize, { ...options, reset: "after" });
    }
  },
  "peephole LSTM": index.PeepholeLSTMCell,
  "coupled LSTM": index.CoupledLSTMCell,
  "LSTM of 1997": index.LSTM1997Cell,
  JANET: index.JANETCell,
  MGU: index.MGUCell,
};

function trainer(Cell, { hiddenSize, batchSize, seqLen }) {
  const rng = seededRng(1);
  const cell = new Cell(2, hiddenSize, { rng, dtype: "float32" });
  const readout = linear(hiddenSize, 1, { rng, dtype: "float32" });
  const batch = adding({ seqLen, batchSize, dtype: "float32" }, rng).batch();
  const run = fit({ cell: compile(cell), readout }, { batch: () => batch }, { steps: 1e9, clipNorm: 1 });
  const parameters = Object.values(cell.parameters()).reduce((sum, { data }) => sum + data.length, 0);
  return { run, parameters, best: Number.POSITIVE_INFINITY };
}

/** The fastest of many iterations, taken in turns: nanoseconds a parameter, and that against the LSTM's. */
export async function cells(say, shape = { hiddenSize: 64, batchSize: 32, seqLen: 50 }, rounds = 60) {
  const running = Object.entries(kinds).map(([kind, Cell]) => ({ kind, ...trainer(Cell, shape) }));
  for (let round = 0; round < rounds; round++) {
    for (const cell of running) {
      for (let k = 0; k < 3; k++) {
        const start = performance.now();
        await cell.run.next();
        cell.best = Math.min(cell.best, performance.now() - start);
      }
    }
  }
  for (const { run } of running) await run.return();
  const perParameter = ({ best, parameters }) => (1e6 * best) / parameters;
  const rows = running.map((cell) => ({
    kind: cell.kind,
    parameters: cell.parameters,
    minMs: cell.best,
    nsPerParameter: perParameter(cell),
    ofLSTM: perParameter(cell) / perParameter(running[0]),
  }));
  say(`\nTime a parameter, compiled, T=${shape.seqLen} B=${shape.batchSize} H=${shape.hiddenSize}, against the LSTM's`);
  for (const { kind, minMs, ofLSTM } of rows) {
    say(`  ${kind.padEnd(20)}${minMs.toFixed(2).padStart(8)} ms ${ofLSTM.toFixed(2).padStart(6)}`);
  }
  return rows;
}
