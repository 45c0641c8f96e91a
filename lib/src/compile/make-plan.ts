import { Arrays } from "./arrays.js";
import { BackwardPlanner } from "./backward.js";
import { ForwardPlanner } from "./forward.js";
import type { Padding, Plan, PlanOptions } from "./plan.js";
import { StepValues } from "./step-values.js";
import type { TracedStep } from "./trace.js";

/** @throws CannotCompile if the step does what cannot be fused */
export function makePlan(step: TracedStep, padding: Padding, wanted: PlanOptions): Plan {
  const arrays = new Arrays(padding);
  const forward = new ForwardPlanner(new StepValues(step), arrays, wanted);
  const back = new BackwardPlanner(forward, wanted);
  const backward = back.stages();
  const results = back.outputs();
  forward.placeInSums();
  return {
    inputSize: step.inputSize,
    groups: forward.groups,
    forward: forward.stages(),
    backward,
    arrays: arrays.places,
    buffers: arrays.buffers,
    states: step.states.map((state) => back.statePlan(state)),
    inputs: forward.inputs,
    results,
    rows: [...arrays.rows.values()],
    levels: Math.max(0, ...forward.groups.map(({ level }) => level)),
    cleared: back.cleared,
    resultGradients: back.resultGradients,
    inputGradient: forward.inputGradient,
    padded: arrays.padded,
  };
}
