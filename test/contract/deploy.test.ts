import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { dockerfileOf } from "../e2e/image.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const workflows = ["ci.yml", "book.yml"].map((name) => `.github/workflows/${name}`);
const steps = dockerfileOf(read("Dockerfile"));

describe("Dockerfile", () => {
  test("continued lines are one instruction, comments none", () => {
    expect(dockerfileOf("# a\nRUN one \\\n && two\n\nUSER x\n")).toEqual([
      { name: "RUN", rest: "one   && two" },
      { name: "USER", rest: "x" },
    ]);
  });

  test("runs as jovyan, number 1000, which hubs expect", () => {
    expect(steps.filter(({ name }) => name === "USER").at(-1)?.rest).toBe("jovyan");
    expect(steps.map(({ rest }) => rest).join("\n")).toMatch(/useradd .*--uid 1000 jovyan/);
  });

  test("its Node is one that the library runs on", () => {
    const [, major] = /^node:(\d+)-/.exec(steps[0].rest) ?? [];
    expect(Number(major)).toBeGreaterThanOrEqual(20);
  });

  test("what it copies away and starts is there, and may be run", () => {
    for (const file of ["docker/start.sh", "docker/jupyter_server_config.json", ".binder/postBuild"])
      expect(existsSync(join(root, file)), file).toBe(true);
    if (process.platform === "win32") return;
    for (const file of ["docker/start.sh", ".binder/postBuild"])
      expect(statSync(join(root, file)).mode & 0o111, file).not.toBe(0);
  });

  test("neither packages of this machine nor results of learners go into it", () => {
    const ignored = read(".dockerignore").split("\n");
    expect(ignored).toEqual(expect.arrayContaining([".git", "**/node_modules", "**/dist", "graded", "submitted"]));
  });
});

describe.each(workflows)("%s", (file) => {
  const text = read(file);

  test("every action is pinned to a commit, with its version beside it", () => {
    const used = [...text.matchAll(/uses: (.*)/g)].map(([, action]) => action);
    expect(used.length).toBeGreaterThan(0);
    for (const action of used) expect(action).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test("may only read the code, unless a job says why not", () => {
    expect(text).toMatch(/^permissions:\n {2}contents: read\n/m);
    expect(text).not.toMatch(/contents: write|write-all|pull_request_target/);
  });

  test("every script that it calls exists", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    for (const [, name] of text.matchAll(/npm run ([a-z:]+)/g)) expect(Object.keys(scripts)).toContain(name);
    for (const [, path] of text.matchAll(/run: (\.ci\/\w+)/g)) expect(existsSync(join(root, path))).toBe(true);
  });
});

test("book.yml: only the job that publishes may write pages", () => {
  const [before, publish] = read(".github/workflows/book.yml").split("  publish:\n");
  expect(before).not.toContain("write");
  expect(publish).toMatch(/pages: write\n {6}id-token: write/);
});

describe("CITATION.cff, by the rules of CFF 1.2.0", () => {
  const text = read("CITATION.cff");
  const top = [...text.matchAll(/^([a-z-]+):/gm)].map(([, key]) => key);

  test("has each key that must be there, once, and none that the format does not know", () => {
    expect(top).toEqual(expect.arrayContaining(["authors", "cff-version", "message", "title"]));
    expect(new Set(top).size).toBe(top.length);
    const known =
      "abstract authors cff-version commit contact date-released doi identifiers keywords license license-url message preferred-citation references repository repository-artifact repository-code title type url version";
    expect(top.filter((key) => !known.split(" ").includes(key))).toEqual([]);
    expect(text).toMatch(/^cff-version: 1\.2\.0$/m);
  });

  test("names the version and the license of package.json", () => {
    const { version, license } = JSON.parse(read("package.json")) as Record<string, string>;
    expect(text).toMatch(new RegExp(`^version: ${version}$`, "m"));
    expect(text).toMatch(new RegExp(`^license: ${license}$`, "m"));
  });
});

describe("docs/deploy.md", () => {
  const page = read("docs/deploy.md");

  test("every file and script that it names is there", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    for (const [, name] of page.matchAll(/npm run ([a-z:]+)/g)) expect(Object.keys(scripts)).toContain(name);
    for (const [, file] of page.matchAll(/`((?:\.github|docker|\.binder)\/[\w./-]*)`/g))
      expect(existsSync(join(root, file)), file).toBe(true);
  });

  test("says the versions that the image has", () => {
    const node = /^node:(\d+)-/.exec(steps[0].rest)?.[1];
    expect(page).toContain(`Node ${node}`);
  });
});
