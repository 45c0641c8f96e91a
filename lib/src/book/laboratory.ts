import type { Page } from "./page.js";

/** The page where the library trains and types in the reader's own browser. */
export function laboratoryPage(): Page {
  return {
    path: "laboratory.html",
    group: "Look up",
    title: "Laboratory: train an LSTM in this page",
    name: "Laboratory",
    description: "Retrain the adding problem in this page with a forget bias of your choice, without a server.",
    headings: [],
    html: `<h1>Train an LSTM in this page</h1>
<p class="lead">The adding problem, trained here and now by the same library that the lessons use. Choose how willingly the cell remembers before it has learned anything, and see what that costs or buys.</p>
${body}`,
  };
}

const slider = (name: string, words: string, [min, max, step, value]: readonly number[]): string =>
  `<label><span>${words}: <output></output></span><input type="range" name="${name}" min="${min}" max="${max}" step="${step}" value="${value}"></label>`;

const body = `<div class="prose"><p>Each sequence shows a random number at every step, and marks two of them. The answer, asked for after the last step, is the sum of the two. Who always answers 1 has a mean squared error of 1/6; a network that has learned to keep the marked numbers goes far below.</p>
<p><em>Predict before you train: does a forget bias of 5 learn faster than 0 when the sequences are 60 steps long? And when they are 10 steps long?</em></p>
<noscript><p>This page trains a network with a script, and scripts are off. <a href="lessons/08-forget-gate.html">Lesson 08</a> shows what was measured.</p></noscript></div>
<section class="lab" data-laboratory hidden aria-label="Train an LSTM">
<form>
<div class="row">${slider("forgetBias", "Forget bias", [-2, 8, 0.5, 1])}${slider("seqLen", "Length T", [10, 100, 10, 40])}${slider("seed", "Seed", [1, 9, 1, 1])}</div>
<div class="row"><button class="button first" type="submit">Train</button><button class="button" type="button" name="stop" disabled>Stop</button><button class="button" type="button" name="clear">Clear</button></div>
</form>
<p role="status">Nothing has been trained yet.</p>
<div class="chart"></div>
</section>
<div class="prose"><h2 id="what-runs">What runs here</h2><p>An <code>LSTMCell</code> of 16 units, <code>compile</code>d to WebAssembly, trained by <code>fit</code> with Adam at a learning rate of 0.01 and gradients clipped at norm 1, 800 batches of 32 sequences. It is the library of the lessons, running in a worker of this page. The same seed gives the same losses here and in Node, to the last bit; a test holds them together.</p>
<p><a href="lessons/08-forget-gate.html">Lesson 08</a> asks why the forget bias matters, with intervals over seeds. One run is an anecdote: move the seed before you believe a curve.</p></div>
<script src="assets/laboratory.js" defer></script>`;
