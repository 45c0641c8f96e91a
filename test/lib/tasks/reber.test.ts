import fc from "fast-check";
import { continualReber, embeddedReber, type GrammarBatch, seededRng } from "unrolled";
import { expect, test } from "vitest";
import { argOnes, conditionalEntropy } from "./measuring.js";

// The grammar as a regular expression, worked out from the published diagram: from the lower left node one comes to
// the end by `low`; on the upper path S* X leads to a node that ends with S or goes down with X.
const low = "(?:T*VPX)*T*V(?:V|PS)";
const inner = `B(?:TS*X(?:S|X${low})|P${low})E`;
const embedded = new RegExp(`^B([TP])${inner}\\1E$`);

/** What is legal after each beginning of a string, as observed: only beginnings seen often enough to have shown all. */
function observed(texts: readonly string[]): Map<string, Set<string>> {
  const followers = new Map<string, string[]>();
  for (const text of texts) {
    for (let t = 1; t < text.length; t++) {
      const beginning = text.slice(0, t);
      followers.set(beginning, [...(followers.get(beginning) ?? []), text[t]]);
    }
  }
  return new Map([...followers].filter(([, seen]) => seen.length > 40).map(([start, seen]) => [start, new Set(seen)]));
}

const legalLetters = ({ legal }: GrammarBatch, t: number, b: number, symbols: readonly string[]): Set<string> =>
  new Set(symbols.filter((_, j) => legal[t].data[b * symbols.length + j] === 1));

test("the recogniser knows strings of the grammar from others", () => {
  for (const text of ["BTBTXSETE", "BPBPVPSEPE", "BTBPTTVPXTVVETE", "BPBTSSXXVVEPE"]) expect(text).toMatch(embedded);
  for (const text of ["BTBTXSEPE", "BTBTXETE", "BTBPVPETE", "BTTXSETE", "BPBTSSEPE"])
    expect(text).not.toMatch(embedded);
});

test("embeddedReber: every string belongs to the grammar, whatever the seed", () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      for (const text of embeddedReber({ batchSize: 40 }, seededRng(seed)).batch().texts) {
        expect(text).toMatch(embedded);
      }
    }),
    { numRuns: 50, seed: 1 },
  );
});

test("embeddedReber: inputs spell the string, classes are one letter ahead", () => {
  const { batch, symbols } = embeddedReber({ batchSize: 30 }, seededRng(2));
  const { xs, classes, texts, lengths, targets } = batch();
  const shown = xs.map(argOnes);
  const asked = targets.map(argOnes);
  texts.forEach((text, b) => {
    expect(lengths[b]).toBe(text.length - 1);
    const letters = (rows: number[][]): string =>
      rows
        .slice(0, lengths[b])
        .map((row) => symbols[row[b]])
        .join("");
    expect(letters(shown)).toBe(text.slice(0, -1));
    expect(letters(classes)).toBe(text.slice(1));
    expect(letters(asked)).toBe(text.slice(1));
  });
});

test("embeddedReber: legal symbols are those that are observed to follow", () => {
  const { batch, symbols } = embeddedReber({ batchSize: 2000 }, seededRng(3));
  const drawn = batch();
  const follow = observed(drawn.texts);
  expect(follow.size).toBeGreaterThan(40);
  const wrong: string[] = [];
  let compared = 0;
  drawn.texts.forEach((text, b) => {
    for (let t = 0; t + 1 < text.length; t++) {
      const legal = [...legalLetters(drawn, t, b, symbols)].sort().join("");
      const beginning = text.slice(0, t + 1);
      const seen = follow.get(beginning);
      if (!legal.includes(text[t + 1])) wrong.push(`${beginning}: ${legal}`);
      if (seen === undefined) continue;
      if (legal !== [...seen].sort().join("")) wrong.push(`${beginning}: ${legal}`);
      compared++;
    }
  });
  expect(wrong).toEqual([]);
  expect(compared).toBeGreaterThan(10_000);
});

test("embeddedReber: the baselines are what such answers really cost", () => {
  const { batch, baselines } = embeddedReber({ batchSize: 8000 }, seededRng(4));
  const { texts, legal, mask } = batch();
  const steps = texts.flatMap((text) => [...text.slice(1)].map((next, t) => ({ text, t, next })));
  const memoryless = conditionalEntropy(steps.map(({ text, t, next }) => [text[t], next] as const));
  expect(Math.abs(memoryless - baselines.memoryless)).toBeLessThan(0.008);
  let [solved, counted] = [0, 0];
  mask.forEach((m, t) => {
    const rows = legal[t].tolist();
    m.data.forEach((counts, b) => {
      if (counts === 0) return;
      counted++;
      solved += Math.log(rows[b].reduce((sum, v) => sum + v));
    });
  });
  expect(Math.abs(solved / counted - baselines.solved)).toBeLessThan(0.005);
  // who walks the inner grammar but forgot the second letter tosses one more coin a string
  const forgetful = solved + texts.length * Math.log(2);
  expect(Math.abs(forgetful / counted - baselines.innerOnly)).toBeLessThan(0.005);
  expect(Math.abs(texts.filter((text) => text.at(-2) === "T").length / texts.length - baselines.accuracy)).toBeLessThan(
    0.022,
  );
  const outer = conditionalEntropy(texts.map((text) => [text.slice(2, -2).length, text.at(-2)] as const));
  expect(Math.abs(outer - Math.log(2))).toBeLessThan(0.008);
});

test("embeddedReber: nine letters at least, twelve on average", () => {
  const { texts } = embeddedReber({ batchSize: 8000 }, seededRng(5)).batch();
  const lengths = texts.map((text) => text.length);
  expect(Math.min(...lengths)).toBe(9);
  expect(Math.abs(lengths.reduce((a, b) => a + b) / lengths.length - 12)).toBeLessThan(0.16);
});

test("predict: targets hold the letter that came, or all that were legal", () => {
  const [next, legal] = (["next", "legal"] as const).map((predict) => embeddedReber({ predict }, seededRng(6)).batch());
  expect(legal.targets.map((y) => y.tolist())).toEqual(legal.legal.map((y) => y.tolist()));
  expect(next.legal.map((y) => y.tolist())).toEqual(legal.legal.map((y) => y.tolist()));
  expect(next.targets.map(argOnes)).toEqual(next.classes);
  expect(legal.classes).toEqual(next.classes);
});

test("continualReber: batch after batch is one stream of strings, without a gap", () => {
  const { batch, seqLen } = continualReber({ seqLen: 17, batchSize: 3 }, seededRng(7));
  const batches = Array.from({ length: 40 }, batch);
  for (let b = 0; b < 3; b++) {
    const windows = batches.map(({ texts }) => texts[b]);
    windows.forEach((window, k) => {
      expect(window).toHaveLength(seqLen + 1);
      if (k > 0) expect(window[0]).toBe(windows[k - 1].at(-1));
    });
    const stream = windows.map((window) => window.slice(0, -1)).join("");
    const strings = stream.match(/B[TP]B.*?E[TP]E/g) ?? [];
    for (const text of strings) expect(text).toMatch(embedded);
    expect(stream.startsWith(strings.join(""))).toBe(true);
    expect(stream.length - strings.join("").length).toBeLessThan(60);
  }
  expect(new Set(batches.map(({ texts }) => texts[0])).size).toBeGreaterThan(30);
  expect(batches[0].lengths).toEqual([17, 17, 17]);
});

test("continualReber: legal symbols follow the stream, E is followed by B; baselines as in the docblock", () => {
  const { batch, baselines, symbols } = continualReber({ seqLen: 3000, batchSize: 10 }, seededRng(8));
  batch(); // the stream has forgotten where it began
  const drawn = batch();
  let [solved, illegal] = [0, 0];
  const steps: [string, string][] = [];
  drawn.texts.forEach((text, b) => {
    for (let t = 0; t < 3000; t++) {
      const legal = legalLetters(drawn, t, b, symbols);
      if (!legal.has(text[t + 1])) illegal++;
      solved += Math.log(legal.size) / (3000 * 10);
      steps.push([text[t], text[t + 1]]);
    }
    for (const { index } of text.matchAll(/E[TP]EB/g)) {
      if (index + 2 < 3000) expect(legalLetters(drawn, index + 2, b, symbols)).toEqual(new Set("B"));
    }
  });
  expect(illegal).toBe(0);
  expect(Math.abs(solved - baselines.solved)).toBeLessThan(0.008);
  expect(baselines.innerOnly - baselines.solved).toBeCloseTo(Math.log(2) / 12, 12);
  expect(baselines.accuracy).toBe(1 / 2);
  expect(Math.abs(conditionalEntropy(steps) - baselines.memoryless)).toBeLessThan(0.015);
});

test("embeddedReber and continualReber: refuse what makes no task", () => {
  expect(() => embeddedReber({ predict: "all" as "next" })).toThrow(
    'embeddedReber: predict must be "next" or "legal", got "all"',
  );
  expect(() => embeddedReber({ seqLen: 9 } as object)).toThrow('embeddedReber: unknown option "seqLen"');
  expect(() => continualReber({ seqLen: 0 })).toThrow("continualReber: seqLen must be an integer >= 1, got 0");
});
