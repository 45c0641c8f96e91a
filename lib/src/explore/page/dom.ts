type Attributes = Readonly<Record<string, string | number | boolean>>;

/** An element with attributes and children. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== false) node.setAttribute(name, String(value));
  }
  node.append(...children);
  return node;
}

/** A button that keeps the focus and says what it does. */
export function button(text: string, act: () => void): HTMLButtonElement {
  const node = el("button", { type: "button" }, text);
  node.addEventListener("click", act);
  return node;
}

/** The inside of a drawing for a box that has its style and its words already: no rules, no tooltip, no role of its own. */
export const bare = (svg: string): string =>
  svg
    .replace(/<style>[\s\S]*?<\/style>|<title>[\s\S]*?<\/title>/g, "")
    .replace(/(<svg[^>]*) role="img"/, '$1 aria-hidden="true"');
