import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CharacterModel } from "../tasks/character-model.js";
import { vocabularyOf } from "../tasks/text.js";
import { checkChoice } from "../tensor/refuse.js";
import { loadWeights } from "../training/weights.js";
import { characterTexts, weightsFile } from "./character-model.js";
import { dataFolder } from "./files.js";
import { loadResult } from "./load-result.js";
import { sha256 } from "./record.js";

export interface TrainedCharacterModel {
  readonly model: CharacterModel;
  /** The text that it was trained on. */
  readonly shown: string;
  /** The text that it has never seen. */
  readonly heldOut: string;
}

/**
 * The character model that `npm run reproduce -- char-model` trained on the library's own source, and its text.
 *
 *     loadCharacterModel().model.write(300, { start: "export ", temperature: 0.7 });
 *
 * @param name "LSTM" (default), or "RNN": plain, with as many weights, trained alike
 * @throws Error if a file is not there or is not the one that was measured
 */
export function loadCharacterModel(name: "LSTM" | "RNN" = "LSTM"): TrainedCharacterModel {
  checkChoice("loadCharacterModel", "name", name, ["LSTM", "RNN"]);
  const { config, results } = loadResult("char-model");
  const { cell, hiddenSize } = config.models.find((one) => one.name === name)!;
  const file = join(dataFolder, weightsFile(name));
  const remedy = "; make it with: npm run reproduce -- char-model";
  if (!existsSync(file)) throw new Error(`loadCharacterModel: ${weightsFile(name)} is not there${remedy}`);
  if (sha256(readFileSync(file)) !== results[name].weights) {
    throw new Error(`loadCharacterModel: ${weightsFile(name)} is not what the record was measured on${remedy}`);
  }
  const model = new CharacterModel(vocabularyOf(results[name].symbols), { cell, hiddenSize });
  loadWeights({ cell: model.cell, readout: model.readout }, file);
  return { model, ...characterTexts(config) };
}
