const BEGIN = /^\s*(?:\/\/ BEGIN SOLUTION|<!-- BEGIN SOLUTION -->)\s*$/;
const END = /^\s*(?:\/\/ END SOLUTION|<!-- END SOLUTION -->)\s*$/;
const BEGIN_STUB = /^\s*\/\/ BEGIN STUB\s*$/;
const END_STUB = /^\s*\/\/ END STUB\s*$/;

/** Stands where a learner will write the answer that a person marks. */
export const handStub = "*Your answer, in place of this line.*";

/** What a learner finds in place of a solution; `before` is the line above it. */
function place(begin: string, before: string, exercise: string, broken: readonly string[] | undefined): string[] {
  const indent = begin.slice(0, begin.search(/\S/));
  const stub = `${indent}return notStarted("${exercise}");`;
  if (begin.includes("<!--")) return [handStub];
  if (broken) return [`${stub} // delete this line to begin; what is to be mended is below it`, ...broken];
  if (/\[\s*$/.test(before)) return [`${indent}// your numbers here, with commas between them`];
  if (/=\s*\{\s*$/.test(before)) return [`${indent}// your answers here: q1: "a", and so on`];
  return [stub];
}

/** The lines between // BEGIN STUB and // END STUB, which the master keeps as comments. */
function brokenLines(lines: readonly string[], at: string): string[] | undefined {
  const [begin, end] = [
    lines.findIndex((line) => BEGIN_STUB.test(line)),
    lines.findIndex((line) => END_STUB.test(line)),
  ];
  if (begin < 0 && end < 0) return undefined;
  if (begin < 0 || end < begin) throw new SyntaxError(`${at}: // BEGIN STUB and // END STUB do not pair up`);
  return lines.slice(begin + 1, end).map((line) => {
    if (!/^\s*\/\//.test(line)) throw new SyntaxError(`${at}: a line of a stub must be a comment, got ${line.trim()}`);
    return line.replace(/\/\/ ?/, "");
  });
}

/**
 * A master's answer cell as the learner gets it: each region between BEGIN SOLUTION and END SOLUTION (in TypeScript
 * after //, in Markdown inside a comment) becomes a stub that runs, has the right type and says "not started". In an
 * array or an object that is an empty place, in Markdown a line to replace. A region may hold another one, between
 * // BEGIN STUB and // END STUB: broken code, as comments, that the learner is to mend.
 * @throws SyntaxError if the markers do not pair up
 */
export function stubOf(source: string, exercise: string): string {
  const kept: string[] = [];
  let region: { begin: string; lines: string[] } | undefined;
  for (const [k, line] of source.split("\n").entries()) {
    const at = `${exercise}, line ${k + 1}`;
    if (BEGIN.test(line)) {
      if (region) throw new SyntaxError(`${at}: ${line.trim()} inside a solution`);
      region = { begin: line, lines: [] };
    } else if (END.test(line)) {
      if (!region) throw new SyntaxError(`${at}: ${line.trim()} without a beginning`);
      kept.push(...place(region.begin, kept.at(-1) ?? "", exercise, brokenLines(region.lines, at)));
      region = undefined;
    } else (region?.lines ?? kept).push(line);
  }
  if (region) throw new SyntaxError(`${exercise}: ${region.begin.trim()} without an end`);
  return kept.join("\n");
}

/** The broken code of a "fix" exercise as it runs once the learner has deleted the line that says not started. */
export const unmended = (stub: string): string =>
  stub.replace(/^\s*return notStarted\("[^"]*"\); \/\/ delete this line.*\n/m, "");
