// Attacks on secret inputs: what is right on the visible ones only earns nothing, and nothing of them comes out.
import { expect, test } from "vitest";
import { loadSuites, runInProcess } from "../../../lib/src/exercise/in-process.js";
import { suiteFile } from "../../../lib/src/exercise/pack.js";
import { solutionCaller } from "../../../lib/src/exercise/solution.js";
import { fullPoints, pack } from "../submissions.js";
import { arena, expectFoiled, gate, others, target } from "./attack.js";

const open = arena();
const secret = arena({ hiddenSeed: "nobody knows this one" });

/** forgetGate as a table of the answers to the inputs that every learner sees. */
async function tableOfVisible(): Promise<string> {
  const table: Record<string, unknown> = {};
  const right = solutionCaller(pack, target);
  const suites = await loadSuites(() => import(suiteFile(pack, target)));
  await runInProcess(target, suites.get(target.id)!, {
    caller: async (name, args) => {
      const outcome = await right(name, args);
      if ("value" in outcome) table[JSON.stringify(args)] = outcome.value;
      return outcome;
    },
  });
  return `return (${JSON.stringify(table)} as any)[JSON.stringify([h, x, W, b])] ?? [0, 0, 0];`;
}

test("34 hard-coded visible inputs pass the check, and earn nothing on secret inputs", async () => {
  const body = await tableOfVisible();
  expect((await open.attack(gate(body), false)).result.earned).toBe(fullPoints);
  const { result } = await secret.attack(gate(body));
  expect(result.earned).toBe(others);
  const tests = result.exercises.find(({ id }) => id === target.id)?.tests ?? [];
  expect(tests.map(({ failsOnOtherInputs }) => failsOnOtherInputs)).toEqual(tests.map(() => true));
});

test("35 secret inputs do not come out: not printed, not thrown, not returned", async () => {
  const body = "console.log(h); process.stderr.write(String(h)); throw new Error('INPUT ' + h.join());";
  const inputs = async ({ attack }: typeof open) =>
    new Set(JSON.stringify((await attack(gate(body), false)).result).match(/INPUT [-\d.,]+/g));
  expect(await inputs(secret)).toEqual(await inputs(open));
});

test("35 the two runs share nothing that could carry inputs from one to the other", () =>
  expectFoiled(
    secret.attack(
      gate(`(globalThis as any).kept = ((globalThis as any).kept ?? []).concat([h]);
        throw new Error("kept " + (globalThis as any).kept.length);`),
      false,
    ),
    /kept 1$/,
  ));
