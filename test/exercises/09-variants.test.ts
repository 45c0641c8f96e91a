import { oneMinus as oneMinusOf, sigmoid as sigmoidOf, tanh as tanhOf, tensor } from "unrolled";
import { exercise, expect, type Made, parts, test, variants } from "unrolled/exercise/suite";
import { add, type Matrix, matVec, mul, sigmoid, tanh, type Vector } from "./reference/vectors.js";

const oneMinus = (v: Vector): Vector => v.map((x) => 1 - x);

exercise("09.1", (subject, draw) => {
  const slips = {
    "a peephole is a weight on c, not a bias": "the peephole was added as it is: it is a weight, times c",
    "a peephole acts before the sigmoid": "the peephole was added after the sigmoid",
    "each gate has its own peephole": "all gates look through the input gate's peephole",
    "the candidate goes through tanh": "the candidate's tanh is missing",
    "the output gate sees the new cell state": "the output gate sees the old c: it opens on what was just written",
    "h squashes the cell state with tanh": "the tanh around c is missing",
  } as const;
  const squashed = "the candidate went through the sigmoid: it is content and may be negative, so it is tanh";
  const candidate = slips["the candidate goes through tanh"];
  type Slip = (typeof slips)[keyof typeof slips] | typeof squashed;
  type Sums = Record<"i" | "f" | "o" | "g", Vector>;
  const step = (a: Sums, p: Omit<Sums, "g">, cPrev: Vector, made: Made<Slip>): Vector[] => {
    const gate = (name: "i" | "f" | "o", seen: Vector): Vector => {
      const weight = made(slips["each gate has its own peephole"]) ? p.i : p[name];
      const term = made(slips["a peephole is a weight on c, not a bias"]) ? weight : mul(weight, seen);
      const after = made(slips["a peephole acts before the sigmoid"]);
      return after ? add(sigmoid(a[name]), term) : sigmoid(add(a[name], term));
    };
    const g = made(candidate) ? a.g : (made(squashed) ? sigmoid : tanh)(a.g);
    const c = add(mul(gate("f", cPrev), cPrev), mul(gate("i", cPrev), g));
    const o = gate("o", made(slips["the output gate sees the new cell state"]) ? cPrev : c);
    return [mul(o, made(slips["h squashes the cell state with tanh"]) ? c : tanh(c)), c];
  };
  for (const [title, slip] of Object.entries(slips)) {
    test(title, async () => {
      const { pre: a, cPrev } = draw.lstmInputs();
      const p = { i: draw.vector(3), f: draw.vector(3), o: draw.vector(3) };
      const { h, c } = parts(await subject.call("peepholeStep", a, p, cPrev), "h", "c");
      expect([h, c]).toAvoid(
        slip === candidate ? [slip, squashed] : slip,
        variants<Slip>([...Object.values(slips), squashed], (made) => step(a, p, cPrev, made)),
        { names: ["h", "c"] },
      );
    });
  }
});

exercise("09.2", (subject, draw) => {
  interface Layer {
    Wx: Matrix;
    Wh: Matrix;
    b: Vector;
  }
  interface Weights {
    update: Layer;
    reset: Layer;
    candidate: Layer & { bh: Vector };
  }
  const both = {
    "z keeps the past, 1 - z lets in the candidate": "z and 1 − z are exchanged",
    "the update gate and the reset gate have their own weights": "the update gate and the reset gate are exchanged",
    "the candidate goes through tanh": "the candidate's tanh is missing",
  } as const;
  const noTanh = both["the candidate goes through tanh"];
  const before = "the reset gate acts after the product: this is the other convention";
  const after = "the reset gate acts before the product: this is the other convention";
  const outside = "the second bias is outside the brackets that r scales";
  const squashed = "the candidate went through the sigmoid: it is content and may be negative, so it is tanh";
  const slips = { ...both, before, after, outside, squashed } as const;
  const all = Object.values(slips);
  const step = (x: Vector, h: Vector, weights: Weights, reset: string, made: Made<(typeof all)[number]>): Vector => {
    const sum = ({ Wx, Wh, b }: Layer): Vector => add(add(matVec(Wx, x), matVec(Wh, h)), b);
    const { update, reset: r_, candidate } = weights;
    const [first, second] = made(slips["the update gate and the reset gate have their own weights"])
      ? [r_, update]
      : [update, r_];
    const [z, r] = [sigmoid(sum(first)), sigmoid(sum(second))];
    const { Wx, Wh, b, bh } = candidate;
    const onH = (): Vector => matVec(Wh, mul(r, h));
    const onProduct = (bias: Vector): Vector => mul(r, add(matVec(Wh, h), bias));
    const none = bh.map(() => 0);
    let past = reset === "before" ? onH() : onProduct(bh);
    if (reset === "before" && made(before)) past = onProduct(none);
    if (reset === "after" && made(after)) past = onH();
    if (reset === "after" && made(outside)) past = add(onProduct(none), bh);
    const inside = add(add(matVec(Wx, x), past), b);
    const squash = made(squashed) ? sigmoid : tanh;
    const n = made(slips["the candidate goes through tanh"]) ? inside : squash(inside);
    const swapped = made(slips["z keeps the past, 1 - z lets in the candidate"]);
    return swapped ? add(mul(oneMinus(z), h), mul(z, n)) : add(mul(z, h), mul(oneMinus(z), n));
  };
  const titles: [title: string, slip: (typeof all)[number], resets: string[]][] = [
    ...Object.entries(both).map(([title, slip]): (typeof titles)[number] => [title, slip, ["before", "after"]]),
    ["before: the reset gate acts on h, before the product", before, ["before"]],
    ["after: the reset gate acts on the product", after, ["after"]],
    ["after: the second bias is scaled by the reset gate too", outside, ["after"]],
  ];
  for (const [title, slip, resets] of titles) {
    test(title, async () => {
      const [inputSize, hiddenSize] = [2, 3];
      const layer = () => ({
        Wx: draw.matrix(hiddenSize, inputSize),
        Wh: draw.matrix(hiddenSize, hiddenSize),
        b: draw.vector(hiddenSize, -1, 1),
      });
      const candidate = { ...layer(), bh: draw.vector(hiddenSize, -1, 1) };
      const weights: Weights = { update: layer(), reset: layer(), candidate };
      const [x, h] = [draw.vector(inputSize), draw.vector(hiddenSize, -1, 1)];
      for (const reset of resets) {
        const answers = variants(all, (made) => step(x, h, weights, reset, made));
        expect(await subject.call("gruStep", x, h, weights, reset)).toAvoid(
          slip === noTanh ? [slip, squashed] : slip,
          answers,
        );
      }
    });
  }
});

exercise("09.3", (subject, draw) => {
  const slips = {
    "opening the gate takes from the candidate too": "only c was counted: opening f also takes from the candidate",
    "opening the gate brings more of the old state": "the sign is turned: opening f brings more of c, less of g",
    "the gate's gradient goes through the sigmoid": "the derivative of the sigmoid is missing",
    "the candidate was scaled by 1 - f": "the candidate's gradient was scaled by f: 1 − f is its share",
    "the candidate's gradient goes through tanh": "the derivative of tanh is missing",
    "the old state was scaled by f": "the old state's gradient was scaled by 1 − f: f is its share",
  } as const;
  type Slip = (typeof slips)[keyof typeof slips];

  /** Gradients from the tape. */
  function taped(delta: Vector, af: Vector, ag: Vector, cPrev: Vector): Vector[] {
    const [a, b, c] = [af, ag, cPrev].map((v) => tensor([v], { requiresGrad: true }));
    const f = sigmoidOf(a);
    const next = f.mul(c).add(oneMinusOf(f).mul(tanhOf(b)));
    next
      .mul(tensor([delta]))
      .sum()
      .backward();
    return [a, b, c].map(({ grad }) => Array.from(grad));
  }
  const withSlip = (delta: Vector, f: Vector, g: Vector, cPrev: Vector, made: Made<Slip>): Vector[] => {
    const turned = made(slips["opening the gate brings more of the old state"]) ? -1 : 1;
    const alone = made(slips["opening the gate takes from the candidate too"]);
    const difference = cPrev.map((c, k) => turned * (alone ? c : c - g[k]));
    const bySigmoid = made(slips["the gate's gradient goes through the sigmoid"])
      ? f.map(() => 1)
      : mul(f, oneMinus(f));
    const share = made(slips["the candidate was scaled by 1 - f"]) ? f : oneMinus(f);
    const byTanh = made(slips["the candidate's gradient goes through tanh"]) ? g.map(() => 1) : oneMinus(mul(g, g));
    const kept = made(slips["the old state was scaled by f"]) ? oneMinus(f) : f;
    return [mul(mul(delta, difference), bySigmoid), mul(mul(delta, share), byTanh), mul(delta, kept)];
  };
  for (const [title, slip] of Object.entries(slips)) {
    test(title, async () => {
      const [delta, af, ag, cPrev] = [draw.vector(3), draw.vector(3), draw.vector(3), draw.vector(3, -1, 1)];
      const [f, g] = [sigmoid(af), tanh(ag)];
      const right = taped(delta, af, ag, cPrev);
      const answers = variants(Object.values(slips), (made) =>
        Object.values(slips).some(made) ? withSlip(delta, f, g, cPrev, made) : right,
      );
      const answer = parts(await subject.call("coupledBackward", delta, { f, g, cPrev }), "af", "ag", "cPrev");
      expect([answer.af, answer.ag, answer.cPrev]).toAvoid(slip, answers, { names: ["af", "ag", "cPrev"] });
    });
  }
});

exercise("09.4", (subject, draw) => {
  const slips = {
    "a shut gate keeps the past": "f and 1 − f are exchanged in the last line: here a gate at 0 keeps",
    "the candidate sees the past through the gate": "the candidate sees the whole past: it looks at f ⊙ h",
    "the candidate goes through tanh": "the candidate's tanh is missing",
    "h comes before x in [h, x]": "x comes before h: W's first columns belong to h",
  } as const;
  const held = "the candidate sees (1 − f) ⊙ h: in n the gate stands as it is";
  const seesPast = slips["the candidate sees the past through the gate"];
  interface Gate {
    W: Matrix;
    b: Vector;
  }
  const step = (
    x: Vector,
    h: Vector,
    forget: Gate,
    candidate: Gate,
    made: Made<(typeof slips)[keyof typeof slips] | typeof held>,
  ) => {
    const glue = (past: Vector): Vector =>
      made(slips["h comes before x in [h, x]"]) ? [...x, ...past] : [...past, ...x];
    const f = sigmoid(add(matVec(forget.W, glue(h)), forget.b));
    const seen = made(seesPast) ? h : mul(made(held) ? oneMinus(f) : f, h);
    const inside = add(matVec(candidate.W, glue(seen)), candidate.b);
    const n = made(slips["the candidate goes through tanh"]) ? inside : tanh(inside);
    const [keep, write] = made(slips["a shut gate keeps the past"]) ? [f, oneMinus(f)] : [oneMinus(f), f];
    return add(mul(keep, h), mul(write, n));
  };
  for (const [title, slip] of Object.entries(slips)) {
    test(title, async () => {
      const gate = (): Gate => ({ W: draw.matrix(3, 5), b: draw.vector(3, 0.5, 2) });
      const [x, h, forget, candidate] = [draw.vector(2), draw.vector(3, -1, 1), gate(), gate()];
      const answers = variants([...Object.values(slips), held], (made) => step(x, h, forget, candidate, made));
      const next = await subject.call("mguStep", x, h, forget, candidate);
      expect(next).toAvoid(slip === seesPast ? [slip, held] : slip, answers);
      expect(next).toAvoid(slips["a shut gate keeps the past"], answers); // as it was given, it earns nothing
    });
  }
});
