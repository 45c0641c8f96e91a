/**
 * Pearson's correlation: Σ (a − ā)(b − b̄) / √(Σ (a − ā)² · Σ (b − b̄)²), in [−1, 1]. 0 where one of the two never
 * varies: it can foretell nothing.
 *
 * @throws RangeError unless a and b are equally long, and not empty
 */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const { length } = a;
  if (length === 0 || b.length !== length) {
    throw new RangeError(`correlation: b must have as many numbers as a, at least 1, got ${b.length} and ${length}`);
  }
  const mean = (values: ArrayLike<number>): number => {
    let sum = 0;
    for (let k = 0; k < length; k++) sum += values[k];
    return sum / length;
  };
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let k = 0; k < length; k++) {
    const [da, db] = [a[k] - meanA, b[k] - meanB];
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  return aa === 0 || bb === 0 ? 0 : ab / Math.sqrt(aa * bb);
}
