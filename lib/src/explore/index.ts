export { buildUp } from "./build-up.js";
export { liveLSTM as lstmCell } from "./live-lstm.js";
export { lookBack } from "./look-back.js";
export { type TextView, texts } from "./texts.js";
export { Widget } from "./widget.js";
