import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blocksOf, countWords, leadOf, sentencesOf } from "../../../lib/src/slides/blocks.js";

const kinds = (markdown: string): string[] => blocksOf(markdown).map(({ kind }) => kind);

describe("blocksOf", () => {
  test("tells the parts of a cell by how they begin", () => {
    const cell =
      "## 3 · Title\n\nProse.\n\n$$a = b$$\n\n| a |\n|:--|\n| 1 |\n\n- x\n- y\n\n> said\n\n*Before you run it: how many?*";
    expect(kinds(cell)).toEqual(["heading", "prose", "formula", "table", "list", "quote", "predict"]);
    expect(kinds("**What we saw.** Four.\n\nMore.")).toEqual(["saw", "prose"]);
  });

  test("a formula, a fence and a list hold together over blank lines", () => {
    expect(kinds("$$a\n\n= b$$\n\nThen.")).toEqual(["formula", "prose"]);
    expect(kinds("```\na\n\nb\n```\n\nThen.")).toEqual(["picture", "prose"]);
    expect(kinds("- a\n\n- b\n\nThen.")).toEqual(["list", "prose"]);
  });

  test("a heading ends where its line does", () => {
    expect(kinds("## Title\nProse at once.")).toEqual(["heading", "prose"]);
  });

  test("no word is lost, whatever the cell", () => {
    const line = fc.constantFrom(
      "",
      "word one",
      "- item",
      "$$x$$",
      "## h",
      "| a | b |",
      "> q",
      "```",
      "*Before you run it: n?*",
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);
        const cell = lines.join("\n");
        expect(
          words(
            blocksOf(cell)
              .map(({ text }) => text)
              .join("\n"),
          ),
        ).toEqual(words(cell));
      }),
    );
  });
});

describe("sentencesOf", () => {
  test("neither a number, a formula nor code ends a sentence", () => {
    expect(sentencesOf("It is 0.5 of $a. B$ there. `x. Y` stays (as. Here). Two.")).toEqual([
      "It is 0.5 of $a. B$ there.",
      "`x. Y` stays (as. Here).",
      "Two.",
    ]);
  });

  test("put together again they are the paragraph", () => {
    const paragraph =
      "**What we saw.** 1.48 instead of 4: $\\sigma(1) = 0.73$. And then? [A link. Really](x.y) ends it.";
    expect(sentencesOf(paragraph).join(" ")).toBe(paragraph);
  });
});

describe("leadOf", () => {
  test("takes whole sentences up to the limit, and at least one that says something", () => {
    expect(leadOf("One two three. Four five. Six seven eight nine.", 5)).toBe("One two three. Four five.");
    expect(leadOf("One two three four five six. Seven.", 2)).toBe("One two three four five six.");
    expect(leadOf("**What we saw.** One two three four. Five.", 3)).toBe("**What we saw.** One two three four.");
  });

  test("closes emphasis that it cut in two", () => {
    expect(leadOf("*Say it. Say more of it.*", 2)).toBe("*Say it.*");
    expect(leadOf("**Say it. Say more of it.**", 2)).toBe("**Say it.**");
  });
});

test("countWords: a formula is one word, the address of a link none", () => {
  expect(countWords("Take $a + b + c$ and [this one](https://example.org/a-b).")).toBe(5);
});
