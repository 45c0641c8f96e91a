import { readFileSync } from "node:fs";

/** Whether a process has not ended. One that nobody has waited for keeps its number beyond that. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== "linux") return true;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2)); // the name before may hold anything
  } catch {
    return false;
  }
}
