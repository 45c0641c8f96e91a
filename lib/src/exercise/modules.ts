import type { Modules } from "./cells.js";
import { notStarted } from "./not-started.js";
import type { Exercise } from "./pack.js";

type Names = Readonly<Record<string, unknown>>;

/** What any exercise may import; where cells are loaded for a check these do nothing. */
export const own: Names = { notStarted, check: async () => undefined, progress: () => undefined };

/** Stands for a name outside the allowlist: another exercise's setup may import it, but using it is an error. */
function refused(name: string, { id, imports }: Pick<Exercise, "id" | "imports">): unknown {
  const refuse = (): never => {
    throw new TypeError(`${id} may not use ${name}; it may import ${imports.join(" ") || "nothing but notStarted"}`);
  };
  return new Proxy(class {}, { apply: refuse, construct: refuse, get: refuse });
}

/** Names of a module of which the exercise may use some: the others are there to be imported, not to be used. */
export const only = (names: Names, exercise: Pick<Exercise, "id" | "imports">): Names =>
  new Proxy(names, {
    get: (all, name) =>
      typeof name !== "string" || name === "then" || Object.hasOwn(all, name)
        ? Reflect.get(all, name)
        : refused(name, exercise),
  });

/**
 * What the cells of an exercise may import: the `imports` of its manifest entry, "mathjs" or "unrolled:tensor,sigmoid",
 * and the names that every exercise uses.
 * @throws RangeError if the allowlist names what a module does not have
 */
export async function modulesFor(exercise: Pick<Exercise, "id" | "imports">): Promise<Modules> {
  const modules: Record<string, Names> = { unrolled: own };
  for (const entry of exercise.imports) {
    const [module, list] = entry.split(":");
    const all = (await import(module)) as Names;
    const names = list?.split(",") ?? Object.keys(all);
    const unknown = names.find((name) => !(name in all));
    if (unknown !== undefined) throw new RangeError(`${exercise.id}: ${module} has no ${unknown}`);
    modules[module] = { ...modules[module], ...Object.fromEntries(names.map((name) => [name, all[name]])) };
  }
  return Object.fromEntries(Object.entries(modules).map(([name, names]) => [name, only(names, exercise)]));
}
