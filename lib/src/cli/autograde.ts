import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { coursePack } from "../exercise/pack.js";
import { autograde, type Service, services } from "../grader/export/autograde.js";
import { readVisibility, type Visibility } from "../grader/export/gradescope.js";
import type { Tier } from "../grader/result.js";

const USAGE = `usage: unrolled autograde <${services.join(" | ")}> --root <folder> [--tier <name>] [--hidden-tests <when>]
Grades the one submission inside a service's container. \`unrolled export\` writes the scripts that call this.`;

/** `unrolled autograde gradescope --root /autograder`: inside the container of a grading service. */
export async function main(args: string[], { root: course }: { root: string }): Promise<number> {
  let service: string | undefined;
  let root: string | undefined;
  let tier: string | undefined;
  let hiddenTests: Visibility;
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { root: { type: "string" }, tier: { type: "string" }, "hidden-tests": { type: "string" } },
    });
    ({ root, tier } = values);
    hiddenTests = readVisibility(values["hidden-tests"]);
    [service] = positionals;
    if (!services.includes(service as Service) || positionals.length > 1)
      throw new RangeError(`name one service of ${services.join(", ")}, got ${positionals.join(" ") || "none"}`);
    if (root === undefined) throw new RangeError("--root must name the service's folder");
  } catch (error) {
    console.error(`autograde: ${(error as Error).message}\n${USAGE}`);
    return 2;
  }
  const seedFile = join(course, "hidden-seed.txt");
  const hiddenSeed = existsSync(seedFile) ? readFileSync(seedFile, "utf8").trim() : undefined;
  const result = await autograde({
    service: service as Service,
    root: resolve(root),
    pack: coursePack(course),
    hiddenSeed,
    tier: tier as Tier | undefined,
    shown: { hiddenTests },
  });
  const verdict = result.gradable ? `${result.earned} of ${result.points} points` : "not gradable";
  console.log(`${result.assignment}: ${verdict}; sandbox ${result.tier}, ${result.seconds.toFixed(1)} s`);
  return 0; // the verdict is in the results: services take any other code for a crash of the grader
}
