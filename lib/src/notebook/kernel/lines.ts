/** An executed cell: what the learner wrote, and the JavaScript that ran. */
export interface ExecutedCell {
  readonly source: string;
  readonly emitted: string;
}

/**
 * The source line (from 1) that an emitted line came from. tslab keeps no source map, so lines are matched by their
 * words, in order: types vanish and blank lines collapse, but words stay.
 */
export function sourceLine({ source, emitted }: ExecutedCell, emittedLine: number): number | undefined {
  const from = source.split("\n").map(words);
  let next = 0;
  let found: number | undefined;
  for (const line of emitted.split("\n").slice(0, emittedLine)) {
    found = undefined;
    const wanted = words(withoutExports(line));
    if (!wanted.length) continue;
    const match = from.findIndex((candidate, index) => index >= next && contains(candidate, wanted));
    if (match < 0) continue;
    found = match + 1;
    next = match; // two emitted lines can share one source line: `if (x) throw y`
  }
  return found;
}

/** The line before tslab made its variables into properties: `exports.x = (0, tensor_1.zeros)(2)` was `zeros(2)`. */
function withoutExports(line: string): string {
  return line
    .replace(/\bexports\.[\w$]+ = /g, "")
    .replace(/\(0, ([\w$.]+)\)/g, "$1")
    .replace(/\b(exports|\w+_\d+)\./g, "");
}

function words(line: string): string[] {
  return line.replace(/(^|\s)\/\/.*$/, "").match(/[\w$]+/g) ?? [];
}

/** Whether all wanted words stand in the candidate, in order. */
function contains(candidate: readonly string[], wanted: readonly string[]): boolean {
  let at = 0;
  for (const word of candidate) if (word === wanted[at]) at++;
  return at === wanted.length;
}
