// Where the parts of an LSTM cell stand: the same in every drawing of it.

/** Heights: the cell state, i × g, the four layers, h and x. */
export const [belt, product, layers, bus] = [95, 168, 228, 285];
export const column = { join: 135, forget: 200, input: 300, candidate: 400, output: 502, show: 592 };
/** The height at which o × tanh(c) stands. */
export const shown = 204;
/** Where the states' names stand, outside the cell. */
export const [above, below] = [42, 344];
/** The size of a layer. */
export const box = { width: 56, height: 36 };
