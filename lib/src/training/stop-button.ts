/** Where a host (our Jupyter kernel) tells running loops that the reader pressed the stop button. */
const interruptsKey = Symbol.for("kernel.interrupts");

export interface StopButton {
  readonly pressed: boolean;
  release(): void;
}

/**
 * Watches the stop button, so that a long loop can end by itself and keep what it has.
 * In a kernel without a host of ours, and in a terminal, it listens to SIGINT (Ctrl-C).
 */
export function stopButton(): StopButton {
  let pressed = false;
  const press = (event?: unknown): void => {
    pressed = true;
    if (event instanceof Event) event.preventDefault();
  };
  const host = (globalThis as Record<symbol, unknown>)[interruptsKey];
  if (host instanceof EventTarget) {
    host.addEventListener("interrupt", press);
    return {
      get pressed() {
        return pressed;
      },
      release: () => host.removeEventListener("interrupt", press),
    };
  }
  // Not in the synchronous part of a tslab cell: a listener there would disarm tslab's own interrupt.
  const later = setImmediate(() => process.on("SIGINT", press));
  return {
    get pressed() {
      return pressed;
    },
    release() {
      clearImmediate(later);
      process.off("SIGINT", press);
    },
  };
}

/** Lets the event loop run: output is sent, the stop button is seen. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
