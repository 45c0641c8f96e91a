import { readdirSync, readFileSync } from "node:fs";

const TICKS = 100; // per second, as Linux reports them to user space everywhere

const readProc = (path: string): string => {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
};

function childrenOf(pid: number): number[] {
  let threads: string[];
  try {
    threads = readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
  return threads.flatMap((thread) =>
    readProc(`/proc/${pid}/task/${thread}/children`).split(" ").filter(Boolean).map(Number),
  );
}

/** The process and everything below it. */
export const familyOf = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(familyOf)];

/** CPU seconds that a process and everything below it has used; undefined where there is no /proc. */
export function cpuSeconds(pid: number): number | undefined {
  let ticks: number | undefined;
  for (const member of familyOf(pid)) {
    const stat = readProc(`/proc/${member}/stat`);
    if (!stat) continue;
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // the name before may hold anything
    ticks = (ticks ?? 0) + Number(fields[11]) + Number(fields[12]);
  }
  return ticks === undefined ? undefined : ticks / TICKS;
}
