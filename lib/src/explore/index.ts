export { buildUp } from "./build-up.js";
export { liveLSTM as lstmCell } from "./live-lstm.js";
export { Widget } from "./widget.js";
