import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { baseTree, copyTracked, dockerfileOf, type Tree } from "./image.js";
import { root, serve } from "./jupyter.js";

// Without an engine: the commands of the Dockerfile, in a Debian tree, as root. UNROLLED_TREE keeps the bare tree for the next time.
const image = mkdtempSync(join(tmpdir(), "unrolled-image-"));
const bare = process.env.UNROLLED_TREE ?? join(image, "bare");
const context = mkdtempSync(join(tmpdir(), "unrolled-context-"));
const volume = mkdtempSync(join(tmpdir(), "unrolled-home-"));
afterAll(() => {
  for (const folder of [context, volume, image]) rmSync(folder, { recursive: true, force: true });
}, 300_000);

const steps = dockerfileOf(readFileSync(join(root, "Dockerfile"), "utf8"));
let tree: Tree;

/** An empty home, as a hub mounts it over the one in the image. */
const home = { binds: [[volume, "/home/jovyan"]], user: "jovyan", folder: "/home/jovyan" } as const;
const started = (...command: string[]): string => tree.run([...tree.entrypoint, ...command], home);
const course = join(volume, "unrolled");

describe("the image, built and run in a Debian tree", { timeout: 1_200_000 }, () => {
  beforeAll(() => {
    tree = baseTree(bare, join(image, "tree"), "24");
    copyTracked(root, context);
    for (const step of steps) tree.follow(step, context);
    chmodSync(volume, 0o777);
  }, 1_800_000);

  test("an empty home gets the course, whose own commands work there", () => {
    started("true");
    expect(existsSync(join(course, "notebooks/05-gates.ipynb"))).toBe(true);
    const progress = tree.run(["npm", "run", "--silent", "progress"], { ...home, folder: "/home/jovyan/unrolled" });
    expect(progress).toMatch(/0 of \d+ points/);
  });

  test("the kernel runs a lesson and an exercise from the learner's copy", () => {
    for (const notebook of ["notebooks/05-gates.ipynb", "exercises/05-gates.ipynb"])
      tree.run(["jupyter", "execute", "--kernel_name=unrolled", notebook], {
        ...home,
        folder: "/home/jovyan/unrolled",
      });
  });

  test("without orders it serves JupyterLab, with our kernel as the default", async () => {
    const server = await serve((port) => {
      const [program, ...args] = tree.argv(
        [...tree.entrypoint, "jupyter", "lab", "--ip=127.0.0.1", "--no-browser", `--port=${port}`],
        home,
      );
      return spawn(program, args);
    });
    try {
      const headers = { Authorization: `token ${server.token}` };
      const specs = await (await fetch(`${server.base}/api/kernelspecs`, { headers })).json();
      expect(specs).toMatchObject({ default: "unrolled" });
      const lab = await fetch(`${server.base}/lab/tree/unrolled/notebooks`, { headers });
      expect([lab.status, await lab.text()]).toEqual([200, expect.stringContaining("jupyter-config-data")]);
    } finally {
      await server.stop();
    }
  });

  test("a hub spawns it, and a learner's server answers below the hub", async () => {
    const port = 18_000 + (process.pid % 1000) * 3;
    const at = `http://127.0.0.1:${port}`;
    writeFileSync(join(volume, "hub.py"), hubConfig(port));
    const [program, ...args] = tree.argv(["jupyterhub", "-f", "hub.py"], home);
    const hub = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    hub.stderr.on("data", (text) => (said += text));
    const headers = { Authorization: "token a-secret-of-the-test" };
    const asked = async (path: string, method = "GET") =>
      (await fetch(`${at}/hub/api${path}`, { method, headers }).catch(() => undefined))?.status;
    try {
      await expect.poll(() => asked("/"), { timeout: 120_000, interval: 1000, message: said }).toBe(200);
      await asked("/users/ada", "POST");
      expect([201, 202]).toContain(await asked("/users/ada/server", "POST"));
      const specs = async () =>
        (await fetch(`${at}/user/ada/api/kernelspecs`, { headers })).json().catch(() => undefined);
      await expect.poll(specs, { timeout: 120_000, interval: 1000 }).toMatchObject({ default: "unrolled" });
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${said.slice(-3000)}`);
    } finally {
      hub.kill("SIGKILL");
    }
  });

  test("a newer image brings its exercises, and keeps the answers and the old copy", () => {
    const file = join(course, "exercises/05-gates.ipynb");
    const notebook = JSON.parse(readFileSync(file, "utf8"));
    const answer = notebook.cells.find(({ id }: { id: string }) => id === "ex-05-1-answer" || id === "ex-05-1");
    answer.source = "const mine = 1; // an answer";
    writeFileSync(file, JSON.stringify(notebook));
    writeFileSync(join(tree.folder, "opt/unrolled/.image"), "newer\n");
    started("true");
    expect(readFileSync(file, "utf8")).toContain("// an answer");
    const kept = tree
      .run(["ls"], home)
      .split("\n")
      .filter((name) => name.startsWith("unrolled-until-"));
    expect(kept).toHaveLength(1);
  });

  test("Binder's postBuild builds in a home of its own", () => {
    const repo = join(volume, "binder");
    mkdirSync(repo);
    copyTracked(root, repo);
    tree.run(["chown", "-R", "jovyan", "/home/jovyan/binder"], { ...home, user: "root" });
    const here = { ...home, folder: "/home/jovyan/binder", env: { HOME: "/home/jovyan/binder" } };
    tree.run(["./.binder/postBuild"], here);
    expect(tree.run(["jupyter", "kernelspec", "list"], here)).toContain(
      "/home/jovyan/binder/.local/share/jupyter/kernels/unrolled",
    );
  });
});

const hubConfig = (port: number): string => `
import os
c.JupyterHub.bind_url = "http://127.0.0.1:${port}"
c.JupyterHub.hub_port = ${port + 1}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:${port + 2}"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = "/home/jovyan"
c.Spawner.cmd = ["/opt/unrolled/docker/start.sh"]
c.JupyterHub.services = [{"name": "test", "api_token": "a-secret-of-the-test"}]
c.JupyterHub.load_roles = [{"name": "test", "scopes": ["admin:users", "admin:servers", "access:servers"], "services": ["test"]}]
`;
