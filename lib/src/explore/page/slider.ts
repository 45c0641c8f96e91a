import { el } from "./dom.js";

export interface SliderOptions {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** What a screen reader calls it, where the name alone says too little. */
  readonly label?: string;
  change(value: number): void;
}

/** A slider with its name and its number; the browser's own, so that keys and screen readers work as everywhere. */
export class Slider {
  readonly node: HTMLLabelElement;
  private readonly input: HTMLInputElement;
  private readonly number = el("output");

  constructor({ name, min, max, step, label = name, change }: SliderOptions) {
    this.input = el("input", { type: "range", min, max, step, "aria-label": label });
    this.node = el("label", {}, el("span", {}, name, this.number), this.input);
    this.input.addEventListener("input", () => {
      this.say(this.input.valueAsNumber);
      change(this.input.valueAsNumber);
    });
  }

  /** Shows a value, also one between the slider's steps or beyond its ends. */
  set(value: number): void {
    this.input.value = String(value);
    this.say(value);
  }

  private say(value: number): void {
    this.number.textContent = String(Number(value.toFixed(3)) + 0).replace("-", "−");
  }
}
