import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { Exercise } from "../../lib/src/exercise/pack.js";
import { answerHash, MarkBook } from "../../lib/src/grader/marking/mark-book.js";
import { entryFor, markingQueue } from "../../lib/src/grader/marking/queue.js";
import { type MarkingServer, serveMarking } from "../../lib/src/grader/marking/server.js";
import { markInTerminal, readAnswer } from "../../lib/src/grader/marking/terminal.js";
import type { GradeResult } from "../../lib/src/grader/result.js";
import { exercises, sample } from "./sample-results.js";

const folder = mkdtempSync(join(tmpdir(), "unrolled-marks-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let file = "";
let count = 0;
beforeEach(() => {
  file = join(folder, `marks-${count++}.jsonl`);
});

const rubric = [
  { name: "says that the cell state would grow", points: 3 },
  { name: "names the forget gate's part", points: 1 },
];
const pack = [{ id: "05.5", rubric }] as unknown as Exercise[];
const answering = (learner: string, answer: string, id = "05.5"): GradeResult =>
  sample({
    learner,
    name: `Name of ${learner}`,
    exercises: [exercises[0], { ...exercises[3], id, answer }],
    earned: 4,
    points: 8,
  });
const queueOf = (results: GradeResult[], book: MarkBook) => markingQueue(results, pack, book);

describe("markingQueue", () => {
  test("goes exercise by exercise over all learners, rubric beside each answer", async () => {
    const book = new MarkBook(file);
    const results = ["ada", "bob", "eve"].flatMap((learner) => [
      answering(learner, `${learner} on 05.5`),
      answering(learner, `${learner} on 05.6`, "05.6"),
    ]);
    const queue = await queueOf(results, book);
    expect(queue.map(({ exercise }) => exercise)).toEqual(["05.5", "05.5", "05.5", "05.6", "05.6", "05.6"]);
    expect(queue[0].rubric).toEqual(rubric);
    expect(queue[3].rubric).toEqual([{ name: "Why a forget gate?", points: 4 }]); // a pack without a rubric: all or part of it
    expect((await queueOf([...results].reverse(), book)).map(({ learner }) => learner)).toEqual(
      queue.map(({ learner }) => learner),
    );
  });

  test("an exercise that is not started, or that tests grade, is not in it", async () => {
    const stub = { ...exercises[3], state: "not-started" as const };
    expect(await queueOf([sample({ exercises: [stub, exercises[0]] })], new MarkBook(file))).toEqual([]);
  });
});

describe("MarkBook", () => {
  const mark = async (result: GradeResult, earned: number[], by = file) => {
    const book = new MarkBook(by);
    const [item] = await queueOf([result], book);
    book.add(entryFor(item, earned, ["well put", ""], "ta"));
    return book;
  };

  test("marks are added to what the tests gave", async () => {
    const book = await mark(answering("ada", "Because."), [2, 1]);
    const merged = book.merged(answering("ada", "Because."));
    expect(merged.earned).toBe(7);
    expect(merged.exercises[1]).toMatchObject({
      state: "failed",
      earned: 3,
      marks: [
        { name: rubric[0].name, points: 3, earned: 2, comment: "well put" },
        { name: rubric[1].name, points: 1, earned: 1 },
      ],
    });
    expect(
      (await mark(answering("ada", "Because."), [3, 1])).merged(answering("ada", "Because.")).exercises[1].state,
    ).toBe("passed");
  });

  test("a regrade does not lose them: a fresh result of the same answer gets them again", async () => {
    await mark(answering("ada", "Because."), [2, 1]);
    const regraded = { ...answering("ada", "Because."), key: "another", seconds: 9, graderVersion: "0.2.0" };
    expect(new MarkBook(file).merged(regraded).earned).toBe(7);
  });

  test("another answer is to be marked anew, and shows what the earlier one had", async () => {
    const book = await mark(answering("ada", "Because."), [2, 1]);
    const changed = answering("ada", "Because it leaks.");
    expect(book.merged(changed).exercises[1].state).toBe("to-mark");
    const [item] = await queueOf([changed], book);
    expect(item.marked).toBeUndefined();
    expect(item.earlier?.marks[0].earned).toBe(2);
    expect(book.merged(answering("ada", "Because.")).earned).toBe(7); // back to the first answer: its marks are still there
  });

  test("marks of one learner, exercise or assignment touch no other", async () => {
    const book = await mark(answering("ada", "Because."), [2, 1]);
    for (const other of [
      answering("bob", "Because."),
      answering("ada", "Because.", "05.6"),
      { ...answering("ada", "Because."), assignment: "06-flow" },
    ])
      expect(book.merged(other).exercises[1].state).toBe("to-mark");
  });

  test("the last mark holds, and the file keeps all", async () => {
    await mark(answering("ada", "Because."), [0, 0]);
    await mark(answering("ada", "Because."), [3, 1]);
    expect(new MarkBook(file).merged(answering("ada", "Because.")).earned).toBe(8);
    expect(readFileSync(file, "utf8").trim().split("\n")).toHaveLength(2);
  });

  test("a line cut short by a kill costs itself only, also when marking goes on", async () => {
    await mark(answering("ada", "Because."), [2, 1]);
    appendFileSync(file, '{"assignment":"05-gates","exer');
    expect(new MarkBook(file).cutShort).toBe(true);
    await mark(answering("bob", "So."), [1, 1]);
    const book = new MarkBook(file);
    expect([book.merged(answering("ada", "Because.")).earned, book.merged(answering("bob", "So.")).earned]).toEqual([
      7, 6,
    ]);
  });

  test("a result without marks, and one that could not be graded, stay as they are", () => {
    const result = answering("ada", "Because.");
    expect(new MarkBook(file).merged(result)).toEqual(result);
  });

  test.each([
    [{ earned: 4 }, "must have 0 to 3 points, got 4"],
    [{ earned: -1 }, "must have 0 to 3 points, got -1"],
    [{ earned: Number.NaN }, "must have 0 to 3 points, got null"],
    [{ earned: "3" }, 'must have 0 to 3 points, got "3"'],
  ])("%j is refused, and nothing is written", async (changes, message) => {
    const book = new MarkBook(file);
    const [item] = await queueOf([answering("ada", "Because.")], book);
    const entry = entryFor(item, [3, 1], []);
    const marks = [{ ...entry.marks[0], ...changes }, entry.marks[1]] as never;
    expect(() => book.add({ ...entry, marks })).toThrow(message);
    expect(new MarkBook(file).find(item, item.answer)).toBeUndefined();
  });

  test("a forged line is refused with its number", () => {
    writeFileSync(file, '{"assignment":1}\n');
    expect(() => new MarkBook(file)).toThrow("line 1: assignment must be a text");
  });
});

describe("markInTerminal", () => {
  const run = async (typed: string, learners = ["ada", "bob"]) => {
    const book = new MarkBook(file);
    let output = "";
    const sink = new Writable({
      write: (chunk, _encoding, done) => {
        output += chunk;
        done();
      },
    });
    const queue = await queueOf(
      learners.map((learner) => answering(learner, `Because \u001b[31m of ${learner}.`)),
      book,
    );
    const marked = await markInTerminal(queue, book, { input: Readable.from([typed]), output: sink, by: "ta" });
    return { marked, output, book, queue };
  };

  test("points and comments, Enter for all points", async () => {
    const { marked, book, queue } = await run("1.5 too short\n\n\n\n");
    expect(marked).toBe(2);
    const entries = queue.map((item) => book.find(item, item.answer));
    expect(entries.map((entry) => entry?.marks.map(({ earned, comment }) => [earned, comment]))).toEqual([
      [
        [1.5, "too short"],
        [1, undefined],
      ],
      [
        [3, undefined],
        [1, undefined],
      ],
    ]);
    expect(entries[0]?.by).toBe("ta");
  });

  test("s skips, q ends, and the end of the input ends; half an answer is not saved", async () => {
    expect((await run("1\ns\n3\n1\n")).marked).toBe(1);
    expect((await run("q\n")).marked).toBe(0);
    expect((await run("1\n")).marked).toBe(0);
  });

  test("points out of range are asked for again; terminal codes of the learner do not pass", async () => {
    const { marked, output } = await run("7\n3\n1\nq\n");
    expect(marked).toBe(1);
    expect(output).toContain("That must be 0 to 3, got 7");
    expect(output).not.toContain("\u001b");
  });

  test.each([
    ["", { earned: 3, comment: "" }],
    ["2", { earned: 2, comment: "" }],
    ["0,5 ok", { earned: 0.5, comment: "ok" }],
    [" good", { earned: 3, comment: "good" }],
    ["4", undefined],
    ["1.2.3", undefined],
  ])("readAnswer: %j of 3", (line, read) => {
    expect(readAnswer(line, 3)).toEqual(read);
  });
});

describe("serveMarking", () => {
  let server: MarkingServer;
  let book: MarkBook;
  const reply = (path: string, options: { headers?: Record<string, string>; body?: string; method?: string } = {}) =>
    new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; text: string }>((resolve, reject) => {
      const { headers, body, method = body === undefined ? "GET" : "POST" } = options;
      const sent = request(new URL(path, server.url), { method, headers }, (answer) => {
        let text = "";
        answer.on("data", (part) => {
          text += part;
        });
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
      });
      sent.on("error", reject);
      sent.end(body);
    });
  const token = () => ({ authorization: `Bearer ${server.url.split("token=")[1]}` });
  const json = () => ({ ...token(), "content-type": "application/json" });
  const answers = ["Because of ada.", "Because of bob."];
  const start = async () => {
    book = new MarkBook(file);
    const queue = await queueOf([answering("ada", answers[0]), answering("bob", answers[1])], book);
    server = await serveMarking(queue, book, { by: "ta" });
    return queue;
  };
  afterAll(() => server?.close());
  beforeEach(async () => {
    await server?.close();
  });

  test("listens on 127.0.0.1 only; the token is in the fragment", async () => {
    await start();
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{32}$/);
  });

  test("the page holds no data and may run only its own script", async () => {
    await start();
    const { status, headers, text } = await reply("/");
    expect(status).toBe(200);
    expect(text).not.toContain("Because");
    expect(headers["content-security-policy"]).toMatch(
      /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["cache-control"]).toBe("no-store");
    expect(text).not.toMatch(/innerHTML|insertAdjacentHTML|document\.write|eval\(/);
  });

  test.each(["/api/queue", "/api/item?exercise=05.5&at=0"])("%s needs the token", async (path) => {
    await start();
    expect((await reply(path)).status).toBe(401);
    expect((await reply(path, { headers: { authorization: "Bearer " } })).status).toBe(401);
    expect((await reply(path, { headers: token() })).status).toBe(200);
  });

  test("another host name is refused, as DNS rebinding would send it; so is another site's origin", async () => {
    await start();
    expect((await reply("/", { headers: { host: "evil.example" } })).status).toBe(421);
    expect((await reply("/api/queue", { headers: { ...token(), host: "evil.example:80" } })).status).toBe(421);
    expect((await reply("/api/queue", { headers: { ...token(), origin: "https://evil.example" } })).status).toBe(403);
  });

  test("saves marks and counts them", async () => {
    const [item] = await start();
    const body = { exercise: "05.5", at: 0, answer: answerHash(item.answer), earned: [2, 0.5], comments: ["", "why?"] };
    const { status, text } = await reply("/api/mark", { headers: json(), body: JSON.stringify(body) });
    expect([status, text]).toEqual([200, '{"marked":1}']);
    expect(new MarkBook(file).find(item, item.answer)?.marks.map(({ earned }) => earned)).toEqual([2, 0.5]);
    const [overview] = JSON.parse((await reply("/api/queue", { headers: token() })).text);
    expect(overview).toMatchObject({ exercise: "05.5", count: 2, marked: 1, next: 1 });
  });

  test.each([
    ["points out of range", { earned: [9, 0] }, 400],
    ["too few points", { earned: [1] }, 400],
    ["points that are no numbers", { earned: ["1", {}] }, 400],
    ["an answer that is not there", { at: 7 }, 404],
    ["an answer that has changed", { answer: "other" }, 409],
    ["a list that is none", { earned: "11" }, 400],
  ])("%s: refused, and nothing is written", async (_what, changes, expected) => {
    const [item] = await start();
    const body = { exercise: "05.5", at: 0, answer: answerHash(item.answer), earned: [1, 1], comments: [], ...changes };
    expect((await reply("/api/mark", { headers: json(), body: JSON.stringify(body) })).status).toBe(expected);
    expect(book.find(item, item.answer)).toBeUndefined();
  });

  test.each([
    ["no JSON", "{", 400, {}],
    ["no object", "1", 400, {}],
    ["a form, as another site could send one", "a=b", 415, { "content-type": "text/plain" }],
    ["a huge body", `"${"x".repeat(100_000)}"`, 413, {}],
  ])("%s: refused", async (_what, body, expected, headers) => {
    await start();
    expect((await reply("/api/mark", { headers: { ...json(), ...headers }, body })).status).toBe(expected);
  });

  test("anything else is not there", async () => {
    await start();
    expect((await reply("/../../etc/passwd", { headers: token() })).status).toBe(404);
    expect((await reply("/", { headers: token(), method: "DELETE" })).status).toBe(404);
  });
});
