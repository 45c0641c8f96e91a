import { textWithCode } from "./bundle.js";
import { Output } from "./output.js";
import { contentKey, elementScript } from "./page-script.js";

export interface QuizOption {
  /** Plain text; `backticks` mark code. */
  readonly text: string;
  readonly correct?: boolean;
  /** Why this answer is right, or which wrong idea it comes from. */
  readonly why: string;
}

export interface QuizQuestion {
  readonly question: string;
  readonly options: readonly QuizOption[];
}

/**
 * Questions that answer at once, in the page, without a kernel. Where scripts do not run they read as a list whose
 * answers unfold.
 *
 * @throws RangeError if a question has not exactly one correct option
 */
export function quiz(questions: readonly QuizQuestion[]): Output {
  questions.forEach(({ question, options }) => {
    const correct = options.filter((option) => option.correct).length;
    if (correct !== 1) throw new RangeError(`quiz: "${question}" must have 1 correct option, got ${correct}`);
  });
  const key = contentKey(questions);
  const data = questions.map(({ question, options }) => ({
    question: textWithCode(question),
    options: options.map(({ text, correct = false, why }) => ({
      text: textWithCode(text),
      correct,
      why: textWithCode(why),
    })),
  }));
  const list = data.map(({ question, options }) => `<li>${question}${staticOptions(options)}</li>`).join("");
  const html = `<div data-unrolled="${key}" data-lm-suppress-shortcuts="true"><ol>${list}</ol></div>`;
  return new Output({
    "text/html": html + elementScript(key, { key, questions: data }, ASK),
    "text/plain": questions.map(asText).join("\n\n"),
  });
}

interface HtmlOption {
  readonly text: string;
  readonly correct: boolean;
  readonly why: string;
}

const letter = (index: number): string => String.fromCharCode(97 + index);

function staticOptions(options: readonly HtmlOption[]): string {
  const items = options.map(({ text }, index) => `<li>(${letter(index)}) ${text}</li>`).join("");
  const answers = options.map(({ correct, why }, index) => {
    return `<li>(${letter(index)}) ${correct ? "<strong>Right.</strong>" : "No."} ${why}</li>`;
  });
  return `<ul>${items}</ul><details><summary>Show the answers</summary><ul>${answers.join("")}</ul></details>`;
}

function asText({ question, options }: QuizQuestion, index: number): string {
  const lines = options.map(({ text }, at) => `   (${letter(at)}) ${text}`);
  return [`${index + 1}. ${question}`, ...lines].join("\n");
}

/** Radio buttons in fieldsets: arrow keys and screen readers work as everywhere. Colours come from the page. */
export const ASK = `
const part = (tag, html, styles) => Object.assign(document.createElement(tag), { innerHTML: html || '' }, styles && { style: styles });
const name = 'quiz-' + data.key + '-' + Math.random().toString(36).slice(2);
const score = part('p', '', 'margin: 0.5em 0');
score.setAttribute('role', 'status');
const right = new Set();
const fields = data.questions.map(({ question, options }, index) => {
  const field = part('fieldset', '', 'border: 1px solid rgba(128,128,128,0.5); border-radius: 4px; margin: 0 0 1em; padding: 0.5em 1em');
  field.append(part('legend', question, 'float: none; width: auto; border: 0; margin: 0; padding: 0 0.3em; color: inherit; font-size: inherit; font-weight: bold'));
  const feedback = part('p', '', 'margin: 0.5em 0 0; min-height: 1.5em; padding-left: 0.6em');
  feedback.setAttribute('role', 'status');
  options.forEach(({ text, correct, why }) => {
    const label = part('label', '', 'display: block; font-weight: normal; cursor: pointer; padding: 0.15em 0');
    const input = Object.assign(document.createElement('input'), { type: 'radio', name: name + '-' + index });
    input.style.margin = '0 0.5em 0 0';
    input.addEventListener('change', () => {
      feedback.innerHTML = (correct ? '<strong>✓ Right.</strong> ' : '<strong>✗ Not this one.</strong> ') + why;
      feedback.style.borderLeft = '4px solid ' + (correct ? '#2e9e5b' : '#d9534f');
      if (correct) right.add(index); else right.delete(index);
      score.textContent = right.size + ' of ' + data.questions.length + ' right';
    });
    label.append(input, part('span', text));
    field.append(label);
  });
  field.append(feedback);
  return field;
});
box.addEventListener('keydown', (event) => event.stopPropagation());
box.replaceChildren(...fields, score);
box.dataset.ready = 'quiz';`;
