import { existsSync } from "node:fs";
import { type NetState, SequenceNet } from "../sequence/net.js";
import { Stateful } from "../sequence/stateful.js";
import type { NumberArray } from "../tensor/kernels/reference.js";
import { checkCount, checkOptions, said } from "../tensor/refuse.js";
import { Tensor } from "../tensor/tensor.js";
import { namedWeights, type Trainable } from "./model.js";
import type { Optimizer } from "./optimizers.js";
import { type SafeTensor, withSafetensors, writeSafetensors } from "./safetensors.js";
import { quoted } from "./safetensors-header.js";
import type { Validation } from "./validation.js";

/** Something that training changes and a checkpoint must keep: an rng, or a source that knows where it is in a text. */
export interface Resumable {
  /** Where it stands, as plain data (JSON). */
  save(): unknown;
  restore(state: never): void;
}

export interface CheckpointOptions {
  /** Where training is kept. If the file is there, training goes on from it. */
  file: string;
  /** How many steps lie between two writes. Default 100. It is also written when training ends or is stopped. */
  every?: number;
  /** What else the run changes: the rng that the task draws from, as a rule `[rng]`. */
  state: readonly Resumable[];
}

/** Everything a run is made of at one moment. */
interface Run {
  readonly model: Trainable;
  readonly optimizer: Optimizer;
  readonly validation: Validation | undefined;
}

/** Where a run stands. */
export interface Standing {
  readonly step: number;
  readonly seconds: number;
}

/**
 * A run on disk: weights, what the optimizer keeps, best weights, where every random stream stands. A run killed at
 * any step and started again, by the same program with the same seeds, ends with the same bits as one never stopped.
 *
 * The file is a safetensors file, replaced whole at each write.
 */
export class Checkpoint {
  readonly #every: number;
  readonly #file: string;
  readonly #state: readonly Resumable[];

  constructor(
    readonly run: Run,
    options: CheckpointOptions,
  ) {
    checkOptions("fit: checkpoint", options, ["file", "every", "state"]);
    const { file, every = 100, state } = options;
    if (typeof file !== "string" || file === "") {
      throw new TypeError(`fit: checkpoint.file must be a path, got ${said(file)}`);
    }
    checkCount("fit: checkpoint", "every", every);
    const resumable = (one: Resumable): boolean => typeof one?.save === "function" && typeof one.restore === "function";
    if (!Array.isArray(state) || !state.every(resumable)) {
      throw new TypeError(`fit: checkpoint.state must list what else the run changes, e.g. [rng], got ${said(state)}`);
    }
    if (!run.optimizer.notesOf) throw new TypeError(`fit: ${run.optimizer.name} cannot be kept: it has no notesOf()`);
    this.#file = file;
    this.#every = every;
    this.#state = [...state, ...dropoutOf(run.model)];
  }

  /** Writes, where it is time to. */
  after(standing: Standing): void {
    if (standing.step % this.#every === 0) this.save(standing);
  }

  save({ step, seconds }: Standing): void {
    const tensors: Record<string, SafeTensor> = {};
    const put = (name: string, data: NumberArray, shape: readonly number[] = [data.length]): void => {
      tensors[name] = { dtype: data instanceof Float64Array ? "F64" : "F32", shape, data };
    };
    put("standing", Float64Array.of(step, seconds));
    for (const [name, array] of this.#arrays()) put(name, array);
    for (const [name, parts] of Object.entries(statefulOf(this.run.model)?.state ?? {})) {
      (parts as readonly Tensor[]).forEach((part, k) => {
        put(`carried.${name}.${k}`, part.data, part.shape);
      });
    }
    const state = JSON.stringify(this.#state.map((one) => one.save()));
    writeSafetensors(this.#file, tensors, { optimizer: this.run.optimizer.name, state });
  }

  /** Where the run stood when the file was written; undefined if there is none. @throws Error if another run's */
  resume(): Standing | undefined {
    if (!existsSync(this.#file)) return undefined;
    return withSafetensors("fit", this.#file, ({ entries, metadata, read }) => {
      const arrays = [...this.#arrays()];
      const kept = arrays.map(([name, array]) =>
        this.#fitting(name, array, entries.has(name) ? read(name) : undefined),
      );
      const known = new Set(["standing", ...arrays.map(([name]) => name)]);
      const others = [...entries.keys()].filter((name) => !known.has(name));
      const carries = (name: string): boolean =>
        /^carried\.\w+\.\d+$/.test(name) && entries.get(name)?.shape.length === 2;
      const carried = statefulOf(this.run.model) ? others.filter(carries) : [];
      const odd = others.find((name) => !carried.includes(name));
      if (odd !== undefined) throw this.#foreign(`it has ${quoted(odd)}`);
      const states = this.#states(metadata);
      const [step, seconds] = this.#fitting(
        "standing",
        new Float64Array(2),
        entries.has("standing") ? read("standing") : undefined,
      );

      this.#state.forEach((one, k) => {
        one.restore(states[k] as never);
      });
      arrays.forEach(([, array], k) => {
        array.set(kept[k]);
      });
      this.#carry(carried.map((name) => [name, read(name)]));
      return { step, seconds };
    });
  }

  /** Every array of the run by name. They are the run's own: who writes to them changes it. */
  *#arrays(): Generator<[string, NumberArray]> {
    const { model, optimizer, validation } = this.run;
    const named = Object.entries(namedWeights(model));
    for (const [k, [name, weight]] of named.entries()) {
      yield [`weights.${name}`, weight.data];
      for (const [note, array] of Object.entries(optimizer.notesOf!(weight)))
        yield [`optimizer.${name}.${note}`, array];
      if (validation) yield [`best.${name}`, validation.best[k]];
    }
    if (validation) yield ["validation", validation.record];
  }

  #fitting(name: string, wanted: NumberArray, found: SafeTensor | undefined): NumberArray {
    if (!found) throw this.#foreign(`it has no ${quoted(name)}`);
    const dtype = wanted instanceof Float64Array ? "F64" : "F32";
    if (found.dtype !== dtype || found.data.length !== wanted.length) {
      throw this.#foreign(
        `${quoted(name)} must be ${wanted.length} numbers of ${dtype}, got ${found.data.length} of ${found.dtype}`,
      );
    }
    return found.data;
  }

  #states(metadata: Readonly<Record<string, string>>): unknown[] {
    const { optimizer } = this.run;
    if (metadata.optimizer !== optimizer.name) {
      throw this.#foreign(`its optimizer must be ${optimizer.name}, got ${metadata.optimizer}`);
    }
    let states: unknown;
    try {
      states = JSON.parse(metadata.state);
    } catch {
      throw this.#foreign("its state must be JSON");
    }
    if (Array.isArray(states) && states.length === this.#state.length) return states;
    throw this.#foreign(`its state must list ${this.#state.length} things, got ${said(states)}`);
  }

  #carry(parts: [string, SafeTensor][]): void {
    const net = statefulOf(this.run.model);
    if (!net) return;
    const state: Record<string, Tensor[]> = {};
    for (const [name, { shape, data }] of parts) {
      const [, key, k] = name.split(".");
      state[key] ??= [];
      state[key][Number(k)] = new Tensor(shape[0], shape[1], data);
    }
    net.state = parts.length === 0 ? undefined : (state as unknown as NetState);
  }

  #foreign(why: string): Error {
    return new Error(`fit: ${this.#file} belongs to another run: ${why}; delete it to start over`);
  }
}

const statefulOf = (model: Trainable): Stateful | undefined =>
  "net" in model && model.net instanceof Stateful ? model.net : undefined;

/** The streams that decide what a net drops. */
function dropoutOf(model: Trainable): Resumable[] {
  if (!("net" in model)) return [];
  const net = model.net instanceof Stateful ? model.net.net : model.net;
  return net instanceof SequenceNet && net.dropping ? [net.dropping.rng] : [];
}
