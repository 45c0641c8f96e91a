/** How much of what an answer prints during one check reaches the notebook. */
const MAX_CHARACTERS = 2000;

type Write = typeof process.stdout.write;

/** Lets through the first of what is printed while a check runs: an answer that logs is called many times over. */
export class Printed {
  private readonly writes = new Map<"stdout" | "stderr", Write>();
  private room = MAX_CHARACTERS;
  private hiddenLines = 0;

  constructor() {
    for (const name of ["stdout", "stderr"] as const) {
      const direct = process[name].write;
      this.writes.set(name, direct);
      process[name].write = ((chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
        const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
        if (this.room > 0) {
          this.room -= text.length;
          return (direct as (...args: unknown[]) => boolean).call(process[name], chunk, ...rest);
        }
        this.hiddenLines += text.split("\n").length - 1;
        const done = rest.at(-1);
        if (typeof done === "function") queueMicrotask(() => done());
        return true;
      }) as Write;
    }
  }

  /** Gives printing back; says how many lines were left out, if any. */
  end(): string | undefined {
    for (const [name, write] of this.writes) process[name].write = write;
    if (this.hiddenLines === 0) return undefined;
    return `your code printed ${this.hiddenLines} more line${this.hiddenLines === 1 ? "" : "s"} while it was checked; they are not shown`;
  }
}
