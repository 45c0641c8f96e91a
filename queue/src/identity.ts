import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { courseRoot } from "unrolled/exercise/pack";
import type { Basis } from "unrolled/grader/keys";

/** The kinds of work that travel. */
export type Kind = "grade" | "reproduce" | "drill";
export const kinds: readonly Kind[] = ["grade", "reproduce", "drill"];

/** What a result depends on besides the job: equal on both sides, or the job is not done. */
export interface Identity {
  readonly version: string;
  /** SHA-256 of package-lock.json. */
  readonly lock: string;
  /** Of the sources and settings of the library and of this package, as they were built. */
  readonly code: string;
  readonly pack?: string;
  /** Of the secret seed, which each machine has from its own file. */
  readonly seed?: string;
  readonly tier?: string;
}

const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

/** The program as it is installed here. */
export function programIdentity(): Identity {
  const root = courseRoot();
  const { version } = JSON.parse(readFileSync(join(root, "lib/package.json"), "utf8")) as { version: string };
  return {
    version,
    lock: sha256(readFileSync(join(root, "package-lock.json"))),
    code: readFileSync(join(root, "queue/dist/.built"), "utf8").trim(),
  };
}

/** The program, and what it grades by. */
export const graderIdentity = ({ packHash, hiddenSeedHash, tier }: Basis): Identity => ({
  ...programIdentity(),
  pack: packHash,
  ...(hiddenSeedHash && { seed: hiddenSeedHash }),
  tier,
});

const fields = ["version", "lock", "code", "pack", "seed", "tier"] as const;
const words: Record<(typeof fields)[number], string> = {
  version: "version",
  lock: "lock hash",
  code: "code hash",
  pack: "pack hash",
  seed: "hash of the secret seed",
  tier: "sandbox",
};

/** The part of what a machine has that a kind of work depends on. */
export const partFor = (kind: Kind, { pack, seed, tier, ...program }: Identity): Identity =>
  kind === "grade" ? { ...program, pack, seed, tier } : program;

/** One hash of it all, which travels with each job. */
export const fitOf = (kind: Kind, identity: Identity): string => {
  const part = partFor(kind, identity);
  return sha256(JSON.stringify([kind, ...fields.map((field) => part[field] ?? null)])).slice(0, 32);
};

const short = (value: string | undefined): string =>
  value === undefined ? "none" : /^[0-9a-f]{64}$/.test(value) ? value.slice(0, 16) : value;

/** Where two differ, both values shown: "lock hash 0a1b… there, 9f8e… here". Undefined where they fit. */
export function misfit(kind: Kind, there: Identity, here: Identity): string | undefined {
  const [a, b] = [partFor(kind, there), partFor(kind, here)];
  const different = fields.filter((field) => a[field] !== b[field]);
  if (different.length === 0) return undefined;
  return different.map((field) => `${words[field]} ${short(a[field])} there, ${short(b[field])} here`).join("; ");
}

/** An identity as it is stored in Redis; undefined if it is none. */
export function readIdentity(text: string | null | undefined): Identity | undefined {
  try {
    const value = JSON.parse(text ?? "") as Record<string, unknown>;
    const read = Object.fromEntries(
      fields.map((field) => [field, value[field]]).filter(([, held]) => held !== undefined),
    );
    const sound = Object.values(read).every((held) => typeof held === "string" && /^[\w.+-]{1,100}$/.test(held));
    return sound && read.version && read.lock && read.code ? (read as unknown as Identity) : undefined;
  } catch {
    return undefined;
  }
}
