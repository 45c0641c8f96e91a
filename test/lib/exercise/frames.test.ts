import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultFrameLimits, FrameReader, toFrame } from "../../../lib/src/exercise/frames.js";
import { decode, encode } from "../../../lib/src/exercise/values.js";

const key = fc.string().filter((name) => name !== "__proto__");
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.double(),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0),
    fc.string({ unit: "grapheme" }),
    fc.boolean(),
    fc.constant(null),
    fc.float64Array({ maxLength: 5 }),
    fc.float32Array({ maxLength: 5 }),
    fc.int32Array({ maxLength: 5 }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(
        key,
        key.map((name) => `$${name}`),
      ),
      tie("value"),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
}));

const frameOf = (body: string | Buffer): Buffer => {
  const bytes = Buffer.from(body as string);
  const header = Buffer.alloc(4);
  header.writeUInt32BE(bytes.length);
  return Buffer.concat([header, bytes]);
};
const readOne = (bytes: Buffer): unknown => new FrameReader().push(bytes)[0];

test("frames: what goes in comes out, NaN, infinities, -0, typed arrays and $ keys included", () => {
  fc.assert(
    fc.property(value, (message) => {
      expect(readOne(toFrame(message))).toStrictEqual(message);
    }),
    { numRuns: 500 },
  );
});

test("frames: messages survive any cutting of the bytes", () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 4 }), fc.array(fc.nat(64), { minLength: 1 }), (messages, cuts) => {
      const bytes = Buffer.concat(messages.map((message) => toFrame(message)));
      const reader = new FrameReader();
      const got: unknown[] = [];
      for (let at = 0, k = 0; at < bytes.length; k++) {
        const size = cuts[k % cuts.length] + 1;
        got.push(...reader.push(bytes.subarray(at, at + size)));
        at += size;
      }
      expect(got).toStrictEqual(messages);
      expect(reader.partial).toBe(false);
    }),
  );
});

test("frames: arbitrary bytes give a message or a FrameError, nothing else", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        readOne(frameOf(Buffer.from(bytes)));
      } catch (error) {
        expect((error as Error).name).toBe("FrameError");
      }
    }),
    { numRuns: 500 },
  );
});

test("frames: arbitrary JSON decodes or is refused, and never changes a prototype", () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      try {
        readOne(frameOf(json));
      } catch (error) {
        expect((error as Error).name).toBe("FrameError");
      }
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    }),
  );
});

test.each([
  ["not JSON", "{", "a frame must hold JSON in UTF-8, got 1 other bytes"],
  ["invalid UTF-8", Buffer.from([0x22, 0xff, 0x22]), "a frame must hold JSON in UTF-8"],
  ["an unknown tag", '{"$evil":1}', "unknown tag: $evil"],
  ["a number that is none", '{"$number":"12"}', "must be a number"],
  ["a typed array that is none", '{"$array":"Function","data":[]}', "names no typed array"],
  ["a typed array of texts", '{"$array":"Float64Array","data":["1"]}', "answer[0] must be a number"],
  ["a tensor whose shape lies", '{"$tensor":[2,3],"data":[1]}', "tensor of shape [2, 3] with 1 entries"],
  ["__proto__", '{"a":{"__proto__":{"polluted":1}}}', "key __proto__"],
  ["__proto__ in a tagged object", '{"$object":[["__proto__",1]]}', "key __proto__"],
  ["deep nesting", `${"[".repeat(40)}${"]".repeat(40)}`, "nested deeper than 32"],
  ["very deep nesting", `${"[".repeat(200_000)}${"]".repeat(200_000)}`, /nest|JSON/],
])("frames: refuses %s", (_what, body, message) => {
  expect(() => readOne(frameOf(body))).toThrow(message);
});

test("frames: refuses an oversized frame from its header alone", () => {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(0xffffffff);
  expect(() => new FrameReader().push(header)).toThrow("a frame must be at most 16777216 bytes, got 4294967295");
  expect(() => toFrame("x".repeat(100), { ...defaultFrameLimits, maxBytes: 50 })).toThrow("at most 50 bytes, got 102");
});

test("frames: a reader takes nothing after a broken frame", () => {
  const reader = new FrameReader();
  expect(() => reader.push(frameOf("{"))).toThrow();
  expect(() => reader.push(toFrame(1))).toThrow("broken");
});

test("encode: says where a value is that cannot cross", () => {
  expect(() => encode({ h: [1, undefined] })).toThrow("answer.h[1] is undefined");
  expect(() => encode({ h: () => 1 })).toThrow("answer.h is a function, which cannot be compared");
  expect(() => encode(undefined)).toThrow("answer is undefined");
  expect(() => encode(new Map())).toThrow("answer is a Map; only numbers");
  expect(() => encode(Symbol("s"))).toThrow("symbol");
  expect(() => encode(10n)).toThrow("bigint");
  expect(() => encode(JSON.parse('{"__proto__": 1}'))).toThrow("key __proto__");
});

test("encode: stops at cycles, sparse arrays that claim a great length, and many entries", () => {
  const cycle: unknown[] = [];
  cycle.push(cycle);
  expect(() => encode(cycle)).toThrow("nested deeper than 32");
  expect(() => encode(new Array(2 ** 32 - 1))).toThrow("more than 2000000 entries");
  expect(() => encode([1, 2, 3], "answer", { maxDepth: 3, maxValues: 3 })).toThrow("more than 3 entries");
});

test("encode: reads own properties only, and a lying typed array by what it is", () => {
  class Child {}
  Object.assign(Child.prototype, { inherited: 1 });
  expect(() => encode(new Child())).toThrow("Child");
  const lying = Float32Array.of(1.5);
  Object.defineProperty(lying, Symbol.toStringTag, { value: "Function" });
  expect(decode(encode(lying))).toStrictEqual(Float32Array.of(1.5));
});

test("encode: a Tensor crosses as its shape and data", () => {
  const tensorLike = {
    rows: 1,
    cols: 2,
    data: Float32Array.of(1, 2),
    grad: null,
    get shape() {
      return [1, 2];
    },
  };
  expect(decode(encode(tensorLike))).toStrictEqual({ shape: [1, 2], data: Float64Array.of(1, 2) });
});
