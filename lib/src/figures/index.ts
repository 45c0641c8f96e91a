// Every figure of the course: a function from measurements to a Figure, or to a drawing.
export { ablationFigure as ablation } from "./ablation.js";
export { alongSequenceFigure as alongSequence } from "./along-sequence.js";
export { attentionMapFigure as attentionMap } from "./attention-map.js";
export { bifurcationFigure as bifurcation } from "./bifurcation.js";
export { cliffFigure as cliff } from "./cliff.js";
export { connectivityFigure as connectivity } from "./connectivity.js";
export { cellState } from "./diagrams/cell-state.js";
export { gradientWidths } from "./diagrams/hero.js";
export { lstmCell } from "./diagrams/lstm-cell.js";
export { lstmGradients } from "./diagrams/lstm-gradients.js";
export { rnnCell } from "./diagrams/rnn-cell.js";
export { selfLoop, sharedWeight, unrolledNetwork as unrolled } from "./diagrams/unrolled.js";
export { variant } from "./diagrams/variant.js";
export { gateMicroscopeFigure as gateMicroscope } from "./gate-microscope.js";
export { gateTracesFigure as gateTraces } from "./gate-traces.js";
export { gradientFlowFigure as gradientFlow } from "./gradient-flow.js";
export { gradientFlowSliderFigure as gradientFlowSlider } from "./gradient-flow-slider.js";
export {
  gradientHeatMapFigure as gradientHeatMap,
  gradientHeatMapSliderFigure as gradientHeatMapSlider,
} from "./gradient-heat-map.js";
export { halfLifeFigure as halfLife } from "./half-life.js";
export { learningCurvesFigure as learningCurves } from "./learning-curves.js";
export { linesFigure as lines } from "./lines.js";
export { saturationFigure as saturation } from "./saturation.js";
export { successRateFigure as successRate } from "./success-rate.js";
export { tracesOverTrainingFigure as tracesOverTraining } from "./traces-over-training.js";
