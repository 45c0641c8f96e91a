import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { scriptJson } from "./bundle.js";
import { KERNEL_NAME, plotlyFile } from "./kernelspec.js";

/**
 * Where a page finds plotly.js, in order: already there, beside the kernel on the Jupyter server, in the course's own
 * node_modules for a page that was exported beside its notebook, on the network.
 */
export interface PlotlySource {
  readonly served: string; // below the server's base URL
  readonly cdn?: { readonly url: string; readonly integrity: string };
}

let known: PlotlySource | undefined;

/** The network comes last, with the hash of the file that npm installed; UNROLLED_OFFLINE=1 forbids it. */
export function plotlySource(env: NodeJS.ProcessEnv = process.env): PlotlySource {
  const served = `kernelspecs/${KERNEL_NAME}/plotly.min.js`;
  if (env.UNROLLED_OFFLINE) return { served };
  known ??= { served, cdn: cdnCopy() };
  return known;
}

function cdnCopy(): PlotlySource["cdn"] {
  const file = plotlyFile();
  const { version } = JSON.parse(readFileSync(join(dirname(file), "package.json"), "utf8")) as { version: string };
  const integrity = `sha384-${createHash("sha384").update(readFileSync(file)).digest("base64")}`;
  return { url: `https://cdn.jsdelivr.net/npm/plotly.js-dist-min@${version}/plotly.min.js`, integrity };
}

/** The script that finds its element in the page by key and calls `body` with `box` (the element) and `data`. */
export function elementScript(key: string, data: unknown, body: string): string {
  return `<script>(async () => {
const data = ${scriptJson(data)};
${CLAIM}
const box = await claim(${scriptJson(key)});
if (!box) return;
${body}
})();</script>`;
}

/** The other way round: the HTML without its script, the element's key and the script's data; nothing for HTML of others. */
export function withoutElementScript(html: string): { html: string; key: string; data: unknown } | undefined {
  const parts = /^([\s\S]*)<script>\(async \(\) => \{\nconst data = (.*);\nasync function claim/.exec(html);
  const key = parts && /data-unrolled="([^"]+)"/.exec(parts[1]);
  return key ? { html: parts[1], key: key[1], data: JSON.parse(parts[2]) } : undefined;
}

/** A stable name for a page element: equal content has an equal key, so that outputs do not differ from run to run. */
export function contentKey(content: unknown): string {
  return createHash("sha256").update(scriptJson(content)).digest("hex").slice(0, 12);
}

/** A front end may run a script before its element is in the page; and one key may stand there twice. */
const CLAIM = `async function claim(key) {
  for (let tries = 0; tries < 100; tries++) {
    const free = [...document.querySelectorAll('[data-unrolled="' + key + '"]')].find((box) => !box.unrolledClaimed);
    if (free) { free.unrolledClaimed = true; return free; }
    await new Promise((next) => setTimeout(next, 50));
  }
}`;

/** Whether the page around `box` is dark, by what is painted behind it; and a call whenever that may have changed. */
export const THEME = `
const channels = (color) => (color.match(/[\\d.]+/g) || []).map(Number);
const luminance = ([r, g, b]) => (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
const isDark = () => {
  for (let el = box; el; el = el.parentElement) {
    const color = channels(getComputedStyle(el).backgroundColor);
    if (color.length === 3 || color[3] > 0.5) return luminance(color) < 0.5;
  }
  return luminance(channels(getComputedStyle(box).color)) > 0.5;
};
const onThemeChange = (node, look) => {
  const still = () => node.isConnected ? look() : observer.disconnect();
  const observer = new MutationObserver(still);
  for (const el of [document.documentElement, document.body]) observer.observe(el, { attributes: true });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', still);
};`;

/** The figure as a narrow page can hold it: titles in lines, colour bars thin, margins small. */
const FIT = `
const inLines = (text, most) => text.split(' ').reduce((lines, word) => {
  const last = lines[lines.length - 1] + ' ' + word;
  if (lines[lines.length - 1] && last.length > most) lines.push(word);
  else lines[lines.length - 1] = last.trim();
  return lines;
}, ['']);
const fitted = ({ data, layout }) => {
  const width = box.clientWidth;
  if (!width || width >= 520) return { data, layout };
  const title = typeof layout.title === 'string' ? { text: layout.title } : layout.title || {};
  const lines = inLines(title.text || '', Math.floor(width / 8.5));
  const axes = Object.entries(layout).filter(([name, axis]) => /^[xy]axis/.test(name) && axis.title && axis.title.text);
  let deepest = 1; // lines of the longest title below the plot
  const named = axes.map(([name, axis]) => {
    const [from, to] = axis.domain || [0, 1];
    const across = width * (to - from);
    const text = inLines(axis.title.text, name[0] === 'x' ? across / 9 : 36);
    if (name[0] === 'x') deepest = Math.max(deepest, text.length);
    const few = name[0] === 'x' && !axis.tickvals ? { nticks: Math.max(2, Math.floor(across / 60)), dtick: undefined } : {};
    return [name, { ...axis, ...few, title: { ...axis.title, text: text.join('<br>'), font: { size: 12 } } }];
  });
  const lowered = (controls) => controls && controls.map((control) => {
    const top = (control.pad && control.pad.t) || 0;
    return { ...control, font: { size: 11 }, pad: { ...control.pad, t: top + 14 * (deepest - 1) } };
  });
  return {
    data: data.map((trace) => !trace.colorbar ? trace :
      { ...trace, colorbar: { ...trace.colorbar, thickness: 10, title: { ...trace.colorbar.title, side: 'right' } } }),
    layout: {
      ...layout,
      ...Object.fromEntries(named),
      title: { ...title, text: lines.join('<br>'), font: { size: 14 }, y: 1, yref: 'container', yanchor: 'top', pad: { t: 24, l: 4 } },
      margin: { ...layout.margin, l: 48, r: 8, t: 30 + 18 * lines.length },
      legend: { ...layout.legend, font: { size: 11 } },
      sliders: lowered(layout.sliders),
      updatemenus: lowered(layout.updatemenus),
      height: (layout.height || 420) + 18 * (lines.length + deepest - 2),
    },
  };
};`;

/** A figure's colours for a light or dark page. */
export const THEMED = `const themed = (layout, dark) => {
  const ink = dark ? '#e8e8e8' : '#2a2a2a', grid = dark ? 'rgba(255,255,255,0.16)' : 'rgba(0,0,0,0.12)';
  const zeroline = dark ? 'rgba(255,255,255,0.4)' : 'rgba(0,0,0,0.35)', clear = 'rgba(0,0,0,0)';
  const axis = { gridcolor: grid, zerolinecolor: zeroline, linecolor: zeroline, automargin: true };
  const button = { bgcolor: '#f2f2f2', bordercolor: '#999', font: { color: '#2a2a2a' } };
  const template = { layout: {
    font: { color: ink }, margin: { t: 60, r: 20, b: 50, l: 60 }, paper_bgcolor: clear, plot_bgcolor: clear, xaxis: axis, yaxis: axis,
    scene: { xaxis: axis, yaxis: axis, zaxis: axis }, modebar: { bgcolor: clear, color: ink, activecolor: ink },
    hoverlabel: { font: { color: '#2a2a2a' }, bgcolor: '#fdfdfd' }, updatemenudefaults: button,
    legend: { bgcolor: dark ? 'rgba(17,17,17,0.7)' : 'rgba(255,255,255,0.7)' },
  } };
  return { template, ...layout };
};`;

/** Turns a static figure into a live plot. Plain JavaScript for the page: old browsers in classroom machines included. */
export const DRAW_FIGURE = `${THEME}${FIT}
const { figure, live, plotly } = data;
const load = ({ url, integrity }) => new Promise((resolve, reject) => {
  const script = document.createElement('script');
  script.src = url;
  if (integrity) { script.integrity = integrity; script.crossOrigin = 'anonymous'; }
  script.onload = () => window.Plotly ? resolve(window.Plotly) : reject(new Error(url + ' is not plotly.js'));
  script.onerror = () => reject(new Error(url + ' cannot be loaded'));
  document.head.append(script);
});
const baseUrl = () => {
  const config = document.getElementById('jupyter-config-data');
  return document.body.dataset.baseUrl || (config && JSON.parse(config.textContent).baseUrl);
};
const loadPlotly = async () => {
  if (window.Plotly) return window.Plotly;
  if (window.requirejs && window.requirejs.defined && window.requirejs.defined('plotly')) return window.requirejs('plotly');
  window.PlotlyConfig = window.PlotlyConfig || { MathJaxConfig: 'local' };
  const base = baseUrl();
  let problem = new Error('plotly.js is not on this page');
  const exported = location.protocol === 'file:' && { url: '../node_modules/plotly.js-dist-min/plotly.min.js' };
  for (const source of [base && { url: base + plotly.served }, exported, plotly.cdn]) {
    if (source) try { return await load(source); } catch (error) { problem = error; }
  }
  throw problem;
};
${THEMED}
const followTheme = (Plotly, node) => {
  let dark = isDark();
  onThemeChange(node, () => {
    if (isDark() === dark) return;
    dark = !dark;
    Plotly.relayout(node, { template: themed({}, dark).template });
  });
};
const keys = (Plotly, node) => box.addEventListener('keydown', (event) => {
  const slider = node.layout.sliders && node.layout.sliders[0];
  const menu = node.layout.updatemenus && node.layout.updatemenus[0];
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const play = menu && (event.key === 'Enter' || event.key === ' ') && menu.buttons[0];
  if (!play && !(slider && by)) return;
  event.preventDefault();
  event.stopPropagation();
  if (play) return Plotly[play.method](node, ...play.args);
  const active = Math.min(Math.max((slider.active || 0) + by, 0), slider.steps.length - 1);
  const { method, args } = slider.steps[active];
  Plotly.relayout(node, { 'sliders[0].active': active });
  if (method && method !== 'skip') Plotly[method](node, ...args);
});
const show = (node) => {
  for (const child of box.children) child.hidden = true;
  box.prepend(node);
};
try {
  const Plotly = window.Plotly || await (window.unrolledPlotly = window.unrolledPlotly || loadPlotly());
  const plots = window.unrolledLive = window.unrolledLive || {};
  const known = live && plots[live];
  const node = known || document.createElement('div');
  if (live) plots[live] = node;
  const { data: traces, layout } = fitted(figure);
  if (!known) node.style.height = (layout.height || 420) + 'px';
  show(node);
  const config = { responsive: true, displaylogo: false, ...figure.config };
  await Plotly.react(node, traces, themed(layout, isDark()), config);
  if (!known) {
    if (figure.frames.length) await Plotly.addFrames(node, figure.frames);
    followTheme(Plotly, node);
    keys(Plotly, node);
  }
  box.dataset.ready = Plotly.version;
} catch (error) {
  window.unrolledPlotly = undefined;
  for (const child of box.children) child.hidden = false;
  const note = document.createElement('p');
  note.textContent = 'The interactive plot is not available: ' + error.message;
  box.append(note);
}`;

/** Brings a widget to life: the lib, bundled for the page, does the rest. */
export const mountWidget = (): string => `${THEME}
${pageBundle()}
unrolledPage.mount(box, data, { isDark, onChange: onThemeChange });`;

let bundle: string | undefined;

function pageBundle(): string {
  bundle ??= readFileSync(new URL("../../dist/explore/page.js", import.meta.url), "utf8").trim();
  return bundle;
}
