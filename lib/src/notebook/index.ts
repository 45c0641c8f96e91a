export { DISPLAY, type Displayable, escapeHtml, type MimeBundle } from "./bundle.js";
export { type FigureBundleOptions, figureBundle } from "./figure-bundle.js";
export { LiveFigure, type LiveFigureOptions, liveFigure } from "./live-figure.js";
export { Output } from "./output.js";
export { type ProgressLine, progress } from "./progress.js";
export { inKernel, type PublishOptions, publish } from "./publish.js";
export { type QuizOption, type QuizQuestion, quiz } from "./quiz.js";
export { bundleOf, markdown, show, svg } from "./show.js";
export { type TableCell, type TableOptions, type TableRow, table } from "./table.js";
