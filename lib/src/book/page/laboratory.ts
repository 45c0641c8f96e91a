// The laboratory: an LSTM learns the adding problem in this page, and another types.
import { workerScript } from "virtual:worker";
import { LossChart } from "./loss-chart.js";
import { Typist } from "./typist.js";

interface Message {
  readonly step?: number;
  readonly loss?: number;
  readonly done?: boolean;
  readonly problem?: string;
}

class Laboratory {
  private readonly form: HTMLFormElement;
  private readonly status: HTMLElement;
  private readonly chart: LossChart;
  private worker: Worker | undefined;
  private average = Number.NaN;

  constructor(private readonly box: HTMLElement) {
    this.form = box.querySelector("form")!;
    this.status = box.querySelector("[role=status]")!;
    this.chart = new LossChart(box.querySelector(".chart")!);
    for (const input of Array.from(this.form.querySelectorAll<HTMLInputElement>("input[type=range]"))) {
      const output = input.parentElement!.querySelector("b")!;
      const look = (): void => {
        output.textContent = input.value;
      };
      input.addEventListener("input", look);
      look();
    }
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.start();
    });
    this.button("stop").addEventListener("click", () => this.stop("Stopped."));
    this.button("clear").addEventListener("click", () => this.chart.clear());
    box.dataset.ready = "laboratory";
    this.look();
  }

  private button(name: string): HTMLButtonElement {
    return this.form.querySelector<HTMLButtonElement>(`button[name=${name}]`)!;
  }

  private value(name: string): number {
    return this.form.querySelector<HTMLInputElement>(`[name=${name}]`)!.valueAsNumber;
  }

  private start(): void {
    this.stop("");
    const [forgetBias, seqLen, seed] = ["forgetBias", "seqLen", "seed"].map((name) => this.value(name));
    const steps = this.chart.steps;
    this.chart.begin(`forget bias ${forgetBias}, T = ${seqLen}, seed ${seed}`);
    this.average = Number.NaN;
    const url = URL.createObjectURL(new Blob([workerScript], { type: "text/javascript" }));
    this.worker = new Worker(url);
    URL.revokeObjectURL(url);
    this.worker.onmessage = ({ data }: MessageEvent<Message>) => this.hear(data);
    this.worker.onerror = ({ message }) => this.stop(`The worker failed: ${message}`);
    this.worker.postMessage({ forgetBias, seqLen, seed, steps });
    this.look();
  }

  private hear({ step = 0, loss = 0, done, problem }: Message): void {
    if (problem || done) {
      this.stop(problem ?? `Done. ${this.status.textContent}`);
      return;
    }
    this.average = Number.isNaN(this.average) ? loss : this.average + 0.05 * (loss - this.average);
    this.box.dataset.losses = `${this.box.dataset.losses && step > 1 ? `${this.box.dataset.losses} ` : ""}${loss}`;
    if (step % 5 > 0) return;
    this.chart.push(step, this.average);
    this.status.textContent = `Step ${step}: mean squared error ${this.average.toPrecision(2)}, averaged over some 20 batches.`;
  }

  private stop(words: string): void {
    this.worker?.terminate();
    this.worker = undefined;
    if (words) this.status.textContent = words;
    this.look();
  }

  private look(): void {
    this.button("stop").disabled = !this.worker;
    this.box.dataset.running = String(Boolean(this.worker));
  }
}

for (const box of Array.from(document.querySelectorAll<HTMLElement>("[data-laboratory]"))) {
  box.hidden = false;
  new Laboratory(box);
}
for (const box of Array.from(document.querySelectorAll<HTMLElement>("[data-typist]"))) {
  box.hidden = false;
  new Typist(box);
}
