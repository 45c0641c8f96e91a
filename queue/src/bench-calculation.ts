/** What one job of a kind costs when all cores work on such jobs. */
export interface Cost {
  readonly coreSeconds: number;
  /** Through Redis and back, in KB. */
  readonly kilobytes: number;
  readonly jobs: number;
}

const CORES = 16;
const BUSY = 0.9;
const LEARNERS = 10_000;
const ASSIGNMENTS = 13;
const GREFF_RUNS = 5400;
/** "5400 experimental runs (about 15 years of CPU time)": abstract of Greff et al., arXiv:1503.04069. */
const GREFF_CPU_YEARS = 15;

const hours = (coreSeconds: number, machines: number): number => coreSeconds / (machines * CORES * BUSY) / 3600;

const inWords = (value: number): string =>
  value < 1
    ? `${Math.ceil(value * 60)} minutes`
    : value < 48
      ? `${value.toFixed(1)} hours`
      : `${(value / 24).toFixed(1)} days`;

const onMachines = (coreSeconds: number): string =>
  [1, 4, 16]
    .map((machines) => `${machines} machine${machines > 1 ? "s" : ""} ${inWords(hours(coreSeconds, machines))}`)
    .join(", ");

/** What large courses and sweeps need, from what one job was measured to cost; every assumption in words. */
export function calculation({ grade, run }: { readonly grade: Cost; readonly run: Cost }): string[] {
  const submissions = LEARNERS * ASSIGNMENTS;
  const theirs = GREFF_CPU_YEARS * 365.25 * 24 * 3600;
  return [
    `Measured: a submission ${grade.coreSeconds.toFixed(2)} core-seconds (${grade.jobs} of them), ${grade.kilobytes.toFixed(0)} KB through Redis; a run of "odyssey" ${run.coreSeconds.toFixed(1)} core-seconds (${run.jobs} of them), ${run.kilobytes.toFixed(0)} KB.`,
    `${LEARNERS.toLocaleString("en")} learners x ${ASSIGNMENTS} assignments = ${submissions.toLocaleString("en")} submissions: ${((submissions * grade.coreSeconds) / 3600).toFixed(0)} core-hours; ${onMachines(submissions * grade.coreSeconds)}.`,
    `  The last assignment alone, ${LEARNERS.toLocaleString("en")} submissions on the evening it is due: ${onMachines(LEARNERS * grade.coreSeconds)}.`,
    `  Redis: ${((submissions * grade.kilobytes) / 1e6).toFixed(1)} GB go through it, and no more than 500 submissions lie in it at a time, ${((500 * grade.kilobytes) / 1000).toFixed(0)} MB; with --detach all that was sent, ${((LEARNERS * grade.kilobytes) / 1e6).toFixed(1)} GB an assignment.`,
    `${GREFF_RUNS.toLocaleString("en")} runs as large as ours: ${((GREFF_RUNS * run.coreSeconds) / 3600).toFixed(1)} core-hours; ${onMachines(GREFF_RUNS * run.coreSeconds)}.`,
    `  Those of Greff et al. (2015), by their own word ${GREFF_CPU_YEARS} CPU-years: ${onMachines(theirs)}, on cores such as theirs.`,
    "Assumed:",
    `  machines have ${CORES} cores like these, ${BUSY * 100} % busy, and as many workers as cores; a core more for Redis and the sender`,
    "  each learner hands each assignment in once; each submission costs what a solved 05-gates with a secret seed costs,",
    "  where every test runs twice; one with an endless loop costs up to its time limit more",
    `  Greff's ${GREFF_RUNS.toLocaleString("en")} runs trained larger networks on speech, handwriting and music; ours are ${"the quick runs of lesson 10"}`,
    "  network and disk are not the limit: a submission takes seconds to grade and kilobytes to send",
  ];
}
