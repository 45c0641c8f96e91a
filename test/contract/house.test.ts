import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const source = fileURLToPath(new URL("../../lib/src", import.meta.url));

/** The rooms of the house, lowest first: a file may import from its own floor's rooms only its own, and from every floor below. */
const floors = [
  ["tensor"],
  ["cells", "layers"],
  ["sequence"],
  ["compile"],
  ["training", "tasks", "measure"],
  ["experiments"],
  ["figures"],
  ["exercise"],
  ["explore", "notebook"],
  ["grader"],
  ["book"],
  ["slides"],
  ["cli"],
];
const floorOf = (room: string): number => floors.findIndex((rooms) => rooms.includes(room));
const allowed = (from: string, to: string): boolean => from === to || floorOf(to) < floorOf(from) || shared(from, to);
/** Floors whose rooms build on each other from left to right. */
const shared = (from: string, to: string): boolean =>
  floorOf(from) === floorOf(to) && floors[floorOf(to)].indexOf(to) < floors[floorOf(from)].indexOf(from);

const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
const rooms = files.filter((file) => file.includes(sep));
const roomOf = (file: string): string => file.split(sep)[0];

function importsOf(file: string): string[] {
  const text = readFileSync(join(source, file), "utf8");
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(([, specifier]) => specifier);
  return specifiers.map((specifier) => relative(source, join(source, dirname(file), specifier)));
}

test("every folder of lib/src is a room on some floor", () => {
  expect(rooms.map(roomOf).filter((room) => floorOf(room) < 0)).toEqual([]);
});

test("imports only point down", () => {
  const upward = rooms.flatMap((file) =>
    importsOf(file)
      .filter((target) => !target.includes(sep) || !allowed(roomOf(file), roomOf(target)))
      .map((target) => `${file} imports ${target}`),
  );
  expect(upward).toEqual([]);
});

test("only notebook, grader and cli know Jupyter or vitest", () => {
  const knowing = rooms.filter((file) => /from "(tslab|zeromq|vitest)/.test(readFileSync(join(source, file), "utf8")));
  expect(knowing.filter((file) => !["notebook", "grader", "cli", "exercise"].includes(roomOf(file)))).toEqual([]);
});

const queue = fileURLToPath(new URL("../../queue/src", import.meta.url));
const queueFiles = readdirSync(queue).map((file) => join(queue, file));

test("no file of the library or of the queue is over 400 lines", () => {
  const all = [...files.map((file) => join(source, file)), ...queueFiles];
  expect(all.filter((file) => readFileSync(file, "utf8").split("\n").length > 401)).toEqual([]);
});

test("the library never imports the queue or its packages, but by a path that is made when --queue is said", () => {
  const imports = /(?:from|import)\s*\(?\s*["'](?:bullmq|ioredis|unrolled-queue|[./]+queue\/)/;
  expect(files.filter((file) => imports.test(readFileSync(join(source, file), "utf8")))).toEqual([]);
  const { workspaces, dependencies, devDependencies } = JSON.parse(
    readFileSync(join(queue, "../../package.json"), "utf8"),
  );
  expect(workspaces).toEqual(["lib"]);
  expect(Object.keys({ ...dependencies, ...devDependencies }).filter((name) => /bullmq|redis/.test(name))).toEqual([]);
});
