import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { notebookText, readNotebook } from "../../lib/src/exercise/nbformat.js";
import { coursePack, courseRoot } from "../../lib/src/exercise/pack.js";
import { releaseNotebook } from "../../lib/src/exercise/release/release.js";
import { stamp } from "../../lib/src/exercise/release/stamp.js";
import { classroomBundle } from "../../lib/src/grader/export/bundles/classroom.js";
import { type BundleSource, courseFiles, exercisesOf } from "../../lib/src/grader/export/bundles/course-files.js";
import { gradescopeBundle } from "../../lib/src/grader/export/bundles/gradescope.js";
import { nbgraderBundle } from "../../lib/src/grader/export/bundles/nbgrader.js";
import { prairieLearnBundle } from "../../lib/src/grader/export/bundles/prairielearn.js";
import { exportForJplag } from "../../lib/src/grader/export/jplag.js";
import { type Bundle, zipped } from "../../lib/src/grader/export/zip.js";

const root = courseRoot();
const pack = coursePack(root);
const source: BundleSource = { root, pack, assignment: "05-gates", seed: "a seed of the test's own" };
const master = readNotebook(join(pack.masters, "05-gates.ipynb"));
const released = notebookText(releaseNotebook(stamp(master, exercisesOf(source)), exercisesOf(source)));
const points = exercisesOf(source).reduce((sum, exercise) => sum + exercise.points, 0);
const work = mkdtempSync(join(tmpdir(), "unrolled-bundles-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const textOf = (bundle: Bundle, path: string): string => Buffer.from(bundle.get(path)?.data as Uint8Array).toString();
const read = (path: string): string => readFileSync(join(work, path), "utf8");

function put(folder: string, bundle: Bundle): void {
  for (const [path, { data, run }] of bundle) {
    const file = join(work, folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, data);
    if (run) chmodSync(file, 0o755);
  }
}

interface ZipEntry {
  readonly fileName: string;
  readonly externalFileAttributes: number;
}
interface ZipReader {
  on(event: "end", then: () => void): ZipReader;
  on(event: "error", then: (error: Error) => void): ZipReader;
  on(event: "entry", then: (entry: ZipEntry) => void): ZipReader;
  openReadStream(entry: ZipEntry, then: (error: Error | null, stream: AsyncIterable<Buffer>) => void): void;
  readEntry(): void;
}
const { fromBuffer } = createRequire(import.meta.url)("yauzl") as {
  fromBuffer(data: Buffer, options: object, then: (error: Error | null, zip: ZipReader) => void): void;
};

/** The entries of a zip: name, text and Unix mode. */
const unzipped = (data: Buffer): Promise<Map<string, { text: string; mode: number }>> =>
  new Promise((resolve, reject) => {
    const found = new Map<string, { text: string; mode: number }>();
    fromBuffer(data, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      zip.on("error", reject).on("end", () => resolve(found));
      zip.on("entry", (entry) => {
        zip.openReadStream(entry, async (problem, stream) => {
          if (problem) return reject(problem);
          const parts: Buffer[] = [];
          for await (const part of stream) parts.push(part);
          found.set(entry.fileName, {
            text: Buffer.concat(parts).toString(),
            mode: entry.externalFileAttributes >>> 16,
          });
          zip.readEntry();
        });
      });
      zip.readEntry();
    });
  });

describe("zipped", () => {
  test("another reader finds names, texts and modes; the same files give the same bytes", async () => {
    const files: Bundle = new Map([
      ["run me.sh", { data: "#!/bin/sh\n", run: true }],
      ["ordner/Zoë 🎓.txt", { data: "grüße".repeat(1000) }],
      ["empty", { data: new Uint8Array() }],
    ]);
    const entries = await unzipped(zipped(files));
    expect(Object.fromEntries(entries)).toEqual({
      "run me.sh": { text: "#!/bin/sh\n", mode: 0o100755 },
      "ordner/Zoë 🎓.txt": { text: "grüße".repeat(1000), mode: 0o100644 },
      empty: { text: "", mode: 0o100644 },
    });
    expect(zipped(new Map([...files].reverse())).equals(zipped(files))).toBe(true);
  });
});

describe("courseFiles", () => {
  test("holds one assignment and no other's solution", () => {
    const files = courseFiles(source);
    const solutions = [...files.keys()].filter((path) => /\.ipynb$|exercises\/\d\d-/.test(path));
    expect(solutions.sort()).toEqual(["solutions/05-gates.ipynb", "test/exercises/05-gates.test.ts"]);
    const ids = JSON.parse(textOf(files, "solutions/manifest.json")).map(({ id }: { id: string }) => id);
    expect(ids.every((id: string) => id.startsWith("05."))).toBe(true);
  });

  test("an unknown assignment is refused with those there are", () => {
    expect(() => courseFiles({ ...source, assignment: "99-none" })).toThrow(
      /^there is no assignment "99-none"; there are .*05-gates/,
    );
  });
});

describe("what is laid out", () => {
  test("gradescope: setup.sh and run_autograder lie at the root of the zip and may be run", async () => {
    const entries = await unzipped(zipped(gradescopeBundle(source)));
    for (const script of ["setup.sh", "run_autograder"]) {
      expect(entries.get(script)?.mode).toBe(0o100755);
      expect(entries.get(script)?.text).toMatch(/^#!\/usr\/bin\/env bash\n/);
    }
    expect(entries.get("course/hidden-seed.txt")?.text).toBe("a seed of the test's own\n");
  });

  test("classroom: the template has the stubs and no solution; the workflow runs the grader and the reporter", () => {
    const bundle = classroomBundle(source, released);
    const template = [...bundle].filter(([path]) => path.startsWith("template/"));
    expect(template.map(([path]) => path).sort()).toEqual([
      "template/.github/workflows/classroom.yml",
      "template/05-gates.ipynb",
      "template/README.md",
    ]);
    expect(template.map(([path]) => textOf(bundle, path)).join()).not.toContain("SOLUTION");
    const workflow = parse(textOf(bundle, "template/.github/workflows/classroom.yml"));
    expect(workflow.permissions).toEqual({ checks: "write", actions: "read", contents: "read" });
    const { steps } = workflow.jobs["run-autograding-tests"];
    expect(steps[1].with.repository).toBe(`\${{ github.repository_owner }}/unrolled-grader`);
    expect(steps[3]).toEqual({ id: "unrolled", run: "grader/grade.sh" });
    expect(steps[4].with.runners).toBe("unrolled");
    expect(Object.keys(steps[4].env)).toEqual(["UNROLLED_RESULTS"]); // the reporter asks for <RUNNER>_RESULTS
    expect(textOf(classroomBundle(source, released, { repository: "me/mine" }), template[1][0])).toBeDefined();
  });

  test("prairielearn: info.json asks for external grading without a network; the student's folder has no solution", () => {
    const bundle = prairieLearnBundle(source, released, { image: "registry.example/unrolled:1" });
    const info = JSON.parse(textOf(bundle, "questions/unrolled-05-gates/info.json"));
    expect(info.uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(info).toMatchObject({
      type: "v3",
      gradingMethod: "External",
      externalGradingOptions: {
        enabled: true,
        image: "registry.example/unrolled:1",
        entrypoint: "/unrolled/run.sh",
        timeout: 120,
        enableNetworking: false,
      },
    });
    const html = textOf(bundle, "questions/unrolled-05-gates/question.html");
    expect(html).toContain('<pl-file-upload file-names="05-gates.ipynb">');
    expect(html).toContain("<pl-external-grader-results>");
    const student = [...bundle.keys()].filter((path) => path.startsWith("questions/"));
    expect(student.map((path) => textOf(bundle, path)).join()).not.toContain("SOLUTION");
    expect(textOf(bundle, "image/Dockerfile")).toContain("COPY course /unrolled");
  });

  test.skipIf(spawnSync("python3", ["--version"]).status !== 0)(
    "nbgrader: the config is Python that nbgrader can load",
    () => {
      const bundle = nbgraderBundle(source, released);
      put("nbgrader", bundle);
      const script = `import json
class Part(dict):
    def __getattr__(self, name): return self.setdefault(name, Part())
    def __setattr__(self, name, value): self[name] = value
c = Part()
exec(open("nbgrader_config.py").read(), {"get_config": lambda: c})
print(json.dumps(c))`;
      const config = JSON.parse(
        execFileSync("python3", ["-c", script], { cwd: join(work, "nbgrader"), encoding: "utf8" }),
      );
      expect(config.ClearSolutions.code_stub).toHaveProperty("typescript"); // nbgrader raises without a stub for the language
      expect(config.ClearSolutions.begin_solution_delimeter).toBe("BEGIN SOLUTION");
      expect([...bundle.keys()].sort()).toEqual([
        "nbgrader_config.py",
        "release/05-gates/05-gates.ipynb",
        "source/05-gates/05-gates.ipynb",
        "submitted/.gitkeep",
      ]);
      expect(textOf(bundle, "release/05-gates/05-gates.ipynb")).not.toContain("SOLUTION");
    },
  );
});

const sandboxed = spawnSync("bwrap", ["--ro-bind", "/", "/", "true"]).status === 0;

/** Runs a script in a root of its own, without a network, with a folder mounted where a service would have it. */
function inContainer(
  mounts: readonly [string, string][],
  course: string,
  command: string[],
  env: Record<string, string> = {},
) {
  const system = ["/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc", "/opt"].filter((path) => existsSync(path));
  const node = dirname(process.execPath);
  const args = [
    ...system.flatMap((path) => ["--ro-bind", path, path]),
    ...(node.startsWith("/usr") ? [] : ["--ro-bind", node, node]),
    ...["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--dir", "/var/tmp"],
    ...mounts.flatMap(([from, to]) => ["--bind", join(work, from), to]),
    ...["node_modules", "lib/dist"].flatMap((made) => ["--ro-bind", join(root, made), `${course}/${made}`]),
    ...["--unshare-net", "--unshare-pid", "--die-with-parent", "--new-session", "--clearenv"],
    ...["--setenv", "PATH", `${node}:/usr/bin:/bin:/usr/sbin:/sbin`, "--setenv", "HOME", "/tmp"],
    ...Object.entries(env).flatMap(([name, value]) => ["--setenv", name, value]),
    ...["CAP_SETUID", "CAP_SETGID", "CAP_KILL", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER"].flatMap((cap) =>
      process.getuid?.() === 0 ? ["--cap-add", cap] : [],
    ),
  ];
  const done = spawnSync("bwrap", [...args, ...command], { encoding: "utf8", timeout: 110_000, killSignal: "SIGKILL" });
  return { status: done.status, said: `${done.stdout}${done.stderr}` };
}

/** Places to mount what `npm ci` and the compiler make, so that a test needs neither network nor half a minute. */
function prebuilt(course: string): void {
  for (const made of ["lib/dist", "node_modules"]) mkdirSync(join(work, course, made), { recursive: true });
}

describe.skipIf(!sandboxed)("run where the services run it", () => {
  test("gradescope: setup.sh, then run_autograder on full marks, on stubs, and on nothing", {
    timeout: 180_000,
  }, () => {
    put("autograder/source", gradescopeBundle(source));
    prebuilt("autograder/source/course");
    const mounts: [string, string][] = [["autograder", "/autograder"]];
    const run = (script: string) => inContainer(mounts, "/autograder/source/course", ["/bin/bash", "-c", script]);
    expect(run("cd /autograder/source && ./setup.sh && cp run_autograder /autograder/")).toMatchObject({ status: 0 });
    expect(statSync(join(work, "autograder/source/course/hidden-seed.txt")).mode & 0o077).toBe(0);

    const graded = (notebooks: Record<string, string>) => {
      rmSync(join(work, "autograder/submission"), { recursive: true, force: true });
      rmSync(join(work, "autograder/results"), { recursive: true, force: true });
      mkdirSync(join(work, "autograder/submission"), { recursive: true });
      for (const [name, text] of Object.entries(notebooks))
        writeFileSync(join(work, "autograder/submission", name), text);
      const { status, said } = run("cd /autograder && ./run_autograder");
      expect(said).toMatch(/^05-gates: /m);
      expect(status).toBe(0);
      return JSON.parse(read("autograder/results/results.json"));
    };
    const metadata = {
      created_at: "2026-10-05T14:22:32.365935-07:00",
      users: [{ email: "ada@example.org", name: "Ada" }],
    };
    writeFileSync(join(work, "autograder/submission_metadata.json"), JSON.stringify(metadata));
    const full = graded({ "05-gates.ipynb": notebookText(master) });
    expect(full.score).toBe(points);
    expect(full.extra_data.tier).toMatch(/^(strict|uid)$/);
    expect(graded({ "renamed by me.ipynb": released }).score).toBe(0);
    const none = graded({});
    expect(none).not.toHaveProperty("score");
    expect(none.output).toContain("hand in one notebook, 05-gates.ipynb; 0 were found");
  });

  test("prairielearn: the entry script writes /grade/results/results.json", { timeout: 120_000 }, () => {
    const bundle = prairieLearnBundle(source, released, { image: "unrolled/grader" });
    put("pl", bundle);
    prebuilt("pl/image/course");
    cpSync(join(work, "pl/image/run.sh"), join(work, "pl/image/course/run.sh"));
    mkdirSync(join(work, "grade/student"), { recursive: true });
    mkdirSync(join(work, "grade/data"), { recursive: true });
    writeFileSync(join(work, "grade/data/data.json"), "{}");
    writeFileSync(join(work, "grade/student/05-gates.ipynb"), notebookText(master));
    const { entrypoint } = JSON.parse(textOf(bundle, "questions/unrolled-05-gates/info.json")).externalGradingOptions;
    const mounts: [string, string][] = [
      ["pl/image/course", "/unrolled"],
      ["grade", "/grade"],
    ];
    const { status, said } = inContainer(mounts, "/unrolled", [entrypoint]);
    expect(said).toContain(`05-gates: ${points} of ${points} points`);
    expect(status).toBe(0);
    expect(JSON.parse(read("grade/results/results.json"))).toMatchObject({ gradable: true, score: 1 });
  });

  test("classroom: the step of the workflow sets its output for the reporter", { timeout: 120_000 }, () => {
    put("classroom", classroomBundle(source, released));
    prebuilt("classroom/grader/course");
    cpSync(join(work, "classroom/template"), join(work, "classroom/submission"), { recursive: true });
    writeFileSync(join(work, "classroom/output"), "");
    const env = { GITHUB_WORKSPACE: "/github", GITHUB_OUTPUT: "/github/output", GITHUB_ACTOR: "ada" };
    const { status, said } = inContainer(
      [["classroom", "/github"]],
      "/github/grader/course",
      ["/bin/bash", "-c", "cd /github && grader/grade.sh"],
      env,
    );
    expect(said).toContain(`05-gates: 0 of ${points} points`);
    expect(status).toBe(0);
    const [, payload] = /^result=(\S+)\n$/.exec(read("classroom/output")) ?? [];
    const result = JSON.parse(Buffer.from(payload, "base64").toString());
    expect(result).toMatchObject({ version: 1, status: "fail", max_score: points });
    expect(result.tests.every(({ message }: { message: string }) => message === "not started")).toBe(true);
  });
});

describe("exportForJplag", () => {
  beforeAll(() => {
    mkdirSync(join(work, "jplag-in"), { recursive: true });
    writeFileSync(join(work, "jplag-in/ada.ipynb"), notebookText(master));
    writeFileSync(join(work, "jplag-in/stub.ipynb"), released);
    writeFileSync(join(work, "jplag-in/broken.ipynb"), "{");
  });

  test("answers only: no setup, no stub, nothing of the course's; a broken file costs no one else", async () => {
    const submissions = ["broken", "ada", "stub"].map((learner) => ({
      file: join(work, `jplag-in/${learner}.ipynb`),
      learner,
    }));
    const summary = await exportForJplag(submissions, pack, join(work, "jplag"));
    const code = exercisesOf(source).filter(({ kind }) => kind !== "explain").length;
    expect(summary).toMatchObject({ learners: 1, unreadable: [{ learner: "broken" }] });
    expect(summary.files).toBeGreaterThanOrEqual(code);
    const answer = read("jplag/ada/05-gates-ex-05-3-answer.ts");
    expect(answer).toContain("function lstmStep");
    expect(answer).not.toContain("import ");
    expect(existsSync(join(work, "jplag/stub"))).toBe(false);
  });
});
