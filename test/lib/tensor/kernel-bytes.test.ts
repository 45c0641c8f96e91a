import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const path = (below: string): string => fileURLToPath(new URL(`../../../${below}`, import.meta.url));
/** As it was committed: Windows may have checked it out with other line ends. */
const text = (file: string): string => readFileSync(file, "utf8").replaceAll("\r\n", "\n");
const simd = path("lib/src/tensor/kernels/simd");

test("the kernels' bytes were built from the assembly beside them", () => {
  const hash = createHash("sha256");
  for (const file of readdirSync(`${simd}/assembly`).sort()) hash.update(text(`${simd}/assembly/${file}`));
  const [, builtFrom] = text(`${simd}/binary.ts`).match(/sha256 of assembly\/: (\w+)/)!;
  expect(builtFrom, "assembly/ was changed: npm run kernels, in bench/").toBe(hash.digest("hex"));
});

// The compiler comes with the benchmarks' packages, which learners and CI do without: the hash above holds there.
if (existsSync(path("bench/node_modules/assemblyscript"))) {
  test("building them again gives the same bytes", () => {
    const check = [path("bench/build-kernels.mjs"), "--check"];
    const { stdout, status } = spawnSync(process.execPath, check, { encoding: "utf8" });
    expect([stdout.trim(), status]).toEqual(["binary.ts is what assembly/ builds", 0]);
  }, 60_000);
}
