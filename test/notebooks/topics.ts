/** A topic of a source document, the cell that teaches it, and words that must stand in that cell. */
export interface Topic {
  /** The document: S0 "Understanding LSTM networks" deep dive, S1 a book's chapter 12, S2 "Paper 04", S3 "Where to start?" */
  readonly source: "S0" | "S1" | "S2" | "S3";
  readonly topic: string;
  /** `notebook/cell id`, without the extension. */
  readonly cell: string;
  readonly says: RegExp;
}

const of =
  (source: Topic["source"]) =>
  (topic: string, cell: string, says: RegExp): Topic => ({ source, topic, cell, says });
const [s0, s1, s2, s3] = (["S0", "S1", "S2", "S3"] as const).map(of);

/** What the four documents speak of, in their order, and where the course teaches it. */
export const topics: readonly Topic[] = [
  s0("Olah's post of 2015 and Karpathy's: what recurrent networks do, and how", "00-start-here/history", /Olah/),
  s0("Sutskever's reading list", "00-start-here/the-list", /Sutskever/),
  s0("why pictures explain better than notation", "00-start-here/olah", /one part highlighted/),
  s0("his later work on interpretability", "00-start-here/olah-later", /interpretability/),
  s0("invented in 1997", "00-start-here/history", /1997/),
  s0("plain networks lose the gradient exponentially", "02-vanishing-gradients/measure-read", /exponential decay/),
  s0("after 10 to 20 steps", "02-vanishing-gradients/radius-read", /10 to 20 steps/),
  s0("I grew up in France", "02-vanishing-gradients/france", /France/),
  s0("France, as a curve: recall against the gap", "02-vanishing-gradients/recall-read", /bias 3.*GRU.*RNN/s),
  s0("the conveyor belt", "04-cell-state/belt", /conveyor belt/),
  s0("flowing unchanged, or modified by gates", "04-cell-state/metaphors", /untouched, unless a gate acts/),
  s0("gradients flow back without shrinking", "04-cell-state/flow-read", /without shrinking/),
  s0("from step 1 to step 100", "02-vanishing-gradients/gated-read", /99 steps/),
  s0("gates give values between 0 and 1", "05-gates/picture-words", /between 0 and 1/),
  s0("forget gate: the old subject's gender", "05-gates/forget", /new subject arrives/),
  s0("input gate: which values to update", "05-gates/input", /how much of the proposal is written/),
  s0("input gate: the candidates, by tanh", "05-gates/candidate", /hence tanh/),
  s0("output gate: not all that is stored is relevant", "05-gates/output", /share of the memory that leaves/),
  s0("the six equations", "05-gates/picture-words", /h_t &= o_t \\odot \\tanh\(c_t\)/),
  s0("the candidate equation that lost its symbol", "05-gates/candidate", /lost a symbol/),

  s1("what such networks can do, and how they work", "00-start-here/history", /shows what.*how they work/s),
  s1("plain networks forget, LSTMs remember hundreds of steps", "07-benchmarks/longer-read", /hundreds of steps/),
  s1("the short gap: clouds in the sky", "01-vanilla-rnn/gap", /clouds/),
  s1("the long gap: France, French", "01-vanilla-rnn/gap", /France/),
  s1("dh_T/dh_0 as a product of W", "02-vanishing-gradients/product", /slopes are missing/),
  s1("norm of W below 1, above 1", "02-vanishing-gradients/loud-read", /necessary.*sufficient/s),
  s1("the cell state runs through with linear interactions only", "04-cell-state/belt", /there is only a plus/),
  s1("additive updates, not multiplicative", "04-cell-state/updates-read", /plus is not the dividing line/),
  s1("forget gate: from a cat to dogs", "05-gates/sentence", /number.*singular.*plural/s),
  s1("concatenating h and x", "05-gates/concat", /glued end to end/),
  s1("input gate: which values, and which new ones", "05-gates/input-read", /erases exactly where it writes/),
  s1("cell update: forget old, add new", "05-gates/candidate", /c_t = f_t \\odot c_\{t-1\} \+ i_t \\odot g_t/),
  s1("output gate and hidden state", "05-gates/output", /h_t = o_t \\odot \\tanh\(c_t\)/),
  s1("the complete cell", "05-gates/picture-figure", /lstmCell/),
  s1("a table of the gates", "05-gates/summary", /Forget:.*Input:.*Candidate:.*Output:/s),
  s1("the gradient highway", "06-gradient-highway/path-read", /highway/),
  s1("with f near 1 gradients flow", "02-vanishing-gradients/gates", /no weight matrix, no tanh/i),
  s1("product of f against product of W", "06-gradient-highway/additive", /additive/i),
  s1("h = tanh(W h), without input and bias", "06-gradient-highway/additive", /\\tanh\(x_t W_x \+ h_\{t-1\} W_h\)/),
  s1("exercise 1: explain why additive updates help", "06-gradient-highway/ladder-read", /in your own words/),
  s1("exercise 2: f = 0.9, i = 0.3", "05-gates/next", /0\.9.*0\.3/s),
  s1("exercise 3: a cell from scratch, equal to PyTorch's", "05-gates/torch-read", /PyTorch/),
  s1("exercise 4: RNN against LSTM on the adding problem", "07-benchmarks/long", /2,000 batches/),
  s1("all equations once more", "05-gates/summary", /h_t = o \\odot \\tanh\(c_t\)/),
  s1("solving vanishing gradients by gates", "06-gradient-highway/explode-read", /offers/),

  s2("the gradient dies on its way back through time", "01-vanilla-rnn/why-read", /vanishing gradient/),
  s2("only three or four steps", "02-vanishing-gradients/radius-read", /three or four/),
  s2("a protected memory line", "04-cell-state/metaphors", /Protected memory line/),
  s2("what to erase, write, read: a notebook", "04-cell-state/metaphors", /notebook/),
  s2("Google Translate, Siri, 2000 to 2017", "00-start-here/slips", /Google Translate.*Siri.*2000 to 2017/s),
  s2("the journey in one line", "00-start-here/history", /In one line/),
  s2("forgetting in pictures", "02-vanishing-gradients/hero", /gradientWidths/),
  s2("XOR", "03-xor-echo/xor", /XOR/),
  s2("XOR foreshadowed the failure on sequences", "03-xor-echo/foreshadow", /foreshadowed/),
  s2("three gates, and who added the forget gate", "04-cell-state/forget-read", /2000/),
  s2("one step worked with numbers", "05-gates/hand", /Six numbers come in/),
  s2("a cell of 25 lines", "05-gates/hand-cell", /function lstmStep/),
  s2("1997, and the years before", "00-start-here/history", /1991.*1994.*1997/s),
  s2("a glossary", "00-start-here/glossary", /Glossary/),
  s2("a quiz of five questions", "05-gates/quiz", /quiz\(/),

  s3("stateless and stateful", "00-start-here/past", /stateless.*stateful/s),
  s3("the self-loop", "01-vanilla-rnn/loop", /One wire|one wire/),
  s3("where recurrence helps, and where not", "00-start-here/needs-read", /photograph/),
  s3("sequences of any length", "00-start-here/any-length", /different lengths/),
  s3("backpropagation through time is backpropagation", "01-vanilla-rnn/ordinary-read", /\*is\* backpropagation/),
  s3("a weight matrix and tanh", "01-vanilla-rnn/cell-equation", /\\tanh\(a_t\)/),
  s3("tanh and negative weights", "01-vanilla-rnn/negative-read", /negative under any squashing/),
  s3("why not the logistic function", "01-vanilla-rnn/slopes-read", /saturated/),
  s3("exploding gradients and clipping", "02-vanishing-gradients/clip", /Clipping by norm/i),
  s3("regularisation beside clipping", "02-vanishing-gradients/regularise-read", /Weight decay.*orthogonal penalty/s),
  s3("vanishing is harder", "02-vanishing-gradients/gates", /nothing can be done/),
  s3("stacked layers", "02-vanishing-gradients/depth", /depth in time/),
  s3("fewer multiplications", "06-gradient-highway/chains-read", /not fewer multiplications/),
  s3("the highway", "04-cell-state/metaphors", /highway/),
  s3("the output gate and the current cell state", "05-gates/output-read", /current cell state/),
  s3("the state is reset, the gates are not", "05-gates/activations-read", /activations/),
  s3("vectors, not scalars", "00-start-here/vectors-not-scalars", /Vectors, not scalars/),
  s3("the unrolled representation", "01-vanilla-rnn/unrolled", /unrolled/),
  s3("are layer copies removed?", "01-vanilla-rnn/ordinary-read", /copies/),
  s3("what to read and to watch", "00-start-here/course-map", /Johnson.*lecture/),
  s3("the forget gate matters most", "08-forget-gate/matters", /most important component in most tasks/),
  s3("a large forget bias", "02-vanishing-gradients/gated-read", /bias 5/),
  s3("a large forget bias greatly improves", "08-forget-gate/reported", /Greatly improves/),
  s3("the cell state is reset before a new sequence", "08-forget-gate/reset", /By whom is it reset/),
  s3("when does Keras reset the state", "08-forget-gate/reset", /reset_states\(\)/),
];
