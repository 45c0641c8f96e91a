import type { Batch, Tensor } from "unrolled";

/** The average of f(0) … f(n − 1). */
export function average(n: number, f: (k: number) => number): number {
  let sum = 0;
  for (let k = 0; k < n; k++) sum += f(k);
  return sum / n;
}

/** What [rows, 1] targets cost, squared, when row b is answered with answer(b). */
export const squaredError = (target: Tensor, answer: (b: number) => number): number =>
  average(target.rows, (b) => (target.data[b] - answer(b)) ** 2);

/**
 * The cost in nats of the best answer that sees only `seen`: −Σ p(seen, asked) ln p(asked | seen), from counts. It
 * knows nothing of how a task is made, only what came out.
 */
export function conditionalEntropy(pairs: Iterable<readonly [seen: unknown, asked: unknown]>): number {
  const counts = new Map<unknown, Map<unknown, number>>();
  let total = 0;
  for (const [seen, asked] of pairs) {
    const row = counts.get(seen) ?? new Map<unknown, number>();
    counts.set(seen, row.set(asked, (row.get(asked) ?? 0) + 1));
    total++;
  }
  let nats = 0;
  for (const row of counts.values()) {
    const sum = [...row.values()].reduce((a, b) => a + b);
    for (const n of row.values()) nats -= (n / total) * Math.log(n / sum);
  }
  return nats;
}

/** The column of the 1 in each row of a one-hot tensor; −1 for a row of zeros. */
export function argOnes(x: Tensor): number[] {
  return x.tolist().map((row) => {
    if (row.some((v) => v !== 0 && v !== 1) || row.filter((v) => v === 1).length > 1) {
      throw new Error(`not one-hot: ${row}`);
    }
    return row.indexOf(1);
  });
}

/** Everything in a batch as plain numbers, to compare two of them bit by bit. */
export function plain(batch: Batch): unknown {
  return JSON.parse(
    JSON.stringify(batch, (_, value) => (typeof value?.tolist === "function" ? value.tolist() : value)),
  );
}
