import { DRAW_FIGURE, THEME } from "../notebook/page-script.js";
import { ASK } from "../notebook/quiz.js";
import { FIGURE } from "./height.js";

/** What runs in a deck's page. Plain JavaScript: it shows a slide's figures, widgets and questions, and makes it fit. */
export const deckScript = (): string => `(() => {
const data = unrolledData;
const SIZE = { width: 1280, height: 720 };
const MOST = 1.4;
const LEAST = 0.6; // smaller than this nobody reads it from the last row

// ---- light and dark
const root = document.documentElement;
const prefersDark = matchMedia('(prefers-color-scheme: dark)');
let chosen;
try { chosen = localStorage.getItem('unrolled-slides-theme'); } catch (error) {} // a browser may forbid it to files
const isDark = () => (root.dataset.theme || (prefersDark.matches ? 'dark' : 'light')) === 'dark';
root.dataset.theme = chosen || (isDark() ? 'dark' : 'light');
const turn = () => {
  root.dataset.theme = isDark() ? 'light' : 'dark';
  try { localStorage.setItem('unrolled-slides-theme', root.dataset.theme); } catch (error) {}
};
document.getElementById('theme').addEventListener('click', turn);

// ---- what is alive on a slide
const drawFigure = async (box, data) => {${DRAW_FIGURE}
};
const themeOf = (box) => {${THEME}
return { isDark, onChange: onThemeChange }; };
const large = (figure, height) => {
  const { layout } = figure;
  const title = typeof layout.title === 'string' ? { text: layout.title } : layout.title;
  return { ...figure, layout: { ...layout, height, font: { ...layout.font, size: 16 },
    title: title && { ...title, font: { ...title.font, size: 20 } } } };
};
const askQuestion = (box, data) => {${ASK}
};
// the live cell stands in two columns: slides are wide
const WIDE = '.card{max-width:none;columns:2;column-gap:36px}.card>*{break-inside:avoid}.scroll svg{min-width:0}';
const enliven = async (slide) => {
  const boxes = [...slide.querySelectorAll('[data-live]:not([data-ready])')];
  const figures = boxes.filter((box) => box.dataset.live === 'figure');
  for (const box of boxes) {
    const start = data[box.dataset.key];
    if (box.dataset.live === 'widget') {
      box.replaceChildren();
      unrolledPage.mount(box, start, themeOf(box));
      if (start.kind === 'lstm') box.shadowRoot.append(Object.assign(document.createElement('style'), { textContent: WIDE }));
    }
    if (box.dataset.live === 'quiz') askQuestion(box, start);
  }
  for (const box of figures) box.style.minHeight = '0';
  for (const box of figures) {
    const start = data[box.dataset.key];
    const wanted = start.layout.height || 0;
    box.textContent = '';
    const left = (SIZE.height - 100 - heightOf(slide)) / figures.length;
    const height = wanted > ${FIGURE.usual} ? wanted : Math.max(Math.min(left, ${FIGURE.most}), ${FIGURE.least});
    await drawFigure(box, { figure: large(start, height), plotly: {} });
  }
};

// ---- every slide fits, and what stands on few lines stands large
const fitOf = (slide) => slide.querySelector('.fit');
const heightOf = (slide) => fitOf(slide).offsetHeight;
const tooWide = (fit) => [...fit.querySelectorAll('pre, .formula, .wide, table, img')].some((part) => part.scrollWidth > part.clientWidth + 1);
const makeFit = (slide) => {
  const fit = fitOf(slide);
  const kicker = slide.querySelector('.kicker');
  const room = SIZE.height - (kicker ? kicker.offsetHeight + 12 : 0);
  const fits = (scale) => {
    fit.style.setProperty('--scale', scale);
    fit.style.width = SIZE.width / scale + 'px';
    return fit.offsetHeight * scale <= room * (scale > 1 ? 0.84 : 1) && !tooWide(fit);
  };
  let scale = fit.querySelector('[data-live=figure], [data-live=widget], img') ? 1 : MOST;
  while (!fits(scale) && scale > LEAST) scale = Math.max(LEAST, scale - 0.02);
  const left = room - fit.offsetHeight * scale;
  const down = fit.querySelector('h1, h2, h3') ? 0 : Math.max(0, left * 0.3);
  fit.style.transform = 'translateY(' + down + 'px) scale(' + scale + ')';
  slide.dataset.scale = scale.toFixed(2);
  slide.dataset.overflow = String(!fits(scale));
};
const enter = async (slide) => {
  if (!slide || slide.dataset.shown) return;
  slide.dataset.shown = 'begun';
  await enliven(slide);
  await document.fonts.ready;
  makeFit(slide);
  slide.dataset.shown = 'done';
};

Reveal.on('ready', ({ currentSlide }) => enter(currentSlide));
Reveal.on('slidechanged', ({ currentSlide }) => enter(currentSlide));
Reveal.on('pdf-ready', () => document.querySelectorAll('.slides section[id]').forEach(enter));
Reveal.initialize({ ...SIZE, margin: 0.03, center: false, hash: true, slideNumber: 'c/t', transition: 'none', plugins: [RevealNotes],
  keyboardCondition: (event) => !(document.activeElement && document.activeElement.closest('[data-live]') && event.key !== 'Escape') })
  .then(() => Reveal.addKeyBinding({ keyCode: 68, key: 'D', description: 'Light or dark' }, turn));
})();
`;
