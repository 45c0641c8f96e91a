import { ink } from "../../figures/diagrams/parts.js";
import { el } from "./dom.js";

/** How the card learns whether its page is dark, and is told when that changes. */
export interface Theme {
  isDark(): boolean;
  onChange(node: Element, look: () => void): void;
}

const layout = `
:host{display:block;margin:0.5em 0}*{box-sizing:border-box}[hidden]{display:none!important}
.card{border:1px solid var(--edge);border-radius:10px;background:var(--paper);color:var(--text);padding:0.75em 1em;max-width:860px;
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
.card{--paper:#fff;--text:#1f2328;--edge:#d0d7de;--soft:#f3f5f7;--accent:#0072B2}
.card.dark{--paper:#161b22;--text:#e6edf3;--edge:#3d444d;--soft:#22272e;--accent:#56B4E9}
p{margin:0.4em 0}.small{font-size:13px}h4{font-size:1.05em;margin:0 0 0.3em}.row{display:flex;flex-wrap:wrap;gap:0.4em 0.6em;align-items:center;margin:0.5em 0}
fieldset{border:0;margin:0.5em 0;padding:0;min-width:0}legend{font-weight:600;padding:0}
button,.pick{font:inherit;color:inherit;background:var(--soft);border:1px solid var(--edge);border-radius:6px;padding:0.3em 0.8em;cursor:pointer;min-height:2.2em}
button[aria-disabled=true]{opacity:0.5;cursor:default}
.pick{display:inline-flex;align-items:center;gap:0.4em}.pick input{margin:0;accent-color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.scroll{overflow-x:auto;margin:0.5em 0}.scroll svg{display:block;width:100%;min-width:560px;max-width:740px;height:auto}
.sliders{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:0.3em 1.2em}
.sliders label{display:block;min-width:0}.sliders span{display:flex;justify-content:space-between;gap:0.5em}
input[type=range]{width:100%;margin:0.2em 0;accent-color:var(--accent);min-height:1.5em}
output{font-variant-numeric:tabular-nums}.said{min-height:3em;border-left:4px solid var(--accent);padding-left:0.7em}
.text{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre-wrap;overflow-wrap:anywhere;margin:0.3em 0;tab-size:2}
.choose{display:block;margin:0.3em 0}.choose output{display:block;min-height:1.5em;white-space:pre}
summary{cursor:pointer;font-weight:600;padding:0.3em 0}.gate{border-top:1px solid var(--edge);padding-top:0.4em}`;

/** A card of its own in a page: no style leaks in or out, and the page's keys are left alone while it has the focus. */
export function card(box: HTMLElement, theme: Theme, title: string): HTMLElement {
  const root = box.attachShadow({ mode: "open" });
  const dark = el("style", { media: "not all" }, ink.dark);
  const body = el("section", { class: "card", "aria-label": title });
  body.append(el("h4", {}, title));
  root.append(el("style", {}, layout + ink.light), dark, body);
  const look = (): void => {
    const isDark = theme.isDark();
    dark.media = isDark ? "all" : "not all";
    body.classList.toggle("dark", isDark);
  };
  look();
  theme.onChange(box, look);
  for (const kind of ["keydown", "keyup", "keypress"]) root.addEventListener(kind, (event) => event.stopPropagation());
  return body;
}
