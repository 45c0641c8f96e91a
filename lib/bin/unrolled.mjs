#!/usr/bin/env node
// Sets up what is missing on this machine (packages, build), then runs one command of the course.
// Plain JavaScript on purpose: it must run before anything is installed or built.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundlePage } from "./bundle-page.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const dist = join(root, "lib/dist");
const needed = [20, 19];

function fail(message) {
  console.error(message);
  process.exit(1);
}

function hashOf(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(relative(root, file)).update(readFileSync(file));
  return hash.digest("hex");
}

/** Runs a step, says how long it took, and ends with its output where it failed. */
async function timed(label, run) {
  const start = performance.now();
  process.stderr.write(`${label} … `);
  const problem = await run();
  if (problem) fail(`failed\n${problem}`);
  process.stderr.write(`${((performance.now() - start) / 1000).toFixed(1)} s\n`);
}

function command(program, args, options = {}) {
  const done = spawnSync(program, args, { cwd: root, encoding: "utf8", ...options });
  if (done.error) return `${program}: ${done.error.message}`;
  return done.status === 0 ? undefined : `${done.stdout ?? ""}${done.stderr ?? ""}`;
}

/** Whether npm's own record of node_modules holds every package that the lock file asks for. */
function isInstalled(withTools) {
  const record = join(root, "node_modules/.package-lock.json");
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, "utf8")).packages;
  const wanted = Object.entries(JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages);
  return wanted
    .filter(
      ([path, { optional, link, dev }]) => path.includes("node_modules/") && !optional && !link && (withTools || !dev),
    )
    .every(([path, { version }]) => installed[path]?.version === version);
}

/** Learning needs less than testing: without linters, browser drivers and the like the install is two fifths smaller. */
async function installPackages(withTools) {
  if (isInstalled(withTools)) return;
  const everything = withTools || existsSync(join(root, "node_modules/@biomejs"));
  await timed("Installing npm packages", () => {
    const windows = process.platform === "win32"; // npm is a .cmd file there, which only a shell can start
    const omit = everything ? [] : ["--omit=dev"];
    return command("npm", ["ci", ...omit, "--no-audit", "--no-fund", "--loglevel=error"], { shell: windows });
  });
}

async function buildLibrary() {
  const source = join(root, "lib/src");
  const files = readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
  const settings = ["tsconfig.base.json", "lib/tsconfig.json", "lib/bin/bundle-page.mjs"].map((file) =>
    join(root, file),
  );
  const stamp = join(dist, ".built");
  const input = hashOf([...files, ...settings]);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === input) return;
  await timed("Building the library", async () => {
    rmSync(dist, { recursive: true, force: true });
    const problem = command(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", join(root, "lib")]);
    return problem ?? bundlePage(root).catch((error) => error.message);
  });
  writeFileSync(`${stamp}.new`, input);
  renameSync(`${stamp}.new`, stamp);
}

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  fail(`Unrolled needs Node ${needed.join(".")} or newer, this is ${process.versions.node}. See https://nodejs.org`);
}
const [name = "help", ...args] = process.argv.slice(2);
await installPackages(/^(test|check|soak|book|slides|bench(-.*)?)$/.test(name));
await buildLibrary();
if (name !== "build") {
  const module = join(dist, "cli", `${name}.js`);
  if (!/^[a-z-]+$/.test(name) || !existsSync(module)) {
    const known = readdirSync(join(dist, "cli"))
      .filter((file) => file.endsWith(".js"))
      .map((file) => file.slice(0, -3));
    console.error(`unrolled: no command "${name}"; there are: build, ${known.join(", ")}`);
    process.exit(2);
  }
  const { main } = await import(pathToFileURL(module).href);
  process.exitCode = await main(args, { root });
}
