/** Types of names in code, and the glossary's words behind its links: shown where the reader points. */
export function setUpTips(): void {
  const types = JSON.parse(document.getElementById("types")?.textContent ?? "[]") as string[];
  const tip = Object.assign(document.createElement("div"), { className: "tip", hidden: true });
  tip.setAttribute("role", "tooltip");
  tip.id = "tip";
  document.body.append(tip);
  let about: Element | undefined;
  const hide = (): void => {
    tip.hidden = true;
    about = undefined;
  };
  const showAt = (target: Element, text: string, kind: string): void => {
    about = target;
    tip.className = `tip ${kind}`;
    tip.textContent = text;
    tip.hidden = false;
    const { left, bottom, top } = target.getBoundingClientRect();
    const room = document.documentElement.clientWidth - tip.offsetWidth - 12;
    const below = bottom + tip.offsetHeight + 8 < innerHeight;
    tip.style.left = `${Math.max(8, Math.min(left, room)) + scrollX}px`;
    tip.style.top = `${(below ? bottom + 6 : top - tip.offsetHeight - 6) + scrollY}px`;
  };
  const look = (event: Event): void => {
    const target = event.target as Element;
    const name = target.closest("[data-t]");
    const link = target.closest<HTMLAnchorElement>('a[href*="#term-"]');
    if (name) showAt(name, types[Number((name as HTMLElement).dataset.t)] ?? "", "type");
    else if (link) void say(link, showAt);
    // A page that scrolls to what has the focus moves under a still pointer: that is no pointing elsewhere.
    else if (event.type !== "pointerover" || about !== document.activeElement) hide();
  };
  for (const kind of ["pointerover", "focusin", "click"]) document.addEventListener(kind, look);
  document.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
}

async function say(
  link: HTMLAnchorElement,
  showAt: (target: Element, text: string, kind: string) => void,
): Promise<void> {
  await unrolledBook.load("terms.js");
  const text = (globalThis as { unrolledTerms?: Record<string, string> }).unrolledTerms?.[link.hash.slice(1)];
  if (text && (link.matches(":hover") || link === document.activeElement)) showAt(link, text, "term");
}
