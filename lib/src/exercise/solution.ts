import type { Modules } from "./cells.js";
import { invoke } from "./invoke.js";
import { modulesFor } from "./modules.js";
import { readNotebook } from "./nbformat.js";
import { type Exercise, masterFile, type Pack } from "./pack.js";
import type { Caller } from "./subject.js";
import { decode, encode } from "./values.js";

/** Calls into functions that are trusted to end, with copies of arguments and answers, as across a wall. */
export const answersCaller =
  (answers: Readonly<Record<string, unknown>>): Caller =>
  (name, args) => {
    const copies = args && (decode(encode(args, "arguments")) as unknown[]);
    return invoke(answers[name], name, copies, Number.POSITIVE_INFINITY);
  };

/** Calls into the functions that cells declare. */
export function cellsCaller(cells: readonly string[], exports: readonly string[], modules: Modules): Caller {
  let loaded: Promise<Caller> | undefined;
  return async (name, args) => {
    loaded ??= import("./cells.js").then(async ({ loadCells }) =>
      answersCaller(await loadCells(cells, exports, modules)),
    );
    return (await loaded)(name, args);
  };
}

/** The master's own answer to an exercise. */
export function solutionCaller(pack: Pack, exercise: Exercise): Caller {
  let caller: Caller | undefined;
  return async (name, args) => {
    if (!caller) {
      const { codeCells } = await import("./cells.js");
      const cells = codeCells(readNotebook(masterFile(pack, exercise)));
      caller = cellsCaller(cells, exercise.exports, await modulesFor(exercise));
    }
    return caller(name, args);
  };
}
