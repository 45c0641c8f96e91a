import { CharacterModel } from "../tasks/character-model.js";
import { vocabularyOf } from "../tasks/text.js";

/** A character model as a page loads it. */
export interface TypistData {
  readonly symbols: string;
  readonly hiddenSize: number;
  /** float32, little-endian, in base64, by parameter name after "cell." or "readout.". */
  readonly weights: Readonly<Record<string, string>>;
}

/** The model with its trained weights. */
export function typistModel({ symbols, hiddenSize, weights }: TypistData): CharacterModel {
  const model = new CharacterModel(vocabularyOf(symbols), { hiddenSize });
  for (const [prefix, parameters] of Object.entries({
    cell: model.cell.parameters(),
    readout: model.readout.parameters(),
  })) {
    for (const [name, { data }] of Object.entries(parameters)) {
      const bytes = Uint8Array.from(atob(weights[`${prefix}.${name}`]), (character) => character.charCodeAt(0));
      data.set(new Float32Array(bytes.buffer));
    }
  }
  return model;
}
