import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parseCsv } from "../../lib/src/grader/export/csv.js";
import { classPage } from "../../lib/src/grader/report/class-page.js";
import {
  ClassSummary,
  commonSlips,
  hardestTests,
  quantile,
  tenths,
} from "../../lib/src/grader/report/class-summary.js";
import { feedbackPage } from "../../lib/src/grader/report/feedback.js";
import { writeReports } from "../../lib/src/grader/report/write-reports.js";
import { type GradeResult, resultText } from "../../lib/src/grader/result.js";
import {
  awkwardNames,
  ESCAPE,
  exercises,
  faulty,
  hiddenFailure,
  REVERSED,
  SCRIPT,
  SECRET,
  sample,
} from "./sample-results.js";

const folder = mkdtempSync(join(tmpdir(), "unrolled-reports-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pages: [string, string][] = [
  ["feedback", feedbackPage(sample({ name: SCRIPT, learner: REVERSED }))],
  ["feedback on what could not be graded", feedbackPage(faulty())],
  ["class report", classPage(summaryOf([sample({ learner: SCRIPT }), faulty(), sample({ learner: REVERSED })]))],
];

function summaryOf(results: readonly GradeResult[]): ClassSummary {
  const summary = new ClassSummary();
  for (const result of results) summary.add(result);
  return summary;
}

describe.each(pages)("%s page", (_name, html) => {
  test("learners' text is text: no element, no attribute, no terminal code, no reversal", () => {
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(html).not.toMatch(/<script|<img|onerror=a[^l]/);
    expect(html).not.toContain(ESCAPE);
    for (const mark of ["\u001b", "\u202e", "\u2066", "\uD800"]) expect(html).not.toContain(mark);
  });

  test("runs no script and loads nothing: a strict policy, one style of known hash, no style attributes", () => {
    expect(html).toMatch(
      /content="default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'"/,
    );
    expect(html).not.toMatch(/\sstyle=|\son\w+="|https?:|url\(/);
  });

  test("says nothing of what hidden tests saw", () => {
    expect(html).not.toContain(SECRET);
  });

  test("tags close in order", () => {
    const open: string[] = [];
    for (const [, close, tag, self] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*?(\/?)>/g)) {
      if (self || ["meta", "br"].includes(tag)) continue;
      if (close) expect(open.pop()).toBe(tag);
      else open.push(tag);
    }
    expect(open).toEqual([]);
  });
});

describe("feedbackPage", () => {
  test("shows for a visible test what was given, came and was expected; for a hidden one its title and points", () => {
    const html = feedbackPage(sample());
    for (const shown of [
      "lstmStep({ i: [0.1] }, [1])",
      "[0.055]",
      "[0.065]",
      "h opens on cPrev: use the new c",
      hiddenFailure.name,
    ])
      expect(html).toContain(shown);
    expect(html).toContain('<span class="score">5</span> of 16 points');
    expect(html).toContain("4 points will be given by a person");
  });

  test("says what lateness took off", () => {
    const html = feedbackPage(sample({ late: { days: 2, penalty: 1 } }));
    expect(html).toContain('<span class="score">4</span>');
    expect(html).toContain("5 earned, 1 taken off for 2 days late.");
  });

  test("shows marks with their comments", () => {
    const marks = [{ name: "says that c grows", points: 4, earned: 3, comment: `good ${SCRIPT}` }];
    const marked = { ...exercises[3], earned: 3, state: "failed" as const, marks };
    const html = feedbackPage(sample({ exercises: [marked] }));
    expect(html).toContain("says that c grows");
    expect(html).toContain("good &lt;script&gt;");
  });

  test("code that is right only on the inputs it has seen is told so", () => {
    const [first] = exercises[0].tests;
    const tests = [{ ...first, earned: 0, state: "failed" as const, failsOnOtherInputs: true }];
    expect(feedbackPage(sample({ exercises: [{ ...exercises[0], tests }] }))).toContain("wrong on others");
  });
});

describe("ClassSummary", () => {
  const learner = (looksLike: string | undefined, share: number): GradeResult => {
    const state = looksLike ? ("failed" as const) : ("passed" as const);
    const tests = [{ name: "t", visibility: "visible" as const, points: 10, earned: share, state, looksLike }];
    return sample({
      exercises: [{ ...exercises[1], state, tests, earned: share, points: 10 }],
      earned: share,
      points: 10,
    });
  };
  const summary = summaryOf([
    learner("i and f are swapped", 2),
    learner("i and f are swapped", 2),
    learner("the bias is missing", 5),
    learner(undefined, 10),
    sample({ exercises: [{ ...exercises[1], state: "not-started", tests: [] }], earned: 0, points: 10 }),
    faulty("grader"),
  ]);
  const count = summary.assignments.get("05-gates")!;

  test("what could not be graded is listed and counts in no mean", () => {
    expect(summary).toMatchObject({ submissions: 6, graded: 5 });
    expect(count.shares).toEqual([0.2, 0.2, 0.5, 1, 0]);
    expect(summary.ungradable).toHaveLength(1);
  });

  test("a test is as hard as few pass it, of those who started", () => {
    expect(hardestTests(count)).toMatchObject([{ name: "t", tried: 4, share: 0.25 }]);
  });

  test("slips are counted by what they look like, the most frequent first", () => {
    expect(commonSlips(count)).toMatchObject([
      { looksLike: "i and f are swapped", count: 2, share: 0.5 },
      { looksLike: "the bias is missing", count: 1, share: 0.25 },
    ]);
  });

  test("quantiles and tenths of numbers worked by hand", () => {
    expect([0, 0.25, 0.5, 1].map((at) => quantile([4, 1, 3, 2], at))).toEqual([1, 1.75, 2.5, 4]);
    expect(quantile([], 0.5)).toBeNaN();
    expect(tenths([0, 0.05, 0.1, 0.3, 0.999, 1])).toEqual([2, 1, 0, 1, 0, 0, 0, 0, 0, 2]);
  });
});

describe("writeReports", () => {
  const put = (name: string, result: GradeResult | string): void => {
    mkdirSync(join(folder, name, "05-gates"), { recursive: true });
    const text = typeof result === "string" ? result : resultText(result);
    writeFileSync(join(folder, name, "05-gates", "result.json"), text);
  };

  test("writes a page a learner, the class report and both CSV files; a broken result.json costs no one else", async () => {
    put("ada", sample());
    put("bob", faulty());
    put("eve", '{ "schema": 1, "learner": "eve"');
    for (const [k, name] of awkwardNames.entries()) put(`n${k}`, sample({ learner: `n${k}`, name }));
    const summary = await writeReports(folder);
    expect(summary).toMatchObject({ submissions: awkwardNames.length + 3, graded: awkwardNames.length + 1 });
    expect(readFileSync(join(folder, "ada/05-gates/feedback.html"), "utf8")).toContain("Lovelace");
    expect(readFileSync(join(folder, "class.html"), "utf8")).toContain("eve/05-gates/result.json");
    const gradebook = parseCsv(readFileSync(join(folder, "gradebook.csv"), "utf8"));
    expect(gradebook).toHaveLength(awkwardNames.length + 3);
    expect(gradebook.every((row) => row.length === 11)).toBe(true);
    expect(gradebook.find((row) => row[3] === "bob" || row[3] === "ada")).toBeDefined();
    const perExercise = parseCsv(readFileSync(join(folder, "exercises.csv"), "utf8"));
    expect(perExercise.filter((row) => row[0] === "ada").map((row) => [row[3], row[7]])).toEqual([
      ["05.1", "4"],
      ["05.3", "1"],
      ["05.4", "0"],
      ["05.5", "0"],
    ]);
  });

  test("late.json and extensions.csv beside the results are applied", async () => {
    writeFileSync(join(folder, "late.json"), '{ "due": "2026-10-05T12:00:00Z", "perDay": 0.2 }');
    writeFileSync(join(folder, "extensions.csv"), "learner,assignment,due\nn1,05-gates,2026-11-01T00:00:00Z\n");
    await writeReports(folder);
    const rows = parseCsv(readFileSync(join(folder, "gradebook.csv"), "utf8"));
    const of = (learner: string) => rows.find((row) => row[3] === learner)?.slice(7);
    expect(of("ada")).toEqual(["5", "1", "4", "16"]);
    expect(of("n1")).toEqual(["5", "0", "5", "16"]);
    writeFileSync(join(folder, "late.json"), "{}");
    await expect(writeReports(folder)).rejects.toThrow("late.json: due must be a time");
    rmSync(join(folder, "late.json"));
  });

  test("10,000 results: memory does not grow with the class", async () => {
    const summary = new ClassSummary();
    const big = { ...exercises[3], answer: "x".repeat(20_000) };
    const heap = (): number => {
      globalThis.gc?.();
      return process.memoryUsage().heapUsed;
    };
    const before = heap();
    for (let k = 0; k < 10_000; k++)
      summary.add(sample({ learner: `l${k}`, exercises: [...exercises, { ...big, answer: `${big.answer}${k}` }] }));
    expect(summary.graded).toBe(10_000);
    expect(heap() - before).toBeLessThan(40e6); // the answers alone are 200 MB
    expect(classPage(summary).length).toBeLessThan(200_000);
  });
});
