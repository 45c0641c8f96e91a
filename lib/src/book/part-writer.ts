import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "../notebook/kernelspec.js";
import { dataScript, type LivePart } from "./live.js";
import { figureOf } from "./outputs.js";
import { StillMaker } from "./stills.js";
import type { Store } from "./store.js";

/** Writes what the pages' live parts start from, and the still pictures of figures; what is there already stays. */
export class PartWriter {
  private readonly names = new Set<string>();
  private maker: StillMaker | undefined;

  constructor(
    private readonly assets: string,
    private readonly store: Store,
  ) {
    mkdirSync(join(assets, "parts"), { recursive: true });
  }

  /** Draws the figure and says where its picture is, from the assets' folder. */
  async still(part: LivePart): Promise<string> {
    const { data, layout } = figureOf(part);
    const svg = await this.store.get("stills", [stillVersion, data, layout], () => {
      this.maker ??= new StillMaker();
      return this.maker.draw({ data, layout });
    });
    return this.put(`${part.key}.svg`, svg);
  }

  write(part: LivePart): void {
    this.put(`${part.key}.js`, dataScript(part));
  }

  /** Removes what no page uses any more. */
  removeOthers(): void {
    for (const name of readdirSync(join(this.assets, "parts"))) {
      if (!this.names.has(name)) rmSync(join(this.assets, "parts", name));
    }
  }

  private put(name: string, text: string): string {
    const file = join(this.assets, "parts", name);
    if (!this.names.has(name) || !existsSync(file)) replaceFile(file, text);
    this.names.add(name);
    return `parts/${name}`;
  }
}

/** To be raised when stills.ts draws otherwise than before. */
const stillVersion = 2;
