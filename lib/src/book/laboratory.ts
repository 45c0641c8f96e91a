import type { Page } from "./page.js";

/** The page where the library trains and types in the reader's own browser. */
export function laboratoryPage({ typist, lesson12 }: { typist: boolean; lesson12: boolean }): Page {
  return {
    path: "laboratory.html",
    group: "Look up",
    title: "Laboratory: an LSTM that learns in this page",
    name: "Laboratory",
    description: "Retrain the adding problem in this page with a forget bias of your choice, without a server.",
    headings: [],
    html: `<h1>The laboratory</h1>
<p class="lead">The library of the lessons, at work in this page. No server, no network: your own machine trains.</p>
${adding}${typist ? typing : ""}${typist && lesson12 ? itsLesson : ""}${last}`,
  };
}

const slider = (name: string, words: string, [min, max, step, value]: readonly number[]): string =>
  `<label><span>${words}: <b></b></span><input type="range" name="${name}" min="${min}" max="${max}" step="${step}" value="${value}"></label>`;

const adding = `<div class="prose"><h2 id="adding">Train one: the adding problem</h2><p>Each sequence shows a random number at every step, and marks two of them. The answer, asked for after the last step, is the sum of the two. Who always answers 1 has a mean squared error of 1/6; a network that has learned to keep the marked numbers goes far below.</p>
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
`;

const typing = `<div class="prose"><h2 id="typing">Watch one type</h2>
<p>This LSTM of 96 units was trained on the library's own source, one character at a time, and never told what a word or a bracket is. Give it a beginning. At temperature 0 it takes the likeliest character every time; at 1 it draws from what it believes; above, it gets reckless.</p>
<p><em>Predict before you press: at which temperature does it close the brackets it opens? At which does it repeat itself?</em></p></div>
<section class="lab" data-typist hidden aria-label="Watch an LSTM type">
<form>
<div class="row"><label class="long"><span>Beginning</span><input name="start" value="export function " autocomplete="off" spellcheck="false"></label>${slider("temperature", "Temperature", [0, 1.5, 0.1, 0.6])}<label><span>Seed</span><input type="number" name="seed" min="1" max="99" value="1"></label></div>
<div class="row"><button class="button first" type="submit">Write</button><button class="button" type="button" name="pause" disabled>Pause</button></div>
</form>
<pre class="typed" tabindex="0" role="region" aria-label="What it typed"></pre>
</section>
`;

const itsLesson = `<div class="prose"><p><a href="lessons/12-language.html">Lesson 12</a> trains it and measures it, in bits per character.</p></div>
`;

const last = `<div class="prose"><h2 id="what-runs">What runs here</h2><p>An <code>LSTMCell</code> of 16 units, <code>compile</code>d to WebAssembly, trained by <code>fit</code> on 800 batches of 32 sequences, with Adam at a learning rate of 0.01 and gradients clipped at norm 1. It is the library of the lessons, running in a worker of this page. The same seed gives the same losses here and in Node, to the last bit; a test holds them together.</p>
<p><a href="lessons/08-forget-gate.html">Lesson 08</a> asks why the forget bias matters, with intervals over seeds. One run is an anecdote: move the seed before you believe a curve.</p></div>
<script src="assets/laboratory.js" defer></script>`;
