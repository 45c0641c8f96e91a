/**
 * A drawing of ours as SVG text. It carries its own background and switches to dark ink on its own, so it can stand
 * on any page; it needs no script and no kernel.
 */
export class Diagram {
  /** @param alt what a reader who cannot see the drawing is told */
  constructor(
    readonly svg: string,
    readonly alt: string,
  ) {}

  /** The hook by which notebooks ask a value how it looks: an image, so that no style leaks in or out of it. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    const source = `data:image/svg+xml;base64,${Buffer.from(this.svg).toString("base64")}`;
    const width = /viewBox="0 0 (\d+)/.exec(this.svg)?.[1];
    return {
      "text/html": `<img alt="${escapeXml(this.alt)}" src="${source}" width="${width}" style="max-width: 100%; height: auto">`,
      "text/plain": this.alt,
    };
  }
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text that is safe inside SVG and HTML, attributes included. */
export const escapeXml = (text: string): string => text.replace(/[&<>"]/g, (character) => entities[character]);
