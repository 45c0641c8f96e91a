import { expect, test } from "vitest";
import { expandShorthand } from "../../lib/src/notebook/kernel/shorthand.js";

const earlier = (name: string): boolean => name === "rng" || name === "lstmStep";

test.each([
  ["check('05.3', { lstmStep });", "check('05.3', { lstmStep: exports.lstmStep });"],
  ["f({ rng, lstmStep, a: 1 });", "f({ rng: exports.rng, lstmStep: exports.lstmStep, a: 1 });"],
  ["({ rng } = made());", "({ rng: exports.rng } = made());"],
  ["f({ mine });", "f({ mine });"],
  ["const rng = 1; f({ rng });", "const rng = 1; f({ rng });"],
  ["const g = (rng) => ({ rng });", "const g = (rng) => ({ rng });"],
  [
    "function g() { const rng = 1; { return { rng }; } } f({ rng });",
    "function g() { const rng = 1; { return { rng }; } } f({ rng: exports.rng });",
  ],
  ["for (const rng of all) f({ rng });", "for (const rng of all) f({ rng });"],
  ["try {} catch (rng) { f({ rng }); }", "try {} catch (rng) { f({ rng }); }"],
  ["const { rng } = made();", "const { rng } = made();"],
])("expandShorthand: %s", (code, expanded) => {
  expect(expandShorthand(code, earlier)).toBe(expanded);
});
