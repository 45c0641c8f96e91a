import { faultText, forLearner, notes, otherInputs, roundPoints } from "../export/learner-view.js";
import type { GradeResult, Mark, ResultExercise, ResultTest } from "../result.js";
import { counted, nameHtml, pageHtml, pointsHtml, safe } from "./page.js";

const states: Record<ResultExercise["state"], string> = {
  passed: '<span class="state good">✓ passed</span>',
  failed: '<span class="state bad">✗ not yet</span>',
  "not-started": '<span class="state soft">○ not started</span>',
  "to-mark": '<span class="state soft">○ a person will mark this</span>',
};
const testStates: Record<ResultTest["state"], string> = {
  ...states,
  failed: '<span class="state bad">✗ failed</span>',
};

const pair = (term: string, text: string | undefined): string =>
  text === undefined ? "" : `<dt>${term}</dt><dd><pre dir="auto">${safe(text)}</pre></dd>`;

/** What was given, what came and what was expected, for the call that failed. */
function numbers({ calls = [], got, expected }: ResultTest): string {
  const last = calls.at(-1);
  const came = got ?? last?.answer;
  const pairs = [pair("Given", last?.call), pair("Came", came), pair("Expected", expected)].join("");
  return pairs && `<dl>${pairs}</dl>`;
}

function reasons(test: ResultTest): string {
  if (test.failsOnOtherInputs) return `<p>${otherInputs}</p>`;
  if (test.state !== "failed" || test.visibility === "hidden") return "";
  const looks = test.looksLike && `<p><strong>It looks like this:</strong> ${safe(test.looksLike)}</p>`;
  const problem = test.problem && `<p dir="auto">${safe(test.problem)}</p>`;
  return [looks, problem, numbers(test)].filter(Boolean).join("\n");
}

function testItem(test: ResultTest): string {
  const hidden = test.visibility === "hidden" ? ' <span class="soft small">(its inputs are secret)</span>' : "";
  return `<li><div class="head"><span>${testStates[test.state]} ${safe(test.name)}${hidden}</span>${pointsHtml(test.earned, test.points)}</div>
${reasons(test)}</li>`;
}

const markItem = ({ name, earned, points, comment }: Mark): string =>
  `<li><div class="head"><span>${safe(name)}</span>${pointsHtml(earned, points)}</div>${comment ? `<p dir="auto">${safe(comment)}</p>` : ""}</li>`;

function exerciseSection(exercise: ResultExercise): string {
  const { id, title, state, earned, points, tests, answer, marks = [] } = exercise;
  const written =
    answer === undefined ? "" : `<h3>What you wrote</h3><div class="answer" dir="auto">${safe(answer)}</div>`;
  const marked = marks.length > 0 ? `<h3>Marks</h3><ul class="tests">${marks.map(markItem).join("\n")}</ul>` : "";
  const started = tests.length > 0 && state !== "not-started";
  return `<section>
<div class="head"><h2>${safe(`${id} ${title}`)}</h2><span>${states[state]} · ${pointsHtml(earned, points)}</span></div>
${started ? `<ul class="tests">${tests.map(testItem).join("\n")}</ul>` : ""}${written}${marked}
</section>`;
}

function scoreLine({ earned, points, late, exercises }: GradeResult): string {
  const final = roundPoints(earned - (late?.penalty ?? 0));
  const waiting = exercises.filter(({ state }) => state === "to-mark");
  const open = waiting.reduce((sum, exercise) => sum + exercise.points, 0);
  const lines = [
    late && late.penalty > 0
      ? `${roundPoints(earned)} earned, ${roundPoints(late.penalty)} taken off for ${counted(late.days, "day")} late.`
      : undefined,
    open > 0 ? `${counted(open, "point")} will be given by a person.` : undefined,
  ];
  return `<p><span class="score">${final}</span> of ${counted(points, "point")}</p>
${lines.map((line) => (line ? `<p>${line}</p>` : "")).join("")}`;
}

function footer({ submission, tier, graderVersion }: GradeResult): string {
  const received = submission.receivedAt ? `, received ${safe(submission.receivedAt)}` : "";
  return `<section class="small soft"><p>Graded: ${nameHtml(submission.file)}, ${submission.bytes} bytes, sha256 ${safe(submission.sha256.slice(0, 12))}${received}. Grader ${safe(graderVersion)}, ${safe(tier)} sandbox.</p></section>`;
}

/** The page that one learner gets: each test with what was given, came and was expected; of hidden ones only the title. */
export function feedbackPage(result: GradeResult): string {
  const shown = forLearner(result);
  const flags = notes(shown).map((note) => `<p class="note" dir="auto">${safe(note)}</p>`);
  const verdict = shown.gradable
    ? scoreLine(shown)
    : `<p class="note"><strong>This could not be graded.</strong> ${safe(faultText(shown))} It is not a zero: a person will look at it.</p>`;
  const body = [
    `<p class="soft">${nameHtml(shown.name ?? shown.learner)}</p>`,
    `<h1>${safe(shown.assignment)}</h1>`,
    verdict,
    ...flags,
    ...shown.exercises.map(exerciseSection),
    footer(shown),
  ];
  return pageHtml({ title: `${shown.assignment}: ${shown.name ?? shown.learner}`, body: body.join("\n") });
}
