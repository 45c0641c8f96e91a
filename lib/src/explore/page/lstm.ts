import type { Affine } from "../../cells/affine.js";
import { lstmCell, said } from "../../figures/diagrams/lstm-cell.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { LiveLSTMData } from "../live-lstm.js";
import { LSTMPlayer, type StepNumbers } from "../lstm-player.js";
import { inputName, trace } from "../trace.js";
import { bare, button, el } from "./dom.js";
import { Slider } from "./slider.js";

const gates = { forgetGate: "forget gate", inputGate: "input gate", candidate: "candidate", outputGate: "output gate" };
const inASecond = 1000;

/** The live LSTM cell: one object holds the player, the controls and what they show. */
class LiveLSTM {
  private player: LSTMPlayer;
  private timer = 0;
  private voice = 0;
  private readonly says = el("p");
  private readonly picture = el("div", { class: "scroll", tabindex: 0, role: "img" });
  private readonly chart = el("div", { class: "scroll", tabindex: 0, role: "img" });
  private readonly words = el("p", { class: "said", role: "status" });
  private readonly come = el("div", { class: "sliders" });
  private readonly weights = el("div");
  private readonly stepButton = button("Step", () => this.pauseAnd(() => this.step()));
  private readonly playButton = button("Play", () => (this.timer ? this.pause() : this.play()));
  private sliders: { slider: Slider; read: () => number }[] = [];

  constructor(
    body: HTMLElement,
    private readonly data: LiveLSTMData,
  ) {
    this.player = new LSTMPlayer(data.machines[0]);
    const reset = button("Reset", () => this.pauseAnd(() => this.choose(this.player.machine.name)));
    body.append(
      this.picks(),
      this.says,
      el("div", { class: "row" }, this.stepButton, this.playButton, reset),
      this.picture,
      el("p", { class: "small" }, "A ring round × shows how far its gate is open."),
      this.words,
      this.chart,
      el("fieldset", {}, el("legend", {}, "What comes in at this step"), this.come),
      el("details", {}, el("summary", {}, "The weights of the four layers"), this.weights),
    );
    this.choose(data.machines[0].name);
  }

  private picks(): HTMLElement {
    const group = `machine-${Math.random().toString(36).slice(2)}`;
    const choices = this.data.machines.map(({ name }, k) => {
      const input = el("input", { type: "radio", name: group, value: name, checked: k === 0 });
      input.addEventListener("change", () => this.pauseAnd(() => this.choose(name)));
      return el("label", { class: "pick" }, input, name);
    });
    const choice = el("fieldset", {}, el("legend", {}, "Machine"), el("div", { class: "row" }, ...choices));
    choice.hidden = choices.length === 1;
    return choice;
  }

  /** Starts a machine afresh: its own weights, an empty state, the first input. */
  private choose(name: string): void {
    const machine = this.data.machines.find((one) => one.name === name)!;
    this.player = new LSTMPlayer(machine);
    this.says.textContent = machine.says ?? "";
    this.says.hidden = !machine.says;
    this.sliders = [];
    this.come.replaceChildren(...this.comingIn());
    this.weights.replaceChildren(...this.allWeights());
    this.show();
  }

  private comingIn(): Node[] {
    const inputs = this.data.inputs.map((name, k) =>
      this.slider({
        name: inputName(name),
        most: 2,
        read: () => this.player.x[k],
        write: (v) => (this.player.x[k] = v),
      }),
    );
    const state = (name: string, key: "hPrev" | "cPrev", most: number): Node =>
      this.slider({ name, most, read: () => this.player[key], write: (v) => (this.player[key] = v) });
    return [...inputs, state("h before", "hPrev", 1), state("c before", "cPrev", 5)];
  }

  private allWeights(): Node[] {
    return Object.entries(gates).map(([key, gate]) => {
      const { Wx, Wh, b } = this.player.cell[key as keyof typeof gates] as Affine;
      const weight = (name: string, tensor: Tensor, at: number): Node =>
        this.slider({
          name,
          label: `${gate}: ${name}`,
          most: 20,
          step: 0.5,
          read: () => tensor.data[at],
          write: (v) => (tensor.data[at] = v),
        });
      const sliders = [
        ...this.data.inputs.map((input, k) => weight(`weight on ${input}`, Wx, k)),
        weight("weight on h", Wh, 0),
        weight("bias", b, 0),
      ];
      return el("fieldset", { class: "gate" }, el("legend", {}, gate), el("div", { class: "sliders" }, ...sliders));
    });
  }

  private slider(of: {
    name: string;
    label?: string;
    most: number;
    step?: number;
    read(): number;
    write(value: number): void;
  }): Node {
    const change = (value: number): void => {
      of.write(value);
      this.pauseAnd(() => this.draw());
    };
    const slider = new Slider({ step: 0.05, ...of, min: -of.most, max: of.most, change });
    this.sliders.push({ slider, read: of.read });
    return slider.node;
  }

  private pauseAnd(act: () => void): void {
    this.pause();
    act();
  }

  private step(): void {
    if (this.player.advance()) this.show();
    else {
      this.pause();
      this.say("The sequence has ended. Reset starts it again.");
    }
  }

  private play(): void {
    if (this.player.last) this.choose(this.player.machine.name);
    this.playButton.textContent = "Pause";
    this.timer = window.setInterval(() => this.step(), inASecond);
  }

  private pause(): void {
    clearInterval(this.timer);
    this.timer = 0;
    this.playButton.textContent = "Play";
  }

  /** Sets every slider to what it stands for, and draws. */
  private show(): void {
    for (const { slider, read } of this.sliders) slider.set(read());
    this.draw();
  }

  private draw(): void {
    const now = this.player.now();
    const cell = lstmCell(now, { rings: true });
    const chart = trace([...this.player.past, now], { xs: this.player.machine.xs, inputs: this.data.inputs });
    for (const [place, { svg, alt }] of [
      [this.picture, cell],
      [this.chart, chart],
    ] as const) {
      place.innerHTML = bare(svg);
      place.setAttribute("aria-label", alt);
    }
    this.stepButton.setAttribute("aria-disabled", String(this.player.last));
    this.say(this.told(now));
  }

  private told({ cPrev, f, i, g, o, c, h }: StepNumbers): string {
    const { t, machine } = this.player;
    return `Step ${t + 1} of ${machine.xs.length}. Of c = ${said(cPrev)} the forget gate keeps ${said(f * cPrev)} (f = ${said(f)}); the input gate lets in ${said(i * g)} (i = ${said(i)}, g = ${said(g)}). New c = ${said(c)}; shown: h = ${said(h)} (o = ${said(o)}).`;
  }

  /** What changes while a slider moves is said once it rests. */
  private say(text: string): void {
    clearTimeout(this.voice);
    this.voice = window.setTimeout(() => {
      this.words.textContent = text;
    }, 120);
  }
}

export const mountLSTM = (body: HTMLElement, data: LiveLSTMData): unknown => new LiveLSTM(body, data);
