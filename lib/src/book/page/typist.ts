// A character model that types while the reader watches.
import type { CharacterModel } from "../../tasks/character-model.js";
import { seededRng } from "../../tensor/rng.js";
import { type TypistData, typistModel } from "../typist-model.js";

declare global {
  var unrolledTypist: TypistData | undefined;
}

const pauseMs = 45;
const longest = 1500;

/** What is typed, character by character, after the reader's own beginning. */
export class Typist {
  private readonly form: HTMLFormElement;
  private readonly typed: HTMLElement;
  private model: CharacterModel | undefined;
  private writing: Generator<string, never, void> | undefined;
  private rng = seededRng(1);
  private text = "";
  private timer = 0;

  constructor(private readonly box: HTMLElement) {
    this.form = box.querySelector("form")!;
    this.typed = box.querySelector(".typed")!;
    const temperature = this.form.querySelector<HTMLInputElement>("[name=temperature]")!;
    const output = temperature.parentElement!.querySelector("b")!;
    const look = (): void => {
      output.textContent = temperature.value;
      this.writing = undefined; // the next character is drawn at the new temperature
    };
    temperature.addEventListener("input", look);
    look();
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.start();
    });
    this.button("pause").addEventListener("click", () => (this.timer ? this.pause() : this.go()));
    box.dataset.ready = "typist";
  }

  private button(name: string): HTMLButtonElement {
    return this.form.querySelector<HTMLButtonElement>(`button[name=${name}]`)!;
  }

  private value(name: string): string {
    return this.form.querySelector<HTMLInputElement>(`[name=${name}]`)!.value;
  }

  private async start(): Promise<void> {
    this.pause();
    if (!this.model) {
      await unrolledBook.load("typist.js");
      this.model = typistModel(globalThis.unrolledTypist!);
    }
    const known = new Set(this.model.vocabulary.symbols);
    this.text = [...this.value("start")].filter((character) => known.has(character)).join("") || "\n";
    this.rng = seededRng(Number(this.value("seed")));
    this.writing = undefined;
    this.button("pause").disabled = false;
    this.go();
  }

  private go(): void {
    this.timer = window.setInterval(() => this.type(), pauseMs);
    this.button("pause").textContent = "Pause";
  }

  private pause(): void {
    clearInterval(this.timer);
    this.timer = 0;
    this.button("pause").textContent = "Go on";
  }

  private type(): void {
    const temperature = Number(this.value("temperature"));
    this.writing ??= this.model!.writing({ start: this.text, temperature, rng: this.rng });
    this.text += this.writing.next().value;
    this.typed.textContent = this.text;
    this.box.dataset.typed = String(this.text.length);
    if (this.text.length >= longest) this.pause();
  }
}
