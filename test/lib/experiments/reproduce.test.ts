import { afterEach, describe, expect, test, vi } from "vitest";
import { main } from "../../../lib/src/cli/reproduce.js";
import { temporaryFolder } from "../../temporary-folder.js";

describe("npm run reproduce", () => {
  const root = temporaryFolder();
  const errors = vi.spyOn(console, "error").mockImplementation(() => {});
  const lines = vi.spyOn(console, "log").mockImplementation(() => {});
  afterEach(() => vi.clearAllMocks());

  test("without a name: lists what there is, and how long each takes", async () => {
    expect(await main([], { root })).toBe(0);
    expect(lines.mock.calls.flat().join("\n")).toMatch(
      /adding .*RNN against LSTM[\s\S]*about \d+ minutes[\s\S]* all .*each of them in turn: about \d+ minutes/,
    );
  });

  test.each([
    [["ading"], 'reproduce: no experiment "ading"; did you mean adding?'],
    [["adding", "--tier", "fast"], 'reproduce: --tier must be quick or full, got "fast"'],
    [["adding", "--jobs", "0"], 'reproduce: --jobs must be an integer >= 1, got "0"'],
    [["adding", "copying"], "reproduce: one experiment at a time, got adding, copying"],
    [["all", "--shard", "1/2"], "reproduce: --shard and --queue take one experiment at a time"],
    [["--teir", "quick"], "reproduce: Unknown option '--teir'"],
  ])("%j is wrong usage: exit code 2 and one line", async (args, line) => {
    expect(await main(args, { root })).toBe(2);
    expect(errors.mock.calls).toHaveLength(1);
    expect(errors.mock.calls[0][0]).toContain(line);
  });
});
