// Builds the SIMD kernels of lib/src/tensor/kernels/simd/assembly into binary.ts, and with --check says whether they are
// the ones committed there:  npm run kernels [-- --check]
// The hash of what they were built from stands beside them, so that `npm test` can tell without AssemblyScript.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const folder = fileURLToPath(new URL("../lib/src/tensor/kernels/simd/", import.meta.url));
const target = `${folder}binary.ts`;

async function build(relaxed) {
  const files = {};
  const settings = ["-O3", "--noAssert", "--runtime", "stub", "--importMemory", "-u", `RELAXED=${relaxed ? 1 : 0}`];
  const features = ["--enable", "simd", "--enable", "bulk-memory", ...(relaxed ? ["--enable", "relaxed-simd"] : [])];
  const { error, stderr } = await asc.main(
    ["assembly/index.ts", "--baseDir", folder, "--outFile", "kernels.wasm", ...settings, ...features],
    {
      writeFile: (name, contents) => {
        files[name] = contents;
      },
    },
  );
  if (error) throw new Error(`${error.message}\n${stderr}`);
  return Buffer.from(files["kernels.wasm"]).toString("base64");
}

function hashOfSources() {
  const hash = createHash("sha256");
  for (const file of readdirSync(`${folder}assembly`).sort()) {
    hash.update(readFileSync(`${folder}assembly/${file}`, "utf8").replaceAll("\r\n", "\n"));
  }
  return hash.digest("hex");
}

const [plain, relaxed] = [await build(false), await build(true)];
const text = `// Made by \`npm run kernels\` in bench/ from assembly/. Do not edit.
// sha256 of assembly/: ${hashOfSources()}
export const plain =
  "${plain}";
export const relaxed =
  "${relaxed}";
`;
if (process.argv.includes("--check")) {
  const same = readFileSync(target, "utf8") === text;
  console.log(
    same ? "binary.ts is what assembly/ builds" : "binary.ts differs from what assembly/ builds: npm run kernels",
  );
  process.exitCode = same ? 0 : 1;
} else {
  writeFileSync(target, text);
  console.log(`binary.ts: ${Math.round((plain.length * 3) / 4)} and ${Math.round((relaxed.length * 3) / 4)} bytes`);
}
