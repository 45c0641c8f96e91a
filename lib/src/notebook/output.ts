import { inspect } from "node:util";
import { DISPLAY, type Displayable, type MimeBundle } from "./bundle.js";
import { publish } from "./publish.js";

/** Something to look at: displays itself as a cell's last value, or by `show`. */
export class Output implements Displayable {
  constructor(readonly bundle: MimeBundle) {}

  [DISPLAY](): MimeBundle {
    return this.bundle;
  }

  [inspect.custom](depth: number): string {
    return showInspected(this.bundle, depth);
  }
}

/**
 * Plain tslab prints a cell's last value by `inspect` and knows no display hook; so an inspected output publishes
 * itself there. Our own kernel uses the hook, and inspecting only names the value.
 */
export function showInspected(bundle: MimeBundle, depth: number): string {
  const ourKernel = Symbol.for("unrolled.cells") in globalThis;
  const isLastValue = depth === 2; // inspect's default: nothing encloses it
  if (!ourKernel && isLastValue) publish(bundle);
  return String(bundle["text/plain"] ?? "");
}
