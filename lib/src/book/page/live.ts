// Brings figures, widgets and quizzes of a page to life, each when it comes near the reader's eyes. A classic script, and
// data in scripts too: a page that is opened from a file may load nothing else.
import { ask, drawFigure, themeOf } from "virtual:notebook";

interface Book {
  /** Called by the data files. */
  data(key: string, value: unknown): void;
  /** Brings to life what is in here, where it is seen. */
  watch(root: ParentNode): void;
  /** Loads a script of the book's assets, once. */
  load(name: string): Promise<void>;
}

declare global {
  var unrolledBook: Book;
  var unrolledPage: { mount(box: HTMLElement, widget: unknown, theme: unknown): void } | undefined;
}

const assets = new URL(".", (document.currentScript as HTMLScriptElement).src).href;
const values = new Map<string, unknown>();
const scripts = new Map<string, Promise<void>>();

function load(name: string): Promise<void> {
  const known = scripts.get(name);
  if (known) return known;
  const loading = new Promise<void>((resolve, reject) => {
    const script = document.createElement("script");
    script.src = assets + name;
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(`${name} cannot be loaded`));
    document.head.append(script);
  });
  scripts.set(name, loading);
  return loading;
}

async function dataOf(key: string): Promise<unknown> {
  await load(`parts/${key}.js`);
  return values.get(key);
}

async function wake(box: HTMLElement): Promise<void> {
  const { live, key = "" } = box.dataset;
  if (live === "figure") {
    const [figure] = await Promise.all([dataOf(key), load("plotly.js")]);
    await drawFigure(box, { figure, plotly: {} });
    box.setAttribute("role", "group"); // no longer one picture: it has controls
  } else if (live === "quiz") {
    ask(box, await dataOf(key));
  } else {
    const [widget] = await Promise.all([dataOf(key), load("widgets.js")]);
    box.replaceChildren();
    unrolledPage?.mount(box, widget, themeOf(box));
  }
}

const eyes = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      eyes.unobserve(target);
      wake(target as HTMLElement).catch((error: Error) => console.error(error.message));
    }
  },
  { rootMargin: "600px" },
);

function watch(root: ParentNode): void {
  for (const box of Array.from(root.querySelectorAll("[data-live]"))) eyes.observe(box);
}

globalThis.unrolledBook = { data: (key, value) => void values.set(key, value), watch, load };
watch(document);
