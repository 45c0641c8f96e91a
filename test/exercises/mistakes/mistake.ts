/** A planted mistake: an edit of the worked solution, and the checks that must fail; the first of them names it. */
export interface Mistake {
  readonly exercise: string;
  readonly from: string;
  readonly to: string;
  /** In the manifest's order. All other checks must pass, on the seed that notebooks use. */
  readonly fails: readonly string[];
  /** Part of what the first failing check says, where that is not a known slip: "the shape must be [3]". */
  readonly says?: string;
}
