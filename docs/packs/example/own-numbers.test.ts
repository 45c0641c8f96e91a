import { exercise, expect, test, variants } from "unrolled/exercise/suite";

exercise("05.1", (subject) => {
  const slips = {
    "the forget gate scales the old cell state": "the forget gate is missing: the old cell state was kept whole",
    "the input gate scales the candidate": "the input gate is missing: the candidate was written whole",
  } as const;
  const answers = variants(Object.values(slips), (made) => {
    const keep = made(slips["the forget gate scales the old cell state"]) ? 1 : 0.8;
    const write = made(slips["the input gate scales the candidate"]) ? 1 : 0.5;
    return [2, -1].map((c) => keep * c + write * 0.4);
  });
  for (const [title, slip] of Object.entries(slips)) {
    test(title, async () => {
      expect(await subject.value("cNext")).toAvoid(slip, answers, { atol: 1e-6, reveal: false });
    });
  }
});
