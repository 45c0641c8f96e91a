import type { Worker } from "node:worker_threads";
import type { WasmMemory } from "./engine.js";

/** The control block: tasks given, tasks done, how the thread is; then a ring of tasks. A task is [function, count, arguments]. */
const [given, done, health] = [0, 1, 2];
const firstTask = 16;
const taskSize = 64;
const ringSize = 1024;
const most = taskSize - 2;
const load = -1;
const [ready, broken] = [1, 2];
/** How often a thread looks again before it goes to sleep: about as long as waking it up takes. */
const patience = 20_000;
/** A task that takes so many milliseconds will not end any more. */
const longest = 60_000;

/** What the thread runs; as text, because a thread cannot load TypeScript and a bundle has no files. */
const program = `
const { parentPort, receiveMessageOnPort, workerData } = require("node:worker_threads");
const { control, memory } = workerData;
const functions = [];
function run(at) {
  const [which, count] = control.subarray(at, at + 2);
  if (which !== ${load}) return functions[which](...control.subarray(at + 2, at + 2 + count));
  const { bytes, name } = receiveMessageOnPort(parentPort).message;
  functions.push(new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports[name]);
}
Atomics.store(control, ${health}, ${ready});
for (let count = 0; ; ) {
  for (let looks = 0; Atomics.load(control, ${given}) === count; looks++) {
    if (looks > ${patience}) Atomics.wait(control, ${given}, count);
  }
  try {
    run(${firstTask} + (count & ${ringSize - 1}) * ${taskSize});
  } catch {
    Atomics.store(control, ${health}, ${broken});
  }
  count = (count + 1) | 0;
  Atomics.store(control, ${done}, count);
  Atomics.notify(control, ${done});
}`;

/**
 * Another thread that runs kernels in the same memory, one task after the other in the order they were given. Nothing
 * orders its tasks against what this thread does meanwhile but `settle`.
 */
export class SecondThread {
  readonly #control = new Int32Array(new SharedArrayBuffer(4 * (firstTask + ringSize * taskSize)));
  readonly #send: (message: object) => void;
  readonly #known = new Map<string, number>();
  #given = 0;
  #settled = 0;

  /** @throws Error where there are no threads, or none to spare */
  static start(memory: WasmMemory): SecondThread {
    const { getBuiltinModule } = globalThis.process;
    const { isMainThread, Worker } = getBuiltinModule("node:worker_threads");
    if (!isMainThread || getBuiltinModule("node:os").availableParallelism() < 2) throw new Error("no thread to spare");
    return new SecondThread(memory, Worker);
  }

  private constructor(memory: WasmMemory, Thread: typeof Worker) {
    const workerData = { control: this.#control, memory };
    const worker = new Thread(program, { eval: true, execArgv: [], workerData });
    worker.unref(); // a process may end while it sleeps
    worker.on("error", () => Atomics.store(this.#control, health, broken));
    this.#send = (message) => worker.postMessage(message);
  }

  /** Whether it runs by now. Starting takes some hundredths of a second, in which one thread does it all. */
  get ready(): boolean {
    return Atomics.load(this.#control, health) === ready;
  }

  /** A function of a module as a task. The thread loads it when it is first called, and equal ones once. */
  load(bytes: Uint8Array, name: string): (...args: number[]) => void {
    let which: number | undefined;
    return (...args) => {
      which ??= this.#loaded(bytes, name);
      this.#give(which, args);
    };
  }

  #loaded(bytes: Uint8Array, name: string): number {
    const key = `${name} ${String.fromCharCode(...bytes)}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, this.#known.size);
    this.#send({ bytes, name });
    this.#give(load, []);
    return this.#known.size - 1;
  }

  /** Whether a task may have so many arguments. */
  static takes = (args: number): boolean => args <= most;

  /** Waits until all tasks are done. @throws Error if one failed */
  settle(): void {
    if (this.#settled === this.#given) return;
    const control = this.#control;
    for (let looks = 0; ; looks++) {
      const now = Atomics.load(control, done);
      if (now === this.#given) break;
      if (looks < patience || Atomics.wait(control, done, now, longest) !== "timed-out") continue;
      Atomics.store(control, health, broken);
      break;
    }
    this.#settled = this.#given;
    if (!this.ready) throw new Error("unrolled: the second thread failed; from here on there is one");
  }

  #give(which: number, args: readonly number[]): void {
    const control = this.#control;
    if (((this.#given - Atomics.load(control, done)) | 0) >= ringSize) this.settle();
    const at = firstTask + (this.#given & (ringSize - 1)) * taskSize;
    control[at] = which;
    control[at + 1] = args.length;
    control.set(args, at + 2);
    this.#given = (this.#given + 1) | 0;
    Atomics.store(control, given, this.#given);
    Atomics.notify(control, given);
  }
}
