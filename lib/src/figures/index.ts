import { alongSequenceFigure } from "./along-sequence.js";
import { gateTracesFigure } from "./gate-traces.js";
import { gradientFlowFigure } from "./gradient-flow.js";
import { learningCurvesFigure } from "./learning-curves.js";

/** Every figure of the course: a function from measurements to a Figure. */
export const figures = {
  alongSequence: alongSequenceFigure,
  gradientFlow: gradientFlowFigure,
  gateTraces: gateTracesFigure,
  learningCurves: learningCurvesFigure,
};
