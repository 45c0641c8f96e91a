import { relative } from "node:path";
import { checkChoice, checkOptions } from "../tensor/refuse.js";
import { dataFolder, readJson, recordFile } from "./files.js";
import { type ExperimentRecord, firstDifference, hashOf, type Tier, tiers } from "./record.js";
import { type ExperimentName, type ExperimentTypes, findExperiment } from "./registry.js";

export interface LoadOptions {
  /** "quick" (default), which comes with the course, or "full". */
  tier?: Tier;
  /** Where the file is. Default: notebooks/data. */
  folder?: string;
}

/**
 * The result of a long experiment that `npm run reproduce` made and kept.
 *
 *     loadResult("adding").results["50"].LSTM.testLoss        // one number per seed
 *
 * @throws Error if there is no file, if its numbers were changed after they were measured, or if the experiment
 * that the code would run now is another one; each says the command that makes a new file
 */
export function loadResult<Name extends ExperimentName>(
  name: Name,
  options: LoadOptions = {},
): ExperimentRecord<ExperimentTypes[Name]["config"], ExperimentTypes[Name]["results"]> {
  checkOptions("loadResult", options, ["tier", "folder"]);
  const { tier = "quick", folder = dataFolder } = options;
  checkChoice("loadResult", "tier", tier, tiers);
  const experiment = findExperiment(name);
  const file = recordFile(name, tier, folder);
  const remedy = `; make it with: npm run reproduce -- ${name}${tier === "quick" ? "" : ` --tier ${tier}`}`;
  const refuse = (reason: string): Error =>
    new Error(`loadResult: ${relative(process.cwd(), file)} ${reason}${remedy}`);

  const record = readJson(file) as ExperimentRecord<never, never> | undefined;
  if (record === undefined) throw refuse("is not there");
  if (record.hash !== hashOf(record))
    throw refuse("was changed after it was measured: its hash does not fit its numbers");
  const difference = firstDifference(record.config, experiment.config(tier));
  if (difference) throw refuse(`comes from another setting (${difference})`);
  return record;
}
