import { exercise, expect, parts, test } from "unrolled/exercise/suite";
import { avoidEach } from "./reference/avoid.js";
import { allSequences, asNet, hasOddZeros, isOdd, type Net, saysOdd, triesUntil } from "./reference/parity.js";
import type { Matrix, Vector } from "./reference/vectors.js";

exercise("03.1", (subject, draw) => {
  const ask = async (): Promise<Net> => asNet(parts(await subject.call("zeroParity"), "Wx", "Wh", "b"));
  const answers = (sequences: Matrix, odd: (bits: Vector) => boolean): Vector =>
    sequences.map((bits) => Number(odd(bits)));

  function compare(net: Net, sequences: Matrix, mistakes: Record<string, Vector>): void {
    const received = answers(sequences, (bits) => saysOdd(net, bits));
    const onesCounted = { "it counts the ones, not the zeros": answers(sequences, isOdd) };
    const names = sequences.map((bits) =>
      bits.length > 6 ? `${bits.length} random bits` : `the bits ${bits.join(" ")}`,
    );
    expect(received).toBeAllClose(answers(sequences, hasOddZeros), {
      names,
      mistakes: { ...onesCounted, ...mistakes },
    });
  }

  test("a 0 is counted, a 1 is not", async () => {
    compare(await ask(), [[0], [1]], { "it says even, whatever comes": [0, 0], "it says odd, whatever comes": [1, 1] });
  });

  test("what was counted is carried on", async () => {
    const sequences = allSequences(2);
    compare(await ask(), sequences, {
      "only the last bit counts: look at W_h": answers(sequences, (bits) => bits[1] === 0),
      "a single 0 makes it odd for ever": answers(sequences, (bits) => bits.includes(0)),
      "it says even, whatever comes": answers(sequences, () => false),
    });
  });

  test("it is right at odd and at even lengths", async () => {
    compare(await ask(), [1, 2, 3, 4, 5, 6].flatMap(allSequences), {});
  });

  test("it holds over 200 steps", async () => {
    const net = await ask();
    const sequences = Array.from({ length: 20 }, (_, k) =>
      Array.from({ length: 199 + (k % 2) }, () => draw.integer(0, 1)),
    );
    const harder = { Wx: tenfold(net.Wx), Wh: net.Wh.map(tenfold), b: tenfold(net.b) };
    const soft = answers(sequences, (bits) => saysOdd(harder, bits)).join() === answers(sequences, hasOddZeros).join();
    const received = answers(sequences, (bits) => saysOdd(net, bits));
    compare(
      net,
      sequences,
      soft ? { "the units switch too softly: small errors grow from step to step": received } : {},
    );
  });
  const tenfold = (v: Vector): Vector => v.map((w) => 10 * w);
});

exercise("03.2", (subject) => {
  const slips = {
    "the loss is in nats": "this is in bits: take the natural logarithm",
    "the bit that follows from the others costs nothing": "the XOR was paid for as if it were a coin toss",
    "the mean per step is taken, not the sum of a group": "this is the sum over a group of steps, not the mean",
    "nine bits of ten are worth nothing":
      "partial credit: nine known bits of ten were taken for nine tenths of the answer",
    "a coin that is not fair costs less than a fair one": "the coin of 4 was taken for a fair one",
    "both outcomes are paid for": "only the likely outcome of 4 was paid for",
  } as const;
  const inThree = "partial credit in 3: nine known bits of ten were taken for nine tenths of the answer";
  const nine = "nine bits of ten are worth nothing";
  avoidEach(
    { ...slips, [nine]: [slips[nine], inThree] },
    async () => ({
      answer: await subject.value("losses"),
      reference: (made) => {
        const fair = Math.log(2);
        const rule = made(slips["the bit that follows from the others costs nothing"]) ? fair : 0;
        const over = (steps: number) => (made(slips["the mean per step is taken, not the sum of a group"]) ? 1 : steps);
        const both = -0.9 * Math.log(0.9) - 0.1 * Math.log(0.1);
        const likely = made("only the likely outcome of 4 was paid for") ? -Math.log(0.9) : both;
        const odd = made("the coin of 4 was taken for a fair one") ? fair : likely;
        const credit = made(slips[nine]) ? 0.1 : 1;
        const unit = made("this is in bits: take the natural logarithm") ? Math.log(2) : 1;
        const nats = [
          (2 * fair + rule) / over(3),
          (3 * fair + rule) / over(4),
          (made(inThree) ? 0.1 : credit) * fair,
          credit * odd,
        ];
        return nats.map((loss) => loss / unit);
      },
    }),
    { atol: 2e-3, reveal: false },
  );
});

exercise("03.3", (subject, draw) => {
  const slips = {
    "one loss per step: the mean goes over the batch":
      "the mean goes over the steps of each stream, not over the streams",
    "it is a mean, not a sum": "this is the sum over the streams",
    "it is divided by the number of streams": "divided by the number of steps: the divisor belongs to the axis",
    "a 0 that came had the probability 1 − p": "p was used also where a 0 came",
  } as const;
  const axis = slips["one loss per step: the mean goes over the batch"];
  avoidEach(
    slips,
    async (title) => {
      const [seqLen, batchSize] = slips[title] === axis ? [4, 4] : [5, 3]; // as many streams as steps: no shape tells
      const p = draw.matrix(seqLen, batchSize, 0.05, 0.95);
      const bits = p.map((row, t) => row.map((_, b) => ((t + b) % 2 === 0 ? 1 : 0)));
      return {
        answer: await subject.call("lossPerStep", p, bits),
        reference: (made) => {
          const came = made("p was used also where a 0 came") ? bits.map((row) => row.map(() => 1)) : bits;
          const losses = p.map((row, t) => row.map((q, b) => -Math.log(came[t][b] === 1 ? q : 1 - q)));
          const rows = made(axis) ? p[0].map((_, b) => losses.map((row) => row[b])) : losses;
          const divisor = made(slips["it is divided by the number of streams"]) ? rows.length : rows[0].length;
          const by = made("this is the sum over the streams") ? 1 : divisor;
          return rows.map((row) => row.reduce((sum, loss) => sum + loss, 0) / by);
        },
      };
    },
    { mended: axis },
  );
});

exercise("03.4", (subject, draw) => {
  const slips = {
    "the net must be right on every sequence": "a net that is right on more than half of the sequences was let through",
    "every length is asked": "only the first length was asked",
    "the net that passes counts as a try": "the net that passes was not counted",
  } as const;
  /** A seed at which it matters that both lengths are asked. */
  function tellingSeed(limit: number): number {
    for (;;) {
      const seed = draw.integer(1, 999);
      const one = triesUntil(allSequences(4), seed, limit);
      if (one < triesUntil([4, 3].flatMap(allSequences), seed, limit)) return seed;
    }
  }
  avoidEach(slips, async () => {
    const limit = 4000; // enough for two bits, on any seed; for the others by luck
    const asked = [
      { lengths: [2], seed: draw.integer(1, 999) },
      { lengths: [4, 3], seed: tellingSeed(limit) },
      { lengths: [4, 3], seed: tellingSeed(limit) },
    ];
    const answer: unknown[] = [];
    for (const { lengths, seed } of asked) answer.push(await subject.call("triesUntil", lengths, seed, limit));
    return {
      answer,
      reference: (made) =>
        asked.map(({ lengths, seed }) => {
          const tested = made("only the first length was asked") ? lengths.slice(0, 1) : lengths;
          const half = made(slips["the net must be right on every sequence"]);
          const tries = triesUntil(tested.flatMap(allSequences), seed, limit, half);
          return made("the net that passes was not counted") ? tries - 1 : tries;
        }),
    };
  });

  test("the readings are those of the experiment", async () => {
    const expected = [[4], [8], [3], [3, 4]].map((lengths) => triesUntil(lengths.flatMap(allSequences), 6, 50_000));
    const mistakes = { "one too few: the net that passes counts": expected.map((tries) => tries - 1) };
    expect(await subject.value("readings")).toBeAllClose(expected, { mistakes, reveal: false });
  });
});
