import type { BuildUpData } from "../build-up.js";
import { bare, button, el } from "./dom.js";

/** Back, on, and play through the moves of a drawing; every sentence is said when its part appears. */
export function mountBuildUp(body: HTMLElement, { svg, alt, turns }: BuildUpData): void {
  let at = turns.length - 1; // the whole picture first: a reader who only scrolls sees all of it
  let timer = 0;
  const picture = el("div", { class: "scroll", role: "img", "aria-label": alt, tabindex: 0 });
  picture.innerHTML = bare(svg);
  const parts = Array.from(picture.querySelectorAll<SVGElement>(".turn"));
  const words = el("p", { class: "said", role: "status" });
  const look = (): void => {
    parts.forEach((part, turn) => {
      part.style.animation = "none";
      part.style.transition = "opacity 0.3s";
      part.style.opacity = turn <= at ? "1" : "0.08";
    });
    words.textContent = `${at + 1} of ${turns.length}. ${turns[at]}`;
    back.setAttribute("aria-disabled", String(at === 0));
    on.setAttribute("aria-disabled", String(at === turns.length - 1));
  };
  const go = (to: number): void => {
    at = Math.min(Math.max(to, 0), turns.length - 1);
    look();
  };
  const stop = (): void => {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
  };
  const tick = (): void => {
    go(at + 1);
    if (at === turns.length - 1) stop();
  };
  const playOrStop = (): void => {
    const playing = timer > 0;
    stop();
    if (playing) return;
    go(0);
    play.textContent = "Pause";
    timer = window.setInterval(tick, 2500);
  };
  const by = (moves: number) => () => {
    stop();
    go(at + moves);
  };
  const first = button("Start", by(-turns.length));
  const [back, on, play] = [button("Back", by(-1)), button("Next", by(1)), button("Play", playOrStop)];
  body.append(el("div", { class: "row" }, first, back, on, play), picture, words);
  look();
}
