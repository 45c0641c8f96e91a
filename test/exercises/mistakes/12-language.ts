import type { Mistake } from "./mistake.js";
import { wrongLetters } from "./quiz.js";

type Planted = Omit<Mistake, "exercise">[];

const windows: Planted = [
  {
    from: "text.slice(from + 1, from + seqLen + 1)",
    to: "text.slice(from, from + seqLen)",
    fails: ["the target is the next character"],
  },
  {
    from: "{ inputs, targets };",
    to: "{ inputs: targets, targets: inputs };",
    fails: ["the target comes after the input"],
  },
  {
    from: "text.slice(from + 1, from + seqLen + 1)",
    to: "[...text.slice(from + 1, from + seqLen), text[from]]",
    fails: ["a window's last target is the next window's first character"],
  },
  {
    from: "from += seqLen)",
    to: "from += seqLen + 1)",
    fails: ["no character is skipped between windows"],
  },
  {
    from: "from += seqLen)",
    to: "from += 1)",
    fails: ["windows do not overlap"],
  },
  {
    from: "from + seqLen < text.length",
    to: "from + seqLen <= text.length",
    fails: ["the last window's last target lies inside the text"],
    says: "its last target is missing",
  },
  {
    from: "from + seqLen < text.length",
    to: "from + seqLen + 1 < text.length",
    fails: ["the last window's last target lies inside the text"],
    says: "dropped although its last target",
  },
];

const solved = `const cooled = logits.map((z) => z / temperature);
  const largest = Math.max(...cooled);
  const powers = cooled.map((z) => Math.exp(z - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);`;
const sampling: Planted = [
  { from: "z / temperature", to: "z * temperature", fails: ["the temperature divides"] },
  {
    from: solved,
    to: `const powers = logits.map((z) => Math.exp(z - Math.max(...logits)));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total / temperature);`,
    fails: ["the temperature acts before the softmax"],
  },
  { from: "power / total)", to: "power)", fails: ["the shares add up to 1"] },
  {
    from: "powers.map((power) => power / total)",
    to: "cooled.map((z) => Math.exp(z))",
    fails: ["the shares add up to 1", "large logits do not overflow"],
  },
  { from: "Math.exp(z - largest)", to: "Math.exp(z)", fails: ["large logits do not overflow"] },
  {
    from: "let end = 0;",
    to: "if (u >= 0) return shares.indexOf(Math.max(...shares));\n  let end = 0;",
    fails: ["u decides, not the largest share"],
  },
  {
    from: "const shares = softmax(logits, temperature);",
    to: "const shares = softmax(logits, 1);",
    fails: ["u decides, not the largest share"],
  },
  { from: "return shares.length - 1;", to: "return 0;", fails: ["the first sum that exceeds u is the one"] },
  { from: "return shares.length - 1;", to: "return -1;", fails: ["the first sum that exceeds u is the one"] },
  { from: "if (u < end) return k", to: "if (u < share) return k", fails: ["the shares are added up on the way"] },
  {
    from: "let end = 0;",
    to: "if (u >= 0) return shares.findIndex((share) => u < share);\n  let end = 0;",
    fails: ["the shares are added up on the way"],
    says: "on none of them",
  },
  {
    from: "if (u < end) return k",
    to: "if (u < end) return Math.min(k + 1, shares.length - 1)",
    fails: ["the first sum that exceeds u is the one"],
  },
  {
    from: "for (const [k, share] of shares.entries()) {\n    end += share;\n    if (u < end) return k;",
    to: "for (let k = shares.length - 1; k >= 0; k--) {\n    end += shares[k];\n    if (u < end) return k;",
    fails: ["the shares are laid out from the first to the last"],
  },
];

const [nats, perplexity] = ["the cross-entropy is the mean cost in nats", "the perplexity is e to the cross-entropy"];
const solvedCosts = "// END STUB\n  const costs = targets.map((target, t) => ";
const scored: Planted = [
  { from: "nats = mean(costs)", to: "nats = mean(costs) / Math.LN2", fails: [nats] },
  { from: "nats = mean(costs)", to: "nats = mean(costs) * costs.length", fails: [nats] },
  {
    from: `${solvedCosts}-logSoftmax(logits[t])[target]`,
    to: `${solvedCosts}logSoftmax(logits[t])[target]`,
    fails: [nats],
  },
  {
    from: `${solvedCosts}-logSoftmax(logits[t])[target]`,
    to: `${solvedCosts}-Math.max(...logSoftmax(logits[t]))`,
    fails: [nats],
  },
  { from: "Math.exp(nats)", to: "mean(costs.map((cost) => Math.exp(cost)))", fails: [perplexity] },
  { from: "Math.exp(nats)", to: "2 ** nats", fails: [perplexity] },
  { from: "Math.exp(nats)", to: "Math.exp(-nats)", fails: [perplexity] },
];

const nudges: Planted = [
  {
    from: "Math.hypot(...slopes)",
    to: "slopes.reduce((sum, slope) => sum + slope, 0)",
    fails: ["the slopes of a step are joined by their length"],
  },
  {
    from: "Math.hypot(...slopes)",
    to: "Math.hypot(...slopes) ** 2",
    fails: ["the slopes of a step are joined by their length"],
  },
  {
    from: "Math.hypot(...slopes)",
    to: "slopes.reduce((sum, slope) => sum + Math.abs(slope), 0)",
    fails: ["the slopes of a step are joined by their length"],
  },
  {
    from: "Math.hypot(...slopes)",
    to: "Math.abs(slopes.reduce((sum, slope) => sum + slope, 0))",
    fails: ["the slopes of a step are joined by their length"],
  },
  { from: "Math.hypot(...slopes)", to: "Math.abs(slopes[0])", fails: ["every entry of a step counts"] },
  { from: "(2 * epsilon)", to: "epsilon", fails: ["the difference is divided by 2ε"] },
  {
    from: "const nudged = (s: number, k: number, by: number): number => {\n    const copy = xs.map((x) => [...x]);",
    to: "const copies = { up: xs.map((x) => [...x]), down: xs.map((x) => [...x]) };\n  const nudged = (s: number, k: number, by: number): number => {\n    const copy = by > 0 ? copies.up : copies.down;",
    fails: ["a nudge is taken back"],
  },
  {
    from: "return Math.hypot(...slopes);\n  });",
    to: "return Math.hypot(...slopes);\n  }).reverse();",
    fails: ["each step has its own number"],
  },
];

const reading: Planted = [
  ...wrongLetters("q1", "b", "acd", "1: what the wrong rule would score"),
  ...wrongLetters("q2", "d", "abc", "2: what network A has learnt"),
  ...wrongLetters("q3", "a", "bcd", "3: what rows A and B allow one to say"),
  ...wrongLetters("q4", "b", "acd", "4: row C against row A"),
  ...wrongLetters("q5", "c", "abd", "5: what a report says of row A"),
];

const of = (exercise: string, planted: Planted): Mistake[] => planted.map((mistake) => ({ exercise, ...mistake }));

export const mistakes: Mistake[] = [
  ...of("12.1", windows),
  ...of("12.2", sampling),
  ...of("12.3", scored),
  ...of("12.4", nudges),
  ...of("12.5", reading),
];
