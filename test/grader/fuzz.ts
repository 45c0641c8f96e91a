// What the fuzz tests and the soak share: bytes and notebooks as no honest program makes them.
import fc from "fast-check";
import { toFrame } from "../../lib/src/exercise/frames.js";

const json = fc.jsonValue({ maxDepth: 6 });
/** What an honest program may send: our own encoder refuses this key. */
const sendable = json.filter((value) => !JSON.stringify(value).includes('"__proto__"'));
const word = fc.constantFrom(
  "$number",
  "$array",
  "$tensor",
  "$object",
  "data",
  "__proto__",
  "constructor",
  "NaN",
  "toJSON",
  "length",
  "",
);
const tagged = fc.dictionary(word, fc.oneof(json, fc.array(fc.oneof(json, fc.tuple(word, json)))), { maxKeys: 3 });

/** A frame with this text in it, right or wrong. */
const framed = (text: string, length = Buffer.byteLength(text)): Uint8Array => {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(length >>> 0);
  return Buffer.concat([header, Buffer.from(text)]);
};

/** One piece of a stream: honest frames, frames that lie about themselves, and noise. */
const piece = fc.oneof(
  { weight: 3, arbitrary: json.map((value) => framed(JSON.stringify(value))) },
  { weight: 3, arbitrary: tagged.map((value) => framed(JSON.stringify(value))) },
  { weight: 2, arbitrary: fc.tuple(fc.string(), fc.nat(2 ** 32 - 1)).map(([text, length]) => framed(text, length)) },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 64 }) },
  { weight: 1, arbitrary: fc.nat(2000).map((depth) => framed("[".repeat(depth) + "]".repeat(depth))) },
  { weight: 1, arbitrary: sendable.map((value) => toFrame({ type: "answer", call: 0, outcome: { value } })) },
);

/** A stream of bytes, cut anywhere. */
export const stream = fc.tuple(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(200), { maxLength: 20 }));

const small = fc.jsonValue({ maxDepth: 2 }); // deep ones take longer to make than to read
const source = fc.oneof(
  fc.string(),
  fc.array(fc.string()),
  small,
  fc.constantFrom(
    "const a = 1;",
    "import x from 'y'",
    "function f( {",
    "}}})",
    "`${",
    "/*",
    "await 1",
    "return 1;",
    "\u2028",
    "𝒳 = 1",
  ),
);
const cell = fc.record(
  {
    cell_type: fc.oneof(fc.constantFrom("code", "markdown", "raw"), small),
    id: fc.oneof(fc.constantFrom("setup", "ex-05-2-answer", "ex-05-2-check", "__proto__"), small),
    source,
    input: source,
    metadata: fc.oneof(
      small,
      fc.record({
        nbgrader: fc.oneof(
          small,
          fc.record({
            grade_id: fc.oneof(fc.constantFrom("ex-05-2", "ex-05-2-answer", "setup", "toString"), small),
            points: small,
          }),
        ),
      }),
    ),
    outputs: small,
  },
  { requiredKeys: [] },
);

/** Something like a notebook. */
export const notebook = fc.record(
  {
    cells: fc.oneof(
      { weight: 9, arbitrary: fc.array(fc.oneof(cell, small), { maxLength: 8 }) },
      { weight: 1, arbitrary: small },
    ),
    worksheets: fc.oneof(small, fc.array(fc.record({ cells: fc.array(cell, { maxLength: 3 }) }))),
    metadata: small,
    nbformat: small,
  },
  { requiredKeys: [] },
);

/** A real notebook with some of its bytes changed, doubled or cut out. */
export const mutated = (text: string) =>
  fc
    .array(
      fc.tuple(
        fc.nat(text.length),
        fc.nat(40),
        fc.oneof(fc.string(), fc.constantFrom('"', "}", "]", ",", "null", "\\", "\u0000")),
      ),
      {
        minLength: 1,
        maxLength: 4,
      },
    )
    .map((changes) =>
      changes.reduce((result, [at, length, into]) => result.slice(0, at) + into + result.slice(at + length), text),
    );
