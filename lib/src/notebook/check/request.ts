import { nameOf } from "../../exercise/numbers.js";
import { asksForValues, checkedLater, type Exercise, findExercise, markedByHand } from "../../exercise/pack.js";
import type { Answers } from "./client.js";

export type Request = { readonly exercise: Exercise; readonly answers: Answers } | { readonly misuse: string };

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

/** Makes sense of what `check` was given, or says in one line what is wrong with it. */
export function readRequest(exercises: readonly Exercise[], id: unknown, given: unknown): Request {
  const { found, meant } = findExercise(exercises, id);
  if (!found) {
    const said = typeof id === "string" ? JSON.stringify(id) : typeof id === "number" ? id : nameOf(id);
    const rest = meant ? `did you mean ${meant.id}?` : `they go from ${exercises[0]?.id} to ${exercises.at(-1)?.id}`;
    return { misuse: `check: there is no exercise ${said}; ${rest}` };
  }
  if (markedByHand(found)) {
    return { misuse: `check: ${found.id} is marked by hand; write your answer into the cell under its card` };
  }
  if (checkedLater(found)) return { misuse: `check: ${found.id} is checked when it is handed in, not here` };
  const values = asksForValues(found);
  const noun = values ? "the constant" : "the function";
  const names = found.exports.join(", ");
  const how = `pass ${noun}${found.exports.length > 1 ? "s" : ""} ${listed(found.exports)}: await check("${found.id}", { ${names} })`;
  const where = `check("${found.id}")`;
  if (typeof given === "function")
    return { misuse: `${where}: put braces around the name: await check("${found.id}", { ${names} })` };
  if (typeof given !== "object" || given === null) return { misuse: `${where}: ${how}` };
  const answers = given as Answers;
  const missing = found.exports.find((name) => answers[name] === undefined);
  if (missing) {
    const other = Object.keys(answers).filter((name) => !found.exports.includes(name));
    return { misuse: `${where}: ${how}${other.length > 0 ? `; got ${listed(other)}` : ""}` };
  }
  const mixed = found.kind === "experiment"; // a function, and what it measured
  const odd = values || mixed ? undefined : found.exports.find((name) => typeof answers[name] !== "function");
  if (odd) return { misuse: `${where}: ${odd} must be a function, got ${nameOf(answers[odd])}` };
  return { exercise: found, answers };
}
