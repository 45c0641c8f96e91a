import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { courseRoot, type Pack } from "../exercise/pack.js";
import { sha256 } from "./intake/file.js";
import type { Tier } from "./result.js";

/** What a verdict depends on besides the submission. */
export interface Basis {
  readonly packHash: string;
  readonly lockHash: string;
  readonly hiddenSeedHash?: string;
  readonly tier: Tier;
  readonly graderVersion: string;
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();

/** Manifest, masters and suites, by name and content. */
export function packHash({ masters, suites }: Pack): string {
  const parts = [masters, suites].flatMap((folder) =>
    filesIn(folder).map((file) => [file.slice(folder.length), sha256(readFileSync(file))]),
  );
  return sha256(JSON.stringify(parts));
}

export function basisOf(pack: Pack, tier: Tier, hiddenSeed: string | undefined): Basis {
  const root = courseRoot();
  const { version } = JSON.parse(readFileSync(join(root, "lib/package.json"), "utf8")) as { version: string };
  return {
    packHash: packHash(pack),
    lockHash: sha256(readFileSync(join(root, "package-lock.json"))),
    ...(hiddenSeed !== undefined && { hiddenSeedHash: sha256(`unrolled hidden seed\n${hiddenSeed}`) }),
    tier,
    graderVersion: version,
  };
}

/** The same key means the same result: what has it need not be graded again. */
export const keyOf = (learner: string, assignment: string, submission: string, basis: Basis): string =>
  sha256(
    JSON.stringify([
      learner,
      assignment,
      submission,
      basis.packHash,
      basis.hiddenSeedHash ?? null,
      basis.tier,
      basis.graderVersion,
      basis.lockHash,
    ]),
  );
