// What a worker reads out of Redis, where anybody may have put it; and addresses, identities, names.
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exposure, readAddress, shown } from "../../queue/src/address.js";
import { fitOf, type Identity, misfit, readIdentity } from "../../queue/src/identity.js";
import { charterKey, queueName } from "../../queue/src/names.js";
import { packNotebook, readPayload, sizes, unpackNotebook } from "../../queue/src/payload.js";

const fit = "0".repeat(32);
const key = "a".repeat(64);
const grade = { kind: "grade", fit, key, learner: "ada", assignment: "05-gates", notebook: "H4sI" };
const run = { kind: "reproduce", fit, key, experiment: "copying", tier: "quick", run: "50, RNN" };
const drill = { kind: "drill", fit, key, number: 3, milliseconds: 5, act: "well" };

describe("readPayload", () => {
  test.each([[grade], [run], [drill]])("a sound one is taken as it is: %j", (payload) => {
    expect(readPayload(payload)).toBe(payload);
  });

  test.each([
    ["no object", "grade", "a job must be an object"],
    ["no kind", { ...grade, kind: undefined }, "of a known kind"],
    ["a kind from the prototype", { ...grade, kind: "constructor" }, "of a known kind"],
    ["a command", { ...grade, command: "sh" }, "1 unknown fields"],
    ["a tier for the sandbox", { ...grade, tier: "basic" }, "1 unknown fields"],
    ["a seed", { ...run, seed: 1 }, "1 unknown fields"],
    ["a path for an assignment", { ...grade, assignment: "../../etc" }, "a grade job's assignment is not valid"],
    ["a path for an experiment", { ...run, experiment: "./evil.js" }, "a reproduce job's experiment is not valid"],
    ["another tier", { ...run, tier: "huge" }, "a reproduce job's tier is not valid"],
    ["a run that is no text", { ...run, run: { key: "x" } }, "a reproduce job's run is not valid"],
    ["too long a name", { ...grade, learner: "x".repeat(1001) }, "a grade job's learner is not valid"],
    ["a notebook that is no base64", { ...grade, notebook: "<html>" }, "a grade job's notebook is not valid"],
    ["too large a notebook", { ...grade, notebook: "A".repeat(sizes.packed + 1) }, "notebook is not valid"],
    ["no key", { ...drill, key: "1" }, "a drill job's key is not valid"],
    ["years of sleep", { ...drill, milliseconds: 1e12 }, "a drill job's milliseconds is not valid"],
    ["an act it does not know", { ...drill, act: "exec" }, "a drill job's act is not valid"],
    ["inherited fields", Object.create(drill), "a drill job's fit is not valid"],
  ])("%s is refused", (_, payload, message) => {
    expect(() => readPayload(payload)).toThrow(message);
  });

  test("the message never quotes what came", () => {
    const hostile = { ...grade, assignment: "<script>\u001b[2J" };
    expect(() => readPayload(hostile)).toThrow(/^a grade job's assignment is not valid$/);
  });

  test("whatever JSON comes, it is refused or has exactly the fields of its kind", () => {
    const field = fc.constantFrom(...Object.keys({ ...grade, ...run, ...drill }), "__proto__", "toString");
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom(...Object.values({ ...grade, ...run, ...drill })));
    const base = fc.constantFrom(grade, run, drill);
    fc.assert(
      fc.property(base, fc.dictionary(field, value, { maxKeys: 3 }), (sound, changes) => {
        const held = JSON.parse(JSON.stringify({ ...sound, ...changes }));
        try {
          readPayload(held);
        } catch {
          return;
        }
        const own = { grade, reproduce: run, drill }[held.kind as "grade"];
        expect(Object.keys(held).sort()).toEqual(Object.keys(own).sort());
      }),
    );
  });
});

describe("packNotebook", () => {
  test("comes back bit for bit", async () => {
    const bytes = new TextEncoder().encode(JSON.stringify({ cells: ["π", "\u0000"] }));
    expect(new Uint8Array(await unpackNotebook(await packNotebook(bytes)))).toEqual(bytes);
  });

  test("one that is too large says what to do", async () => {
    await expect(packNotebook(new Uint8Array(sizes.notebook + 1))).rejects.toThrow(
      "the notebook has 10.0 MB, and 10 MB can travel: grade it without --queue",
    );
  });

  test("a gzip bomb is not unpacked, and garbage is an error", async () => {
    const bomb = gzipSync(Buffer.alloc(sizes.notebook + 1)).toString("base64");
    expect(bomb.length).toBeLessThan(20_000);
    await expect(unpackNotebook(bomb)).rejects.toThrow(/larger than/);
    await expect(unpackNotebook("AAAA")).rejects.toThrow();
  });
});

describe("readAddress", () => {
  test.each([
    ["redis://localhost", { host: "localhost", port: 6379, db: 0, tls: false }],
    [
      "rediss://ada:s%40e@redis.example:6380/2",
      { host: "redis.example", port: 6380, db: 2, tls: true, username: "ada", password: "s@e" },
    ],
    ["redis://:secret@10.0.0.1", { host: "10.0.0.1", port: 6379, db: 0, tls: false, password: "secret" }],
    ["redis://[::1]:7000", { host: "::1", port: 7000, db: 0, tls: false }],
  ])("%s", (text, address) => expect(readAddress(text, {})).toEqual(address));

  test("a password that no command line shows; the one in the address is stronger", () => {
    expect(readAddress("redis://h", { UNROLLED_QUEUE_PASSWORD: "x" }).password).toBe("x");
    expect(readAddress("redis://:y@h", { UNROLLED_QUEUE_PASSWORD: "x" }).password).toBe("y");
  });

  test.each(["http://h", "localhost:6379", "redis://:secret@h/../x", "redis://h:port"])("%s is refused", (text) => {
    expect(() => readAddress(text, {})).toThrow(/^--queue/);
  });

  test("messages leave the password out", () => {
    expect(shown(readAddress("rediss://ada:secret@h:1/2", {}))).toBe("rediss://h:1/2");
  });

  test.each([
    ["redis://127.0.0.1", undefined],
    ["redis://localhost", undefined],
    ["redis://10.0.0.1", /without a password/],
    ["redis://:x@10.0.0.1", /without TLS/],
    ["rediss://10.0.0.1", /without a password/],
    ["rediss://:x@10.0.0.1", undefined],
  ])("exposure: %s", (text, says) => {
    const danger = exposure(readAddress(text, {}));
    if (says) expect(danger).toMatch(says);
    else expect(danger).toBeUndefined();
  });
});

const here: Identity = {
  version: "1.0.0",
  lock: "1".repeat(64),
  code: "2".repeat(64),
  pack: "3".repeat(64),
  tier: "strict",
};

describe("misfit", () => {
  test("names what differs, with both values", () => {
    const there = { ...here, lock: "9".repeat(64), seed: "4".repeat(64) };
    expect(misfit("grade", there, here)).toBe(
      `lock hash ${"9".repeat(16)} there, ${"1".repeat(16)} here; hash of the secret seed ${"4".repeat(16)} there, none here`,
    );
    expect(misfit("grade", here, { ...here })).toBeUndefined();
  });

  test("runs of experiments do not depend on pack, seed and sandbox; submissions do", () => {
    for (const [field, value] of Object.entries({ pack: "5".repeat(64), seed: "6".repeat(64), tier: "uid" })) {
      const other = { ...here, [field]: value };
      expect(misfit("reproduce", other, here)).toBeUndefined();
      expect(fitOf("reproduce", other)).toBe(fitOf("reproduce", here));
      expect(misfit("grade", other, here)).toContain("there");
      expect(fitOf("grade", other)).not.toBe(fitOf("grade", here));
    }
    for (const field of ["version", "lock", "code"]) {
      const other = { ...here, [field]: "7".repeat(64) };
      for (const kind of ["grade", "reproduce"] as const) expect(fitOf(kind, other)).not.toBe(fitOf(kind, here));
    }
  });
});

test("readIdentity: what it wrote, and nothing else", () => {
  expect(readIdentity(JSON.stringify(here))).toEqual(here);
  for (const text of [null, "", "{", "[]", "1", '{"version":"1"}', JSON.stringify({ ...here, tier: "\u001b[2J" })])
    expect(readIdentity(text)).toBeUndefined();
});

test("names of queues are plain", () => {
  expect([queueName("course"), charterKey("course")]).toEqual(["unrolled-course", "unrolled:course:charter"]);
  for (const name of ["", "a:b", "A", "../x", "x".repeat(41)]) expect(() => queueName(name)).toThrow("is made of a-z");
});
