import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadCharacterModel } from "../experiments/load-character-model.js";
import { scriptJson } from "../notebook/bundle.js";
import type { TypistData } from "./typist-model.js";

/**
 * The script that hands the laboratory the character model of lesson 12; undefined as long as there is none.
 * Its weights are float32 in base64: a page that is opened from a file can load a script, and nothing else.
 */
export function typistScript(root: string): string | undefined {
  if (!existsSync(join(root, "notebooks/data/char-model.safetensors"))) return undefined;
  const { model } = loadCharacterModel();
  const named = { ...prefixed("cell", model.cell.parameters()), ...prefixed("readout", model.readout.parameters()) };
  const weights = Object.entries(named).map(([name, { data }]) => {
    const { buffer, byteOffset, byteLength } = Float32Array.from(data);
    return [name, Buffer.from(buffer, byteOffset, byteLength).toString("base64")];
  });
  const data: TypistData = {
    symbols: model.vocabulary.symbols.join(""),
    hiddenSize: model.cell.hiddenSize,
    weights: Object.fromEntries(weights),
  };
  return `unrolledTypist = ${scriptJson(data)};\n`;
}

const prefixed = <T>(prefix: string, parameters: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(parameters).map(([name, tensor]) => [`${prefix}.${name}`, tensor]));
