/** The Euclidean length of each row of a row-major matrix, averaged over the rows. */
export function meanRowNorm(data: ArrayLike<number>, rows: number, cols: number): number {
  let total = 0;
  for (let r = 0; r < rows; r++) {
    let squares = 0;
    for (let c = 0; c < cols; c++) squares += data[r * cols + c] ** 2;
    total += Math.sqrt(squares);
  }
  return total / rows;
}
