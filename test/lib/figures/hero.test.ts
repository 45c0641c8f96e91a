import { fileURLToPath } from "node:url";
import { adding, figures, gradientFlow, LSTMCell, RNNCell, seededRng } from "unrolled";
import { expect, test } from "vitest";

const { xs } = adding({ seqLen: 40, batchSize: 32 }, seededRng(1)).batch();
const lstm = (forgetBias: number) => gradientFlow(new LSTMCell(2, 32, { rng: seededRng(1), forgetBias }), xs);
const flows = {
  "vanilla RNN": gradientFlow(new RNNCell(2, 32, { rng: seededRng(1) }), xs),
  "LSTM, forget bias 1": lstm(1),
  "LSTM, forget bias 5": lstm(5),
};

test("the picture in the README is what the library draws of these networks (npx vitest run -u redraws it)", async () => {
  const picture = fileURLToPath(new URL("../../../docs/hero.svg", import.meta.url));
  await expect(figures.gradientWidths(flows).svg).toMatchFileSnapshot(picture);
});

test("figures.gradientWidths: a line is as wide as the gradient's share, at most as wide as at the loss", () => {
  const { svg, alt } = figures.gradientWidths({ RNN: flows["vanilla RNN"] }, 3);
  const widths = [...svg.matchAll(/stroke-width="([\d.]+)"/g)].map(([, width]) => Number(width));
  const { norm } = flows["vanilla RNN"];
  expect(widths.sort((a, b) => b - a)).toBeAllClose([24, (24 * norm[1]) / norm[0], (24 * norm[2]) / norm[0]], {
    atol: 0.006,
  });
  expect(alt).toContain("2 steps back");
});
