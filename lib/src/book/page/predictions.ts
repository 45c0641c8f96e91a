interface Memory {
  get(name: string): string | null;
  set(name: string, value: string): void;
}

/**
 * A reader who has committed to an answer learns more from the right one. So what a cell showed waits until a guess is
 * written, or until the reader asks for it; a switch shows everything at once. Without scripts nothing is hidden.
 */
export function setUpPredictions(memory: Memory): void {
  const asks = Array.from(document.querySelectorAll<HTMLElement>(".predict[data-asks]"));
  const button = document.getElementById("predict") as HTMLButtonElement | null;
  if (asks.length === 0 || !button) return;
  const questions = asks.map((ask) => new Prediction(ask, memory));
  const look = (first: boolean): void => {
    button.setAttribute("aria-pressed", String(first));
    button.querySelector("b")!.textContent = first ? "on" : "off";
    for (const question of questions) question.wait(first);
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    const first = button.getAttribute("aria-pressed") !== "true";
    memory.set("predict", first ? "on" : "off");
    look(first);
  });
  look(memory.get("predict") !== "off");
}

class Prediction {
  private readonly answers: readonly HTMLElement[];
  private readonly form = document.createElement("form");
  private readonly input = document.createElement("input");
  private readonly name: string;
  private seen = false;

  constructor(ask: HTMLElement, memory: Memory) {
    const number = ask.dataset.asks ?? "";
    this.name = `guess-${location.pathname.split("/").pop()}-${number}`;
    this.answers = Array.from(document.querySelectorAll<HTMLElement>(`[data-answer="${number}"]`));
    if (this.answers.length === 0) return;
    Object.assign(this.input, { type: "text", placeholder: "Your prediction", autocomplete: "off" });
    this.input.setAttribute("aria-label", "Your prediction");
    this.input.value = memory.get(this.name) ?? "";
    const submit = Object.assign(document.createElement("button"), {
      type: "submit",
      textContent: "Show what happens",
    });
    this.form.className = "guess";
    this.form.append(this.input, submit);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      memory.set(this.name, this.input.value);
      this.show(true);
      const first = this.answers[0];
      first.tabIndex = -1;
      first.focus({ preventScroll: true });
    });
    for (const answer of this.answers) answer.addEventListener("beforematch", () => this.show(true));
    ask.after(this.form);
  }

  wait(first: boolean): void {
    this.form.hidden = !first;
    if (!this.seen) this.show(!first);
  }

  private show(now: boolean): void {
    if (now && !this.form.hidden) this.seen = true;
    this.form.classList.toggle("done", now);
    for (const answer of this.answers) {
      if (now) answer.removeAttribute("hidden");
      else answer.setAttribute("hidden", "until-found");
      answer.closest(".cell")?.classList.toggle("waiting", !now);
    }
  }
}
