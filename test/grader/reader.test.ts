import { afterEach, expect, test, vi } from "vitest";
import { Reader } from "../../lib/src/grader/intake/reader.js";
import { answered, codeCell, fileOf, pack } from "./submissions.js";

afterEach(() => vi.restoreAllMocks());

/** Takes seconds to read. */
const list = (k: number): string => `const a${k} = [${"1, ".repeat(500)}];`;
const long = answered();
const file = fileOf({
  ...long,
  cells: [...long.cells, ...Array.from({ length: 600 }, (_, k) => codeCell(list(k), `long-${k}`))],
});

test.each([
  ["that computed all the while ends at the limit", 1e6, 1],
  ["on a busy machine that let it compute nothing has four times the limit", 0, 4],
])("Reader: a notebook %s", async (_, user, windows) => {
  const reader = new Reader(0.1);
  const cpu = vi.spyOn(process, "cpuUsage").mockReturnValue({ user, system: 0 });
  const { fault } = await reader.read({ file, masters: pack.masters, suites: pack.suites });
  expect(fault).toBe("the notebook takes too long to read");
  expect(cpu).toHaveBeenCalledTimes(1 + windows);
});
