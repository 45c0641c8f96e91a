import { createHash } from "node:crypto";

const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #59636e; --paper: #fff; --box: #f4f6f8; --line: #c3cad2; --bar: #0072b2; --on-bar: #fff; --good: #00694d; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --soft: #a3adb8; --paper: #15181c; --box: #20252b; --line: #3a424b; --bar: #56b4e9; --on-bar: #10202c; --good: #4cc9a0; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 75rem; margin: 0 auto; padding: 1rem; } h1 { font-size: 1.25rem; margin: 0; } h2 { font-size: 1rem; margin: 0 0 .4rem; }
.head { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between; border-bottom: 1px solid var(--line); padding-bottom: .7rem; }
.soft { color: var(--soft); } .two { display: grid; gap: 1.2rem; margin-top: 1rem; }
@media (min-width: 50rem) { .two { grid-template-columns: 3fr 2fr; } form { position: sticky; top: 1rem; align-self: start; } }
.answer { background: var(--box); border-radius: .3rem; padding: .8rem 1rem; white-space: pre-wrap; font-size: 1.05rem; max-width: 70ch; }
fieldset { border: 1px solid var(--line); border-radius: .3rem; margin: 0 0 .7rem; padding: .5rem .8rem .7rem; } legend { padding: 0 .3rem; }
label { display: block; } input, select, button { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: .3rem; padding: .35rem .5rem; }
input[type=number] { width: 6rem; margin: 0 .4rem; } input[type=text] { width: 100%; margin-top: .3rem; } select { max-width: 100%; }
button { background: var(--box); padding: .45rem .9rem; } button.main { background: var(--bar); color: var(--on-bar); border-color: var(--bar); font-weight: 600; }
.buttons { display: flex; flex-wrap: wrap; gap: .5rem; } .done { color: var(--good); } :focus-visible { outline: 3px solid var(--bar); outline-offset: 2px; }`;

/** Plain JavaScript for the page. Whatever a learner wrote goes in as text, never as HTML. */
const script = `
const token = (location.hash.match(/token=([\\w-]+)/) || [])[1] || sessionStorage.getItem('token') || '';
if (location.hash) { sessionStorage.setItem('token', token); history.replaceState(null, '', location.pathname); }
const $ = (id) => document.getElementById(id);
const make = (tag, text, attributes) => {
  const element = Object.assign(document.createElement(tag), attributes || {});
  if (text !== undefined) element.textContent = text;
  return element;
};
async function api(path, body) {
  const answer = await fetch(path, { method: body ? 'POST' : 'GET', body: body && JSON.stringify(body),
    headers: { authorization: 'Bearer ' + token, 'content-type': 'application/json' } });
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error);
  return value;
}
let exercises = [], place = { exercise: '', at: 0 }, item;
const say = (text, bad) => { $('status').textContent = text; $('status').className = bad ? '' : 'done'; };
const fail = (error) => say('Not saved: ' + error.message, true);

function field(line, k) {
  const box = make('fieldset');
  box.append(make('legend', line.name));
  const label = make('label', 'Points, of ' + line.points + ' ');
  const given = item.marks ? item.marks[k] : undefined;
  label.append(make('input', undefined, { type: 'number', min: 0, max: line.points, step: 'any', required: true, id: 'points' + k, value: given ? given.earned : '' }));
  const comment = make('input', undefined, { type: 'text', id: 'comment' + k, placeholder: 'Comment for the learner', dir: 'auto', value: given && given.comment || '' });
  comment.setAttribute('aria-label', 'Comment on: ' + line.name);
  const all = make('button', 'All', { type: 'button' });
  all.addEventListener('click', () => { $('points' + k).value = line.points; });
  label.append(' ', all);
  box.append(label, comment);
  return box;
}
function counts() {
  const here = exercises.find(({ exercise }) => exercise === place.exercise);
  $('count').textContent = here ? (place.at + 1) + ' of ' + here.count + ', ' + here.marked + ' marked' : '';
  for (const option of $('exercise').options) {
    const { exercise, title, count, marked } = exercises.find((entry) => entry.exercise === option.value);
    option.textContent = exercise + ' ' + title + ' (' + marked + '/' + count + ')';
  }
}
async function show(at) {
  const here = exercises.find(({ exercise }) => exercise === place.exercise);
  if (!here) return;
  place.at = Math.max(0, Math.min(here.count - 1, at));
  item = await api('/api/item?exercise=' + encodeURIComponent(place.exercise) + '&at=' + place.at);
  $('title').textContent = item.exercise + ' ' + item.title;
  $('learner').textContent = $('names').checked ? item.name || item.learner : 'Name hidden';
  $('answer').textContent = item.answer;
  $('earlier').textContent = item.earlier === undefined ? '' : 'This answer replaces one that had ' + item.earlier + ' points.';
  $('rubric').replaceChildren(...item.rubric.map(field));
  counts();
  const first = $('points0');
  if (first) first.focus();
}
async function save(event) {
  event.preventDefault();
  const earned = item.rubric.map((_, k) => $('points' + k).valueAsNumber);
  const comments = item.rubric.map((_, k) => $('comment' + k).value);
  const { marked } = await api('/api/mark', { exercise: place.exercise, at: place.at, answer: item.hash, earned, comments });
  exercises.find(({ exercise }) => exercise === place.exercise).marked = marked;
  say('Saved: ' + earned.reduce((sum, points) => sum + points, 0) + ' points.');
  const here = exercises.find(({ exercise }) => exercise === place.exercise);
  if (place.at + 1 < here.count) await show(place.at + 1);
  else { counts(); say('Saved. That was the last answer of this exercise.'); }
}
async function start() {
  exercises = await api('/api/queue');
  if (exercises.length === 0) { say('There is nothing to mark.'); return; }
  $('exercise').replaceChildren(...exercises.map(({ exercise }) => make('option', exercise, { value: exercise })));
  const open = exercises.find(({ count, marked }) => marked < count) || exercises[0];
  $('exercise').value = open.exercise;
  place = { exercise: open.exercise, at: 0 };
  $('work').hidden = false;
  await show(open.next);
}
$('exercise').addEventListener('change', () => {
  const here = exercises.find(({ exercise }) => exercise === $('exercise').value);
  place = { exercise: here.exercise, at: 0 };
  show(0).catch(fail);
});
$('names').addEventListener('change', () => show(place.at).catch(fail));
$('back').addEventListener('click', () => show(place.at - 1).catch(fail));
$('skip').addEventListener('click', () => show(place.at + 1).catch(fail));
$('form').addEventListener('submit', (event) => save(event).catch(fail));
start().catch((error) => say(error.message, true));`;

const hashed = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** What the page may do: its own script and style, requests to its own server, nothing else. */
export const markingPolicy = `default-src 'none'; script-src ${hashed(script)}; style-src ${hashed(style)}; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** The page holds no data; it asks for them with the token that its address brought. */
export const markingPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Marking</title>
<style>${style}</style>
</head>
<body>
<main>
<div class="head"><h1>Marking</h1>
<label>Exercise <select id="exercise"></select></label>
<label><input type="checkbox" id="names"> show names</label>
<span id="count" class="soft"></span></div>
<p id="status" role="status" aria-live="polite"></p>
<div id="work" class="two" hidden>
<section aria-labelledby="title"><h2 id="title"></h2><p class="soft"><bdi id="learner"></bdi> <span id="earlier"></span></p>
<div id="answer" class="answer" dir="auto"></div></section>
<form id="form"><h2>Rubric</h2><div id="rubric"></div>
<div class="buttons"><button class="main">Save and next</button><button type="button" id="back">Back</button><button type="button" id="skip">Skip</button></div></form>
</div>
</main>
<script>${script}</script>
</body>
</html>
`;
