// What every page of the book does: light and dark, search, copying, types and terms where the reader points,
// predictions that come before their answers.
import { setUpPredictions } from "./predictions.js";
import { setUpSearch } from "./search-box.js";
import { setUpTips } from "./tips.js";

/** Remembers small things; a browser that forbids it forgets them. */
export const memory = {
  get(name: string): string | null {
    try {
      return localStorage.getItem(`unrolled-${name}`);
    } catch {
      return null;
    }
  },
  set(name: string, value: string): void {
    try {
      localStorage.setItem(`unrolled-${name}`, value);
    } catch {}
  },
};

const themes = ["auto", "light", "dark"] as const;

function setUpTheme(): void {
  const button = document.getElementById("theme") as HTMLButtonElement;
  const word = button.querySelector(".word")!;
  let at = Math.max(0, themes.indexOf((memory.get("theme") ?? "auto") as (typeof themes)[number]));
  const look = (): void => {
    const theme = themes[at];
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    word.textContent = theme;
    button.setAttribute("aria-label", `Light or dark: ${theme}`);
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    at = (at + 1) % themes.length;
    memory.set("theme", themes[at]);
    look();
  });
  look();
}

function setUpCopy(): void {
  for (const pre of Array.from(document.querySelectorAll<HTMLElement>(".cell>pre.code"))) {
    const button = Object.assign(document.createElement("button"), {
      type: "button",
      className: "copy",
      textContent: "Copy",
    });
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(pre.textContent ?? "").catch(() => select(pre));
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 1500);
    });
    pre.after(button);
  }
}

/** Where the clipboard is out of reach, the text is selected at least. */
function select(node: Node): void {
  const range = document.createRange();
  range.selectNodeContents(node);
  getSelection()?.removeAllRanges();
  getSelection()?.addRange(range);
}

/** The contents stand open where there is room beside the text. */
function setUpContents(): void {
  const contents = document.querySelector<HTMLDetailsElement>(".sidebar>details");
  if (!contents) return;
  const wide = matchMedia("(min-width:64rem)");
  const look = (): void => {
    contents.open = wide.matches;
  };
  wide.addEventListener("change", look);
  look();
  const current = contents.querySelector("[aria-current]");
  if (wide.matches && current) contents.scrollTop = (current as HTMLElement).offsetTop - contents.clientHeight / 3;
}

/** Marks where the reader is in the list of this page's sections. */
function setUpHere(): void {
  const links = Array.from(document.querySelectorAll<HTMLAnchorElement>(".here a"));
  const heads = links.map(({ hash }) => document.getElementById(decodeURIComponent(hash.slice(1))));
  const look = (): void => {
    let current = 0;
    heads.forEach((head, at) => {
      if (head && head.getBoundingClientRect().top < 120) current = at;
    });
    links.forEach((link, at) => {
      if (at === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  };
  let waiting = false;
  addEventListener(
    "scroll",
    () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        look();
      });
    },
    { passive: true },
  );
  if (links.length > 0) look();
}

/** What could scroll is a stop for the keyboard only where it does. */
function setUpScrollers(): void {
  const boxes = Array.from(
    document.querySelectorAll<HTMLElement>("main :is(pre, .wide, .formula, .output > div)[tabindex='0']"),
  );
  const look = (): void => {
    for (const box of boxes) {
      if (box.clientWidth > 0) box.tabIndex = box.scrollWidth > box.clientWidth ? 0 : -1;
    }
  };
  addEventListener("load", look);
  addEventListener("resize", look);
}

setUpScrollers();
setUpTheme();
setUpContents();
setUpHere();
setUpCopy();
setUpTips();
setUpPredictions(memory);
setUpSearch();
document.documentElement.dataset.ready = "true";
