import type { LookBackData } from "../look-back.js";
import type { TextsData } from "../texts.js";
import { el } from "./dom.js";

/** Blue above 0, orange below, the stronger the farther from it. */
const shade = (value: number): string =>
  Math.abs(value) < 0.05 ? "" : `rgba(${value > 0 ? "0,114,178" : "213,94,0"},${(0.6 * Math.abs(value)).toFixed(2)})`;

/** A text with one element per character. */
function spelled(letters: readonly string[]): { node: HTMLPreElement; spans: HTMLSpanElement[] } {
  const spans = letters.map((letter) => el("span", {}, letter));
  return { node: el("pre", { class: "text", tabindex: 0 }, ...spans), spans };
}

/** A slider over whole numbers whose value is told in words. */
function chooser(count: number, says: (k: number) => string, change: (k: number) => void): HTMLElement {
  const told = el("output", {}, "");
  const input = el("input", { type: "range", min: 0, max: count - 1, step: 1, value: 0 });
  const look = (): void => {
    const words = says(input.valueAsNumber);
    told.textContent = words;
    input.setAttribute("aria-valuetext", words);
    change(input.valueAsNumber);
  };
  input.addEventListener("input", look);
  input.addEventListener("unrolled-look", look);
  return el("label", { class: "choose" }, told, input);
}

/** Puts a slider somewhere and tells everybody. */
function put(label: HTMLElement, k: number): void {
  const input = label.querySelector("input")!;
  input.valueAsNumber = k;
  input.dispatchEvent(new Event("unrolled-look"));
}

/** One text at a time; the slider chooses. */
export function mountTexts(body: HTMLElement, { views }: TextsData): void {
  const place = el("div");
  const change = (k: number): void => {
    const { letters, shades } = views[k];
    const { node, spans } = spelled(letters);
    node.setAttribute("aria-label", views[k].name);
    spans.forEach((span, at) => {
      span.style.background = shade(shades[at]);
    });
    place.replaceChildren(node);
  };
  const slider = chooser(views.length, (k) => views[k].name, change);
  slider.querySelector("input")!.setAttribute("aria-label", "which text");
  body.append(slider, place);
  put(slider, 0);
}

/** Where the reader points, every model's past is shaded. */
export function mountLookBack(body: HTMLElement, { letters, models }: LookBackData): void {
  const copies = models.map(() => spelled(letters));
  const words = el("p", { class: "said", role: "status" });
  const look = (t: number): void => {
    copies.forEach(({ spans }, m) => {
      spans.forEach((span, s) => {
        span.style.background = shade(s <= t ? models[m].rows[t][s] : 0);
        span.style.outline = s === t ? "2px solid var(--accent)" : "";
        span.style.opacity = s > t ? "0.45" : "1";
      });
    });
    const far = models.map(({ name, rows }) => {
      const back = rows[t].map((share, s) => (share >= 0.1 ? t - s : -1));
      return `${name} back to ${Math.max(...back)}`;
    });
    words.textContent = `A tenth of the greatest or more: ${far.join(", ")} characters ago.`;
  };
  const says = (t: number): string =>
    `after “${letters.slice(Math.max(0, t - 11), t + 1).join("")}”`.replace(/\n/g, "⏎");
  const slider = chooser(letters.length, says, look);
  slider.querySelector("input")!.setAttribute("aria-label", "after which character");
  for (const { node, spans } of copies) {
    const point = (event: Event): void => {
      const t = spans.indexOf(event.target as HTMLSpanElement);
      if (t >= 0) put(slider, t);
    };
    node.addEventListener("pointerover", point);
    node.addEventListener("click", point);
  }
  const blocks = copies.flatMap(({ node }, m) => [el("p", { class: "small" }, models[m].name), node]);
  body.append(slider, ...blocks, words);
  put(slider, letters.length - 1);
}
