/** A planted mistake: an edit of the worked solution, and the checks that must name it. All others must pass. */
export interface Mistake {
  readonly exercise: string;
  readonly from: string;
  readonly to: string;
  readonly fails: readonly string[];
}
