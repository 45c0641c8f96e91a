import type { Modules } from "./cells.js";
import { invoke } from "./invoke.js";
import { readNotebook } from "./nbformat.js";
import { notStarted } from "./not-started.js";
import { type Exercise, masterFile, type Pack } from "./pack.js";
import type { Caller } from "./subject.js";
import { decode, encode } from "./values.js";

/** What the cells of exercises may import when they are run for a check of the course itself. */
const modules: Modules = { unrolled: { notStarted, check: async () => undefined } };

/** Calls into the functions that cells declare, with copies of arguments and answers, as across a wall. */
export function cellsCaller(cells: readonly string[], exports: readonly string[]): Caller {
  let loaded: Promise<Record<string, unknown>> | undefined;
  return async (name, args) => {
    loaded ??= import("./cells.js").then(({ loadCells }) => loadCells(cells, exports, modules));
    const copies = args && (decode(encode(args, "arguments")) as unknown[]);
    return invoke((await loaded)[name], name, copies);
  };
}

/** The master's own answer to an exercise. */
export function solutionCaller(pack: Pack, exercise: Exercise): Caller {
  let caller: Caller | undefined;
  return async (name, args) => {
    if (!caller) {
      const { codeCells } = await import("./cells.js");
      caller = cellsCaller(codeCells(readNotebook(masterFile(pack, exercise))), exercise.exports);
    }
    return caller(name, args);
  };
}
