import { type CloseOptions, expect, type Made, test, variants } from "unrolled/exercise/suite";

export interface Attempt<Slip extends string> {
  readonly answer: unknown;
  /** What would be right, with the slips that are made. */
  readonly reference: (made: Made<Slip>) => unknown;
}

/**
 * One test per title: asks afresh, and fails if the answer shows its slip, or one of its slips. Where a fault is to be
 * found and mended, `mended` is that fault: until it is gone, every test fails.
 */
export function avoidEach<Title extends string, Slip extends string>(
  slips: Readonly<Record<Title, Slip | readonly Slip[]>>,
  attempt: (title: Title) => Promise<Attempt<Slip>>,
  { mended, ...options }: CloseOptions & { readonly mended?: Slip } = {},
): void {
  const titles = Object.keys(slips) as Title[];
  const known = Object.values<Slip | readonly Slip[]>(slips).flat() as Slip[];
  for (const title of titles) {
    test(title, async () => {
      const { answer, reference } = await attempt(title);
      const answers = variants(known, reference);
      if (mended) expect(answer).toAvoid(mended, answers, options);
      expect(answer).toAvoid(slips[title], answers, options);
    });
  }
}
