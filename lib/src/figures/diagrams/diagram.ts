/**
 * A drawing of ours as SVG text. It carries its own background and switches to dark ink on its own, so it can stand
 * on any page; it needs no script and no kernel.
 */
export class Diagram {
  /**
   * @param alt what a reader who cannot see the drawing is told
   * @param turns what each move of a build-up adds, one sentence each; none for a drawing that stands as it is
   */
  constructor(
    readonly svg: string,
    readonly alt: string,
    readonly turns: readonly string[] = [],
  ) {}
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text that is safe inside SVG and HTML, attributes included. */
export const escapeXml = (text: string): string => text.replace(/[&<>"]/g, (character) => entities[character]);
