// Ratios of medians that the textbook cell, compiled, should reach.
export const targets = {
  A1: { "PyTorch nn.LSTM": 0.9, "PyTorch cell loop": 0.15, JavaScript: 0.03 },
  A2: { "PyTorch nn.LSTM": 1.1, "PyTorch cell loop": 0.35, JavaScript: 0.06 },
  A3: { "PyTorch nn.LSTM": 1.3, "PyTorch cell loop": 0.9, JavaScript: 0.25 },
  B: { "PyTorch nn.LSTM": 1.5, "PyTorch cell loop": 0.75, JavaScript: 0.17 },
  C: { "PyTorch nn.LSTM": 0.1, "PyTorch cell loop": 0.25, JavaScript: 0.05 },
  D: { "PyTorch nn.LSTM": 0.06, "PyTorch cell loop": 0.06, JavaScript: 0.5 },
};

/** Time a parameter of any cell, as a multiple of the LSTM's. */
export const cellTarget = 1.3;

export const targetOf = (workload, peer) =>
  peer.startsWith("unrolled") ? undefined : (targets[workload][peer] ?? targets[workload].JavaScript);
