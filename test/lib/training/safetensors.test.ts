import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { readSafetensors, type SafeTensor, writeSafetensors } from "unrolled";
import { afterAll, describe, expect, test } from "vitest";
import { weightsFile } from "../../fixtures/sequences.js";

const folder = mkdtempSync(join(tmpdir(), "safetensors-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "w.safetensors");

/** A file with this header (JSON or text) and so many bytes of data. */
function written(header: unknown, dataSize = 0, headerSize?: bigint): string {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(headerSize ?? BigInt(text.length));
  writeFileSync(file, Buffer.concat([size, text, Buffer.alloc(dataSize)]));
  return file;
}

/** A file of this text and nothing else. */
function raw(text: string): string {
  writeFileSync(file, text);
  return file;
}

const entry = (dtype: string, shape: unknown, begin: unknown, end: unknown) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

describe("readSafetensors", () => {
  test("reads what Python wrote: values, shapes, integers as numbers", () => {
    const all = readSafetensors(weightsFile("lstm_2_bidirectional"));
    expect(Object.keys(all)).toHaveLength(17);
    expect(all.weight_ih_l1_reverse).toMatchObject({ dtype: "F64", shape: [24, 12] });
    expect(all.weight_ih_l1_reverse.data).toHaveLength(24 * 12);
    expect(all._lengths).toEqual({ dtype: "I64", shape: [3], data: Float64Array.of(8, 3, 5) });
    expect(readSafetensors(weightsFile("lstm_cell")).bias_hh.data).toBeInstanceOf(Float32Array);
  });

  test("reads scalars, empty tensors, metadata, names that JavaScript has other uses for", () => {
    const header = `{"__metadata__":{"format":"pt"},"__proto__":{"dtype":"F64","shape":[],"data_offsets":[0,8]},
      "none":{"dtype":"F32","shape":[0,3],"data_offsets":[8,8]}}   `;
    const all = readSafetensors(written(header, 8));
    expect(Object.keys(all)).toEqual(["__proto__", "none"]);
    expect(Object.values(all)[0]).toEqual({ dtype: "F64", shape: [], data: Float64Array.of(0) });
    expect(all.none.data).toHaveLength(0);
  });

  test("an empty tensor may lie where another begins, whichever is named first", () => {
    const [empty, one] = [entry("F32", [0], 0, 0), entry("F32", [1], 0, 4)];
    expect(Object.keys(readSafetensors(written({ empty, one }, 4)))).toEqual(["empty", "one"]);
    expect(Object.keys(readSafetensors(written({ one, empty }, 4)))).toEqual(["one", "empty"]);
  });

  const f32 = entry("F32", [2], 0, 8);
  test.each<[string, () => string]>([
    ["it must begin with 8 bytes, got 3", () => raw("abc")],
    ["it must begin with 8 bytes, got 0", () => raw("")],
    ["its header must be at most 100000000 bytes, got 2147483648", () => written({}, 0, 2n ** 31n)],
    ["its header must be at most 100000000 bytes, got 18446744073709551615", () => written({}, 0, 2n ** 64n - 1n)],
    ["its header must end within 10 bytes, got 11", () => written("{}", 0, 3n)],
    ["its header must be JSON", () => written("{]")],
    ["its header must be JSON", () => written("")],
    ["its header must be JSON", () => written("[".repeat(100_000))],
    ["its header must begin with {", () => written(" {}")],
    ["its header must begin with {", () => written("[]")],
    ['its header names "a" twice', () => written(`{"a":${JSON.stringify(f32)},"\\u0061":${JSON.stringify(f32)}}`, 8)],
    [
      'its header names "shape" twice',
      () => written('{"a":{"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]}}', 8),
    ],
    ["its __metadata__ must be strings by name", () => written({ __metadata__: { a: 1 } })],
    ["its __metadata__ must be strings by name", () => written({ __metadata__: ["a"] })],
    ['"a" must be { dtype, shape, data_offsets }, got 3', () => written({ a: 3 })],
    ['"a" must be { dtype, shape, data_offsets }, got "b" too', () => written({ a: { ...f32, b: 1 } }, 8)],
    ['"a" must have dtype F32, F64 or I64, got "BF16"', () => written({ a: entry("BF16", [4], 0, 8) }, 8)],
    ['"a" must have dtype F32, F64 or I64, got "toString"', () => written({ a: entry("toString", [4], 0, 8) }, 8)],
    ['"a" must have dtype F32, F64 or I64, got undefined', () => written({ a: {} })],
    ['"a" must have a shape of at most 8 integers >= 0', () => written({ a: entry("F32", [-2], 0, 8) }, 8)],
    ['"a" must have a shape of at most 8 integers >= 0', () => written({ a: entry("F32", Array(9).fill(1), 0, 4) }, 4)],
    ['"a" must have a shape of at most 8 integers >= 0', () => written({ a: entry("F32", 2, 0, 8) }, 8)],
    ['"a" must have two data_offsets, integers >= 0', () => written({ a: entry("F32", [2], -8, 0) }, 8)],
    ['"a" must have two data_offsets, integers >= 0', () => written({ a: { ...f32, data_offsets: [0, 4, 8] } }, 8)],
    ['"a" must have two data_offsets, integers >= 0', () => written({ a: entry("F32", [2], 0.5, 8.5) }, 8)],
    ['"a" must take 8 bytes for F32 [2], got 4', () => written({ a: entry("F32", [2], 0, 4) }, 4)],
    ['"a" must take 8 bytes for F32 [2], got -8', () => written({ a: entry("F32", [2], 8, 0) }, 8)],
    ['"b" overlaps another tensor at byte 4 of the data', () => written({ a: f32, b: entry("F32", [2], 4, 12) }, 12)],
    ["bytes 8 to 12 of the data belong to no tensor", () => written({ a: f32, b: entry("F32", [1], 12, 16) }, 16)],
    ["bytes 0 to 4 of the data belong to no tensor", () => written({ a: entry("F32", [1], 4, 8) }, 8)],
    ["bytes 8 to 9 of the data belong to no tensor", () => written({ a: f32 }, 9)],
    ["its tensors need 8 bytes of data, got 7", () => written({ a: f32 }, 7)],
    ["its tensors need 8000000000000 bytes of data, got 8", () => written({ a: entry("F64", [1e12], 0, 8e12) }, 8)],
  ])("refuses: %s", (message, make) => {
    const damaged = make();
    expect(() => readSafetensors(damaged)).toThrow(
      `readSafetensors: ${damaged} is not a whole safetensors file: ${message}`,
    );
  });

  test("refuses integers that a number cannot hold, files that are not there, folders, no path", () => {
    written({ a: entry("I64", [1], 0, 8) }, 8);
    const bytes = readFileSync(file);
    bytes[bytes.length - 1] = 0x40;
    writeFileSync(file, bytes);
    expect(() => readSafetensors(file)).toThrow('"a" must hold integers within ±2^53, got 4611686018427388000');
    expect(() => readSafetensors(join(folder, "absent"))).toThrow("absent cannot be read (ENOENT)");
    expect(() => readSafetensors(folder)).toThrow(`${folder} must be a file`);
    expect(() => readSafetensors(3 as never)).toThrow("readSafetensors: file must be a path, got 3");
    expect(() => readSafetensors("")).toThrow("readSafetensors: file must be a path, got an empty one");
  });

  test("says long and odd names on one short line", () => {
    const name = `a\n${"b".repeat(1000)}`;
    written({ [name]: 3 });
    try {
      readSafetensors(file);
      expect.unreachable();
    } catch (error) {
      expect((error as Error).message).toMatch(/^[^\n]{1,300}$/);
    }
  });
});

describe("fuzz: either a whole file or one clear line", () => {
  const outcome = (): string => {
    try {
      readSafetensors(file);
      return "read";
    } catch (error) {
      return (error as Error).message;
    }
  };
  const clear = /^(read|readSafetensors: \S+ is not a whole safetensors file: [^\n]+)$/;
  const good = readFileSync(weightsFile("rnn_cell"));

  test("random bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.boolean(), (bytes, sized) => {
        const size = Buffer.alloc(sized ? 8 : 0);
        if (sized) size.writeBigUInt64LE(BigInt(bytes.length));
        writeFileSync(file, Buffer.concat([size, bytes]));
        expect(outcome()).toMatch(clear);
      }),
      { numRuns: 300 },
    );
  });

  test("every truncation is refused", () => {
    for (let length = good.length - 1; length >= 0; length -= length > 320 ? 7 : 1) {
      writeFileSync(file, good);
      truncateSync(file, length);
      expect(outcome()).toMatch(/^readSafetensors: \S+ is not a whole safetensors file: [^\n]+$/);
    }
  });

  test("changed bytes of the header", () => {
    const headerSize = Number(good.readBigUInt64LE());
    fc.assert(
      fc.property(fc.nat(headerSize + 7), fc.nat(255), (at, byte) => {
        const changed = Buffer.from(good);
        changed[at] = byte;
        writeFileSync(file, changed);
        expect(outcome()).toMatch(clear);
      }),
      { numRuns: 500 },
    );
  });

  test("headers put together from likely and unlikely parts", () => {
    const count = fc.oneof(fc.nat(16), fc.constantFrom(-1, 0.5, 2 ** 53, 1e308, "8", null));
    const tensorLike = fc.record({
      dtype: fc.constantFrom("F32", "F64", "I64", "F16", 3),
      shape: fc.oneof(fc.array(count, { maxLength: 3 }), fc.constantFrom(null, "2")),
      data_offsets: fc.array(count, { maxLength: 3 }),
    });
    const header = fc.dictionary(fc.string(), fc.oneof(tensorLike, fc.jsonValue()), { maxKeys: 3 });
    fc.assert(
      fc.property(header, fc.nat(32), (value, dataSize) => {
        written(value, dataSize);
        expect(outcome()).toMatch(clear);
      }),
      { numRuns: 300 },
    );
  });
});

describe("writeSafetensors", () => {
  const tensors: Record<string, SafeTensor> = {
    single: { dtype: "F32", shape: [3], data: Float32Array.of(1.5, Number.NaN, -0) },
    double: { dtype: "F64", shape: [1, 2], data: Float64Array.of(Math.PI, Number.NEGATIVE_INFINITY) },
    integers: { dtype: "I64", shape: [2], data: Float64Array.of(-3, 2 ** 53 - 1) },
  };

  test("gives back, bit for bit, what it was given", () => {
    writeSafetensors(file, tensors);
    expect({ ...readSafetensors(file) }).toEqual(tensors);
  });

  test("starts the data, and every value, where its size divides the offset", () => {
    writeSafetensors(file, tensors, { note: "é" });
    const bytes = readFileSync(file);
    const headerSize = Number(bytes.readBigUInt64LE());
    expect(headerSize % 8).toBe(0);
    const text = bytes.subarray(8, 8 + headerSize).toString();
    expect(text).toMatch(/} {0,7}$/);
    const header = JSON.parse(text);
    expect(header).toEqual({
      __metadata__: { note: "é" },
      double: entry("F64", [1, 2], 0, 16),
      integers: entry("I64", [2], 16, 32),
      single: entry("F32", [3], 32, 44),
    });
  });

  test("leaves nothing beside the file, and the old file where writing fails", () => {
    rmSync(file, { force: true });
    writeSafetensors(file, tensors);
    expect(readdirSync(folder)).toEqual(["w.safetensors"]);
    expect(() => writeSafetensors(join(folder, "absent", "w"), tensors)).toThrow("cannot be written (ENOENT)");
    expect(() => writeSafetensors(folder, tensors)).toThrow(/writeSafetensors: \S+ cannot be written \(E/);
    expect(readdirSync(folder)).toEqual(["w.safetensors"]);
  });

  test.each<[string, SafeTensor]>([
    ['"a" must hold 6 numbers for [2, 3], got 1', { dtype: "F64", shape: [2, 3], data: Float64Array.of(1) }],
    [
      '"a" must hold a Float32Array for F32, got an object (Float64Array)',
      { dtype: "F32", shape: [1], data: Float64Array.of(1) },
    ],
    ['"a" must hold integers for I64', { dtype: "I64", shape: [1], data: Float64Array.of(1.5) }],
    ['"a" must have dtype F32, F64 or I64, got "F16"', { dtype: "F16" as never, shape: [1], data: Float64Array.of(1) }],
    [
      '"a" must have a shape of integers >= 0, got an array of 1',
      { dtype: "F64", shape: [-1], data: Float64Array.of(1) },
    ],
  ])("refuses: %s", (message, tensor) => {
    expect(() => writeSafetensors(file, { a: tensor })).toThrow(`writeSafetensors: ${message}`);
    expect(() => writeSafetensors(file, { __metadata__: tensors.single })).toThrow("is not a name for a tensor");
  });
});
