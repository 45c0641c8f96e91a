/**
 * Many run at once, and now and then one of them needs the machine for itself. It waits until the others have ended or
 * wait as well; nobody new begins meanwhile.
 */
export class Quiet {
  private running = 0;
  private busy = false;
  private readonly alone: (() => void)[] = [];
  private readonly starting: (() => void)[] = [];

  /** Runs beside others. */
  async together<T>(run: () => Promise<T>): Promise<T> {
    while (this.alone.length > 0 || this.busy) await new Promise<void>((resolve) => this.starting.push(resolve));
    this.running++;
    try {
      return await run();
    } finally {
      this.running--;
      this.next();
    }
  }

  /** Runs by itself; called from inside `together`. */
  async byItself<T>(run: () => Promise<T>): Promise<T> {
    this.running--;
    const turn = new Promise<void>((resolve) => this.alone.push(resolve));
    this.next();
    await turn;
    try {
      return await run();
    } finally {
      this.running++;
      this.busy = false;
      this.next();
    }
  }

  private next(): void {
    if (this.busy) return;
    if (this.alone.length > 0) {
      if (this.running > 0) return;
      this.busy = true;
      this.alone.shift()?.();
      return;
    }
    for (const start of this.starting.splice(0)) start();
  }
}
