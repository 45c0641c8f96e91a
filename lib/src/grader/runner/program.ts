/** One cell, ready to stand after others: its names are declared around it, its code runs by itself. */
export interface ProgramPart {
  readonly cell: number;
  readonly names: readonly string[];
  readonly body: string;
}

/**
 * Cells as one program, each in a block inside the one before: it sees its own names first and then those of the cells
 * before it, as in tslab, so a helper of one exercise does not change when a later cell reuses its name.
 * The program gives back a reader for each name that is asked for.
 */
export function assemble(
  parts: readonly ProgramPart[],
  exports: readonly string[],
  without: ReadonlySet<number>,
): string {
  const kept = parts.filter(({ cell }) => !without.has(cell));
  const open = kept.map(({ cell, names, body }) => {
    const declared = names.length > 0 ? `let ${names.join(", ")};` : "";
    return `{ ${declared} await $unrolledCell(${cell}, async () => {\n${body}\n});`;
  });
  const read = exports.map(
    (name) => `${JSON.stringify(name)}: () => typeof ${name} === "undefined" ? undefined : ${name}`,
  );
  return ['"use strict";', ...open, `return { ${read.join(", ")} };`, "}".repeat(open.length)].join("\n");
}
