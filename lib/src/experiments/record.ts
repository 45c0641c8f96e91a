import { createHash } from "node:crypto";

/**
 * A finished experiment, as `notebooks/data/` keeps it. Equal code and config give equal results, bit for bit; the
 * fields outside config and results (when, where, how long) may differ, and the hash leaves them out.
 */
export interface ExperimentRecord<Config = unknown, Results = unknown> {
  readonly experiment: string;
  readonly tier: Tier;
  /** Everything the results depend on. */
  readonly config: Config;
  readonly seeds: readonly number[];
  /** Of the package that ran it. */
  readonly version: string;
  /** Of the repository; ends in "+" where the library had changes that were not committed. */
  readonly commit: string;
  readonly node: string;
  readonly wallSeconds: number;
  readonly results: Results;
  /** SHA-256 over the canonical JSON of { config, results }. */
  readonly hash: string;
}

/** "quick" fits ten minutes on two cores; "full" has more seeds and longer runs. */
export type Tier = "quick" | "full";
export const tiers: readonly Tier[] = ["quick", "full"];

/** JSON with sorted keys and no spaces: one text per value, whatever order its properties were written in. */
export function canonicalJson(value: unknown): string {
  const sorted = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(sorted);
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(
      Object.entries(part)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, v]) => [name, sorted(v)]),
    );
  };
  return JSON.stringify(sorted(value));
}

export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** The hash that seals a record. */
export function hashOf({ config, results }: { config: unknown; results: unknown }): string {
  return sha256(canonicalJson({ config, results }));
}

/** The first place where two JSON values differ: "steps: 10, now 20". Undefined when they are equal. */
export function firstDifference(then: unknown, now: unknown, path = ""): string | undefined {
  if (canonicalJson([then]) === canonicalJson([now])) return undefined;
  if (typeof then !== "object" || typeof now !== "object" || then === null || now === null) {
    return `${path || "config"}: ${JSON.stringify(then)}, now ${JSON.stringify(now)}`;
  }
  const names = [...new Set([...Object.keys(then), ...Object.keys(now)])];
  const part = (value: object, name: string): unknown => (value as Record<string, unknown>)[name];
  for (const name of names) {
    const found = firstDifference(part(then, name), part(now, name), path ? `${path}.${name}` : name);
    if (found) return found;
  }
  return `${path || "config"} differs`;
}
