import { latex } from "./latex.js";
import { prose } from "./prose.js";
import { verse } from "./verse.js";

/** Short original texts for `characterText`: enough to see structure learned, too little for literature. */
export const corpus: { readonly prose: string; readonly verse: string; readonly latex: string } = {
  prose,
  verse,
  latex,
};
