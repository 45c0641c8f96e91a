const BEGIN = /^\s*\/\/ BEGIN SOLUTION\s*$/;
const END = /^\s*\/\/ END SOLUTION\s*$/;

/**
 * A master's answer cell as the learner gets it: each region between // BEGIN SOLUTION and // END SOLUTION becomes a
 * stub that runs, has the right type and says "not started". Inside an array, that is an empty place.
 * @throws SyntaxError if the markers do not pair up
 */
export function stubOf(source: string, exercise: string): string {
  const kept: string[] = [];
  let inside = false;
  for (const [k, line] of source.split("\n").entries()) {
    const at = `${exercise}, line ${k + 1}`;
    if (BEGIN.test(line)) {
      if (inside) throw new SyntaxError(`${at}: // BEGIN SOLUTION inside a solution`);
      const indent = line.slice(0, line.indexOf("/"));
      const inArray = kept.at(-1)?.trimEnd().endsWith("[");
      kept.push(
        `${indent}${inArray ? "// your numbers here, with commas between them" : `return notStarted("${exercise}");`}`,
      );
      inside = true;
    } else if (END.test(line)) {
      if (!inside) throw new SyntaxError(`${at}: // END SOLUTION without a beginning`);
      inside = false;
    } else if (!inside) kept.push(line);
  }
  if (inside) throw new SyntaxError(`${exercise}: // BEGIN SOLUTION without an end`);
  return kept.join("\n");
}

export const hasSolution = (source: string): boolean => source.split("\n").some((line) => BEGIN.test(line));
