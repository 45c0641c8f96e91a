import { ablationFigure } from "./ablation.js";
import { alongSequenceFigure } from "./along-sequence.js";
import { bifurcationFigure } from "./bifurcation.js";
import { cliffFigure } from "./cliff.js";
import { gradientWidths } from "./diagrams/hero.js";
import { rnnCell } from "./diagrams/rnn-cell.js";
import { selfLoop, sharedWeight, unrolledNetwork } from "./diagrams/unrolled.js";
import { gateTracesFigure } from "./gate-traces.js";
import { gradientFlowFigure } from "./gradient-flow.js";
import { gradientFlowSliderFigure } from "./gradient-flow-slider.js";
import { gradientHeatMapFigure } from "./gradient-heat-map.js";
import { halfLifeFigure } from "./half-life.js";
import { learningCurvesFigure } from "./learning-curves.js";
import { linesFigure } from "./lines.js";
import { saturationFigure } from "./saturation.js";
import { successRateFigure } from "./success-rate.js";

/** Every figure of the course: a function from measurements to a Figure. */
export const figures = {
  ablation: ablationFigure,
  alongSequence: alongSequenceFigure,
  bifurcation: bifurcationFigure,
  cliff: cliffFigure,
  gradientFlow: gradientFlowFigure,
  gateTraces: gateTracesFigure,
  gradientHeatMap: gradientHeatMapFigure,
  gradientFlowSlider: gradientFlowSliderFigure,
  gradientWidths,
  halfLife: halfLifeFigure,
  learningCurves: learningCurvesFigure,
  lines: linesFigure,
  rnnCell,
  saturation: saturationFigure,
  selfLoop,
  sharedWeight,
  successRate: successRateFigure,
  unrolled: unrolledNetwork,
};
