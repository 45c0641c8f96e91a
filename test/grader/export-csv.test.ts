import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { csvRecords, csvRow, csvText, neutralised, parseCsv, restored } from "../../lib/src/grader/export/csv.js";
import { awkwardNames } from "./sample-results.js";

/** Text as UTF-8 can hold it. */
const anyText = fc.string({ unit: "grapheme" });

describe("CSV", () => {
  test.each(awkwardNames)("a name survives the round trip: %j", (name) => {
    const [record] = csvRecords(
      csvText([
        ["name", "points"],
        [name, 3],
      ]),
      ["name", "points"],
    );
    expect(record).toEqual({ name, points: "3" });
  });

  test("any table survives the round trip", () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyText, { minLength: 2, maxLength: 5 }), { minLength: 1 }), (rows) => {
        expect(parseCsv(csvText(rows)).map((row) => row.map(restored))).toEqual(rows);
      }),
    );
  });

  test("no text becomes a formula", () => {
    fc.assert(
      fc.property(fc.constantFrom("=", "+", "-", "@", "\t", "\r", "＝"), anyText, (start, rest) => {
        fc.pre(!/^(\d+([.,]\d+)?)?$/.test(rest) || !"+-".includes(start));
        const [[cell]] = parseCsv(csvText([[start + rest, "x"]]));
        expect(cell.startsWith("'")).toBe(true);
      }),
    );
    expect(neutralised("=1+1")).toBe("'=1+1");
    expect(csvRow([-3, "-3", "+1,5", "-3+2"])).toBe(`-3,-3,"+1,5",'-3+2\r\n`); // a number is no formula
  });

  test("neutralising is undone exactly, also where an apostrophe was there before", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^['=+a@-]{0,6}$/), (text) => {
        expect(restored(neutralised(text))).toBe(text);
      }),
    );
  });

  test("quotes double, rows end with CRLF, no number is quoted", () => {
    expect(csvText([['say "hi"', "a,b", 1.5, undefined]])).toBe('"say ""hi""","a,b",1.5,\r\n');
  });

  test("half a surrogate pair, which UTF-8 cannot hold, becomes U+FFFD", () => {
    expect(csvRow(["a\uD800b"])).toBe("a\uFFFDb\r\n");
  });

  test("reads what other programs write: byte order mark, plain line ends, no last line end, blank lines", () => {
    expect(parseCsv('\uFEFFa,b\n1,2\r\n\r\n3,\r4,"x\ny"')).toEqual([
      ["a", "b"],
      ["1", "2"],
      ["3", ""],
      ["4", "x\ny"],
    ]);
    expect(parseCsv("")).toEqual([]);
  });

  test("a quote that is never closed is refused with its line", () => {
    expect(() => parseCsv('a,b\n"open,2', "roster.csv")).toThrow(
      "roster.csv, line 2: a quote must open a cell and be closed",
    );
    expect(() => parseCsv('a"b')).toThrow("a quote must open a cell");
    expect(() => csvRecords("a,b\n1,2", ["learner"], "extensions")).toThrow(
      "extensions: must have a column learner, got a, b",
    );
  });
});
