// The public names of `unrolled`, and nothing else.
export {
  AblatedLSTMCell,
  type AblatedLSTMOptions,
  type AblatedLSTMState,
  type LSTMVariant,
  lstmVariants,
} from "./cells/ablations.js";
export type { Cell, CellOptions, CellState } from "./cells/cell.js";
export { type ChronoOptions, chrono } from "./cells/chrono.js";
export { CoupledLSTMCell } from "./cells/coupled.js";
export { GRUCell, type GRUOptions, type GRUStep } from "./cells/gru.js";
export { JANETCell, type JANETOptions, type JANETStep } from "./cells/janet.js";
export { LSTMCell, type LSTMOptions, type LSTMState, type LSTMStep } from "./cells/lstm.js";
export { LSTM1997Cell, type LSTM1997Options, type LSTM1997State, type LSTM1997Step } from "./cells/lstm1997.js";
export { MGUCell, type MGUStep } from "./cells/mgu.js";
export { type CellKind, cellKinds, type ParameterFormula, parameterFormula } from "./cells/parameter-formula.js";
export { PeepholeLSTMCell } from "./cells/peephole.js";
export { RNNCell, type RNNOptions } from "./cells/rnn.js";
export { type CompiledCell, compile } from "./compile/compile.js";
export { notStarted } from "./exercise/not-started.js";
export { loadCharacterModel, type TrainedCharacterModel } from "./experiments/load-character-model.js";
export { loadResult } from "./experiments/load-result.js";
export { type ScoreboardRow, scoreboard } from "./experiments/scoreboard.js";
export * as explore from "./explore/index.js";
export { Figure } from "./figures/figure.js";
export * as figures from "./figures/index.js";
export { type AdditiveAttentionOptions, additiveAttention } from "./layers/additive-attention.js";
export type { Attended, Looking } from "./layers/attend.js";
export { type DotProductAttentionOptions, dotProductAttention } from "./layers/dot-product-attention.js";
export { type EmbeddingOptions, embedding } from "./layers/embedding.js";
export { type FeedForwardOptions, feedForward } from "./layers/feed-forward.js";
export { type GatedLinearUnitOptions, gatedLinearUnit } from "./layers/gated-linear-unit.js";
export { type HighwayOptions, highway } from "./layers/highway.js";
export { linear } from "./layers/linear.js";
export { type MixtureOptions, mixtureOfExperts } from "./layers/mixture-of-experts.js";
export { type SelfAttended, type SelfAttentionOptions, selfAttention } from "./layers/self-attention.js";
export { cellPath } from "./measure/cell-path.js";
export { connectivity } from "./measure/connectivity.js";
export { correlation } from "./measure/correlation.js";
export { gateTraces } from "./measure/gate-traces.js";
export { checkGradients, numericGrad } from "./measure/gradcheck.js";
export { type GradientFlow, gradientFlow } from "./measure/gradient-flow.js";
export { jacobian } from "./measure/jacobian.js";
export { forgetGateAt, halfLife, stepsUntil } from "./measure/memory.js";
export { matchedHiddenSize, parameterCount } from "./measure/parameters.js";
export { quantile } from "./measure/quantile.js";
export { restPoints } from "./measure/rest-points.js";
export { saturation } from "./measure/saturation.js";
export { eigenvalues, largestSingularValue, singularValues, spectralRadius } from "./measure/spectrum.js";
export { successRate } from "./measure/success-rate.js";
export { check } from "./notebook/check/index.js";
export { liveFigure, markdown, progress, publish, quiz, show, svg, table } from "./notebook/index.js";
export { bidirectional } from "./sequence/bidirectional.js";
export { dropout } from "./sequence/dropout.js";
export type { NetRun, NetState, RunOptions, SequenceNet } from "./sequence/net.js";
export { type StackedOptions, stacked } from "./sequence/stacked.js";
export { type Stateful, stateful, windows } from "./sequence/stateful.js";
export { unroll } from "./sequence/unroll.js";
export { adding } from "./tasks/adding.js";
export { agreement } from "./tasks/agreement.js";
export {
  CharacterModel,
  type CharacterModelOptions,
  type CharacterStep,
  type WritingOptions,
} from "./tasks/character-model.js";
export { copying } from "./tasks/copying.js";
export { corpus } from "./tasks/corpus/index.js";
export { counting } from "./tasks/counting.js";
export { followsGrammar, type GrammarBatch, predictsLegal } from "./tasks/legal.js";
export { longLag } from "./tasks/long-lag.js";
export { multiplication } from "./tasks/multiplication.js";
export { type Ngrams, ngrams } from "./tasks/ngrams.js";
export { adding1997, multiplication1997 } from "./tasks/pairs1997.js";
export { parity, parityEachStep } from "./tasks/parity.js";
export { continualReber, embeddedReber } from "./tasks/reber.js";
export { recall } from "./tasks/recall.js";
export { sines } from "./tasks/sines.js";
export { type Batch, oneHot, type Task } from "./tasks/task.js";
export { temporalOrder } from "./tasks/temporal-order.js";
export { temporalXor } from "./tasks/temporal-xor.js";
export { characterText, type Vocabulary, vocabularyOf } from "./tasks/text.js";
export { readText, sourceText } from "./tasks/text-files.js";
export { twoSequences } from "./tasks/two-sequences.js";
export { full, tensor, zeros } from "./tensor/create.js";
export { glorot, identity, orthogonal, uniform } from "./tensor/init.js";
export { float32Kernels, useRelaxedSimd, useThreads } from "./tensor/kernels/simd/simd.js";
export {
  columns,
  concat,
  concatRows,
  exp,
  gatherRows,
  log,
  matmul,
  oneMinus,
  relu,
  rowSums,
  scaleRows,
  selectRows,
  sigmoid,
  softmax,
  tanh,
  transpose,
} from "./tensor/ops.js";
export { type Rng, seededRng } from "./tensor/rng.js";
export { noGrad, Tensor } from "./tensor/tensor.js";
export { clipByNorm, clipByValue, gradientNorm } from "./training/clip.js";
export { evaluate, type FitOptions, fit, type Progress, predict, predictSteps } from "./training/fit.js";
export { binaryCrossEntropy, crossEntropy, mse, perplexity } from "./training/losses.js";
export { adam, rmsprop, sgd } from "./training/optimizers.js";
export { readSafetensors, type SafeTensor, writeSafetensors } from "./training/safetensors.js";
export type { Schedule } from "./training/schedules.js";
export * as schedules from "./training/schedules.js";
export { loadWeights, saveWeights } from "./training/weights.js";
export { windowed } from "./training/windowed.js";
