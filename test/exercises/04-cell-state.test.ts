import { exercise, expect, type Made, parts, test } from "unrolled/exercise/suite";
import { avoidEach } from "./reference/avoid.js";
import {
  type Layer,
  type Slip1997,
  type State1997,
  slips1997,
  step1997,
  step1997OfLibrary,
  type Weights1997,
} from "./reference/lstm1997.js";
import type { Vector } from "./reference/vectors.js";

exercise("04.1", (subject) => {
  const slips = {
    "what is written is added to what was there": "the old state is missing: these are the amounts written",
    "it starts with what was on the belt": "it starts at 0: there was a 2 on the belt",
    "the gate opens for the candidate": "the gate is missing: every candidate was written whole",
    "the gate does not touch the belt": "the gate scales what was on the belt, too",
    "factors over steps are multiplied": "the factors were added, not multiplied",
    "there is one factor per step": "one factor too few: four steps have four",
    "what was there is multiplied by f": "1 every time: the plus is for what is written, not for what was there",
  } as const;
  type Slip = (typeof slips)[keyof typeof slips];
  const written = [
    [1, 0.8],
    [0, -1.5],
    [0.5, 1],
    [1, -0.4],
  ];
  const forgets = [
    [1, 1, 1, 1],
    [0.5, 0.5, 0.5, 0.5],
    [1, 0.5, 1, 0.8],
  ];
  function belt(made: Made<Slip>): Vector {
    let c = made("it starts at 0: there was a 2 on the belt") ? 0 : 2;
    return written.map(([i, g]) => {
      const kept = made("the gate scales what was on the belt, too") ? i * c : c;
      const there = made(slips["what is written is added to what was there"]) ? 0 : kept;
      c = there + (made(slips["the gate opens for the candidate"]) ? g : i * g);
      return c;
    });
  }
  function gradients(made: Made<Slip>): Vector {
    if (made(slips["what was there is multiplied by f"])) return [1, 1, 1];
    return forgets.map((factors) => {
      const walked = made("one factor too few: four steps have four") ? factors.slice(0, 3) : factors;
      const added = made("the factors were added, not multiplied");
      return walked.reduce((total, f) => (added ? total + f : total * f), added ? 0 : 1);
    });
  }

  const names = [...written.map((_, k) => `belt[${k}]`), ...forgets.map((_, k) => `gradients[${k}]`)];
  avoidEach(
    slips,
    async () => {
      const answers: unknown[] = [await subject.value("belt"), await subject.value("gradients")];
      if (!answers.every(Array.isArray)) throw new TypeError("belt and gradients must be arrays of numbers");
      return { answer: answers.flat(), reference: (made) => [...belt(made), ...gradients(made)] };
    },
    { atol: 1e-6, reveal: false, names },
  );
});

exercise("04.2", (subject, draw) => {
  const ask = async () => {
    const layer = (): Layer => ({ Wx: draw.matrix(2, 3), Wh: draw.matrix(9, 3), b: draw.vector(3, -1, 1) });
    const weights: Weights1997 = { input: layer(), output: layer(), candidate: layer() };
    const gate = () => draw.vector(3, 0, 1);
    const state: State1997 = { h: draw.vector(3, -1, 1), c: draw.vector(3), i: gate(), o: gate() };
    const x = draw.vector(2);
    const { h, c, i, o } = parts(await subject.call("step1997", x, state, weights), "h", "c", "i", "o");
    return { x, state, weights, answer: [h, c, i, o] };
  };
  const titles: Record<string, Slip1997> = {
    "the old cell state goes through whole": slips1997.forgets,
    "u is h, then i, then o": slips1997.order,
    "the candidate reaches from −2 to 2": slips1997.range,
    "all gates see the step before": slips1997.early,
    "h reads the new cell state": slips1997.oldC,
    "h squashes with 2σ − 1": slips1997.tanhOut,
  };
  const names = ["h", "c", "i", "o"];
  const attempt = async () => {
    const { x, state, weights, answer } = await ask();
    const reference = (made: Made<Slip1997>) => {
      const { h, c, i, o } = step1997(x, state, weights, made);
      return [h, c, i, o];
    };
    return { answer, reference };
  };
  avoidEach(titles, attempt, { names });

  test("the numbers are those of the library's cell", async () => {
    const { x, state, weights, answer } = await ask();
    expect(answer).toBeAllClose(step1997OfLibrary(x, state, weights), { names });
  });
});

/** How far a counter with c = f c + 1 counts, and how far with slips. */
function countsTo(f: number, limit: number, made: Made<CountSlip> = () => false): number {
  const allowed = made(countSlips["right means off by less than a half"]) ? 1 : 0.5;
  let c = 0;
  for (let n = 1; n <= limit; n++) {
    c = made(countSlips["the leak acts on what was there, not on the new 1"]) ? f * (c + 1) : f * c + 1;
    if (Math.abs(c - n) >= allowed) return made("this is the first wrong count, not the last right one") ? n : n - 1;
  }
  return made(countSlips["a counter without a leak counts for ever"]) ? limit : Number.POSITIVE_INFINITY;
}
const countSlips = {
  "the last right count is given": "this is the first wrong count, not the last right one",
  "the leak acts on what was there, not on the new 1": "the leak acts on the new 1, too: c is f c + 1, not f (c + 1)",
  "a counter without a leak counts for ever": "still right at the limit is Infinity, not the limit",
  "right means off by less than a half": "an error of up to 1 was let through: rounded, that is another number",
} as const;
type CountSlip = (typeof countSlips)[keyof typeof countSlips];

exercise("04.4", (subject, draw) => {
  avoidEach(countSlips, async () => {
    const leaks = [draw.integer(30, 90) / 1000, draw.integer(10, 90) / 10_000, draw.integer(10, 90) / 100_000];
    const asked = [...leaks.map((leak) => 1 - leak), 1]; // the last one has no leak, and counts for ever
    const answer: unknown[] = [];
    for (const f of asked) answer.push(await subject.call("countsTo", f, 500));
    return { answer, reference: (made) => asked.map((f) => countsTo(f, 500, made)) };
  });

  test("the readings are those of the experiment", async () => {
    const expected = [0.9, 0.99, 0.999, 0.9999].map((f) => countsTo(f, 1000));
    const mistakes = { "one too many: the last right count": expected.map((n) => n + 1) };
    expect(await subject.value("readings")).toBeAllClose(expected, { mistakes, reveal: false });
  });
});

exercise("04.5", (subject) => {
  const chosen = async (): Promise<Record<string, unknown>> => {
    const answers = await subject.value("answers");
    return typeof answers === "object" && answers !== null ? (answers as Record<string, unknown>) : {};
  };
  test("1: which update loses its gradient", async () => {
    expect((await chosen()).q1).toChoose("c", {
      a: "the old state goes through untouched: that is the carousel",
      b: "it has no plus, but an orthogonal matrix changes no length, forwards or back",
      d: "with f = 1 this is the carousel again",
    });
  });
  test("2: the gates of 1997", async () => {
    expect((await chosen()).q2).toChoose("b", {
      a: "one of the three is younger than the paper",
      c: "the output gate is in the paper, against the output weight conflict",
      d: "the candidate is content, not a share: it does not gate anything",
    });
  });
  test("3: the factor on a full belt", async () => {
    expect((await chosen()).q3).toChoose("d", {
      a: "what is flat is the squashing behind the belt, not the belt",
      b: "the factor does not depend on how much lies on the belt",
      c: "the input gate stands at what is written, not at what was there",
    });
  });
  test("4: the range of the candidate", async () => {
    expect((await chosen()).q4).toChoose("a", {
      b: "4σ − 2 has slope 1 at 0 only; it squashes too",
      c: "c is a sum over steps: nothing keeps it between −2 and 2",
      d: "tanh was in use long before; 4σ − 2 is 2 tanh(a / 2)",
    });
  });
  test("5: 0.99 over a hundred steps", async () => {
    expect((await chosen()).q5).toChoose("b", {
      a: "that is one step; a hundred of them are multiplied",
      c: "a hundredth would be left at f = 0.955; here the factor is closer to 1",
      d: "what is written enters by a plus, but what was there is multiplied by f",
    });
  });
});
