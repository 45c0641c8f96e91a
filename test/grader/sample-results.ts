import type { GradeResult, ResultExercise, ResultTest } from "../../lib/src/grader/result.js";

/** What no format and no page may ever contain: the inputs and numbers of hidden tests. */
export const SECRET = "SECRET-1234.5";
export const ESCAPE = "\u001b[31mred\u001b[0m";
export const SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>";
export const REVERSED = "\u202Edetrever";

export const visibleFailure: ResultTest = {
  name: "h reads the new cell state, not cPrev",
  visibility: "visible",
  points: 2,
  earned: 0,
  state: "failed",
  problem: "worst at [0]: got 0.055, expected 0.065",
  looksLike: "h opens on cPrev: use the new c",
  calls: [{ call: "lstmStep({ i: [0.1] }, [1])", answer: "{ h: [0.055], c: [1] }" }],
  got: "[0.055]",
  expected: "[0.065]",
};

export const hiddenFailure: ResultTest = {
  name: "the gates go through the sigmoid",
  visibility: "hidden",
  points: 1,
  earned: 0,
  state: "failed",
  problem: `worst at [0]: got ${SECRET}`,
  looksLike: `like ${SECRET}`,
  calls: [{ call: `lstmStep(${SECRET})`, answer: SECRET }],
  got: SECRET,
  expected: SECRET,
};

const hostile: ResultTest = {
  ...visibleFailure,
  name: "the state is carried from step to step",
  points: 1,
  problem: `lstm stopped with Error: ${SCRIPT}${ESCAPE}\n::notice::owned ##[set-output] ${REVERSED} \uD800`,
  looksLike: undefined,
  got: SCRIPT,
  calls: [{ call: `lstm("${SCRIPT}")`, answer: `"]]> & ${ESCAPE}"` }],
};

export const exercises: readonly ResultExercise[] = [
  {
    id: "05.1",
    title: "One update by hand",
    kind: "trace",
    state: "passed",
    earned: 4,
    points: 4,
    tests: [
      { name: "the forget gate scales", visibility: "visible", points: 4, earned: 4, state: "passed", calls: [] },
    ],
  },
  {
    id: "05.3",
    title: "One LSTM step",
    kind: "implement",
    state: "failed",
    earned: 1,
    points: 5,
    tests: [
      visibleFailure,
      hiddenFailure,
      hostile,
      { name: "a sigmoid squashes", visibility: "hidden", points: 1, earned: 1, state: "passed" },
    ],
  },
  {
    id: "05.4",
    title: "The whole cell",
    kind: "implement",
    state: "not-started",
    earned: 0,
    points: 3,
    tests: [{ name: "the state is carried", visibility: "visible", points: 3, earned: 0, state: "not-started" }],
  },
  {
    id: "05.5",
    title: "Why a forget gate?",
    kind: "explain",
    state: "to-mark",
    earned: 0,
    points: 4,
    tests: [],
    answer: `Because ${SCRIPT} the cell state would grow without end.\n\n**Second paragraph.** ${REVERSED}`,
  },
];

/** A result in which everything happens at once. */
export const sample = (changes: Partial<GradeResult> = {}): GradeResult => ({
  schema: 1,
  learner: "ada",
  name: "Lovelace, Ada",
  assignment: "05-gates",
  submission: { file: "05-gates.ipynb", sha256: "ab".repeat(32), bytes: 12345, receivedAt: "2026-10-05T20:00:00Z" },
  gradable: true,
  key: "cd".repeat(32),
  tier: "strict",
  graderVersion: "0.1.0",
  packHash: "ef".repeat(32),
  lockHash: "01".repeat(32),
  hiddenSeedHash: "23".repeat(32),
  flags: [{ code: "duplicate-cell", message: `cell ex-05-3-answer is there twice ${SCRIPT}${ESCAPE}` }],
  exercises,
  earned: 5,
  points: 16,
  seconds: 1.234,
  ...changes,
});

/** One that could not be graded. */
export const faulty = (by: "grader" | "submission" = "submission"): GradeResult =>
  sample({
    gradable: false,
    fault: { by, message: `not a notebook: ${SCRIPT} /secret/path` },
    exercises: [],
    earned: 0,
  });

/** Names that CSV files, spreadsheets and web pages get wrong. */
export const awkwardNames = [
  "O'Neil, Shaquille",
  'Robert "Bobby" Tables',
  '=cmd|" /C calc"!A0',
  "=1+1",
  "+44 20",
  "-ada",
  "@SUM(1)",
  "'=quoted already",
  "\t=tab",
  "＝wide",
  "Zoë 🎓👩‍💻",
  "\u200Fمريم\u200F",
  "line\nbreak",
  "carriage\rreturn",
  " spaces ",
  '"',
  "",
  "a,b;c\td",
  "<b>bold</b>",
];
