import * as wasm from "./bytes.js";
import { type Code, get, set, vector } from "./bytes.js";
import type { Expression } from "./expression.js";

// eˣ = 2ⁿ eʳ with |r| <= ln 2 / 2, and eʳ − 1 = r + r² P(r): P is the minimax polynomial for the relative error of eˣ,
// 1.1e-7 with four terms, which is enough under σ and tanh, and 3e-9 with five.
const { LOG2E: log2e, LN2: ln2 } = Math;
const ln2High = 0.693359375; // few enough bits for its product with n to be exact
const fourTerms = [0.0083124321, 0.04189099, 0.166671187, 0.499992251];
const fiveTerms = [0.00138143182, 0.00836885162, 0.0416684002, 0.166665196, 0.49999994];
/** Adding and taking away this rounds to an integer, and in between leaves that integer in the lowest bits. */
const rounder = 12_582_912;

/** Bits of a float32 as an integer. */
export const bitsOf = (value: number): number => new Int32Array(Float32Array.of(value).buffer)[0];

/**
 * Writes the arithmetic of a kernel, four entries at a time. A value lives in a local once it is kept; constants come
 * from a table and are loaded before the kernel's loops, because a v128.const inside costs V8 three instructions each time.
 */
export class VectorCode {
  /** The table of constants, as bits. */
  readonly table: number[] = [];
  /** Loads the constants: to stand before the loops. */
  readonly before: number[] = [];
  vectors = 0;
  #code: number[] = [];
  readonly #slots = new Map<number, number>();

  constructor(
    private readonly tableLocal: number,
    private readonly firstLocal: number,
    private readonly relaxed: boolean,
  ) {}

  /** What was written since the last call. */
  take(): Code {
    const code = this.#code;
    this.#code = [];
    return code;
  }

  write(...parts: Code[]): void {
    for (const part of parts) for (const byte of part) this.#code.push(byte);
  }

  /** Computes once, to be used again. */
  keep(value: Code): Code {
    const slot = this.firstLocal + this.vectors++;
    this.write(value, set(slot));
    return get(slot);
  }

  constant(value: number): Code {
    const bits = bitsOf(value);
    let slot = this.#slots.get(bits);
    if (slot === undefined) {
      slot = this.firstLocal + this.vectors++;
      this.#slots.set(bits, slot);
      this.before.push(...get(this.tableLocal), ...wasm.loadSplat(4 * this.table.length), ...set(slot));
      this.table.push(bits);
    }
    return get(slot);
  }

  /** An expression whose operands are computed already; not for inputs. */
  of({ op, value }: Expression, [a, b]: readonly Code[]): Code {
    if (op === "constant") return this.constant(value);
    if (op === "add" || op === "sub" || op === "mul") return this.keep(binary(vector[op], a, b));
    if (op === "whenPositive") {
      return this.keep(binary(vector.and, a, binary(vector.greater, b, this.constant(0))));
    }
    if (op === "relu") return this.keep(binary(vector.pmax, a, this.constant(0)));
    if (op === "exp") return this.keep(this.#exp(this.keep(this.#clamp(a, 87))));
    return this.keep(op === "tanh" ? this.#tanh(a) : this.#sigmoid(a));
  }

  /** a b + c, rounded once or twice */
  madd(a: Code, b: Code, c: Code): Code {
    return this.relaxed ? [...a, ...b, ...c, ...vector.relaxedMadd] : binary(vector.add, c, binary(vector.mul, a, b));
  }

  /** eˣ / (1 + eˣ) */
  #sigmoid(x: Code): Code {
    const { power, rest } = this.#splitExp(this.keep(this.#clamp(x, 87)));
    const e = this.keep(this.madd(power, rest, power));
    return binary(vector.div, e, binary(vector.add, e, this.constant(1)));
  }

  /** (e²ˣ − 1) / (e²ˣ + 1). Near 0, where subtracting 1 would cancel, e²ˣ − 1 is the polynomial itself. */
  #tanh(x: Code): Code {
    const { power, rest } = this.#splitExp(this.keep(this.#clamp(binary(vector.add, x, x), 87)));
    const expMinusOne = this.keep(this.madd(power, rest, binary(vector.sub, power, this.constant(1))));
    return binary(vector.div, expMinusOne, binary(vector.add, expMinusOne, this.constant(2)));
  }

  #exp(x: Code): Code {
    const { power, rest } = this.#splitExp(x, true);
    return this.madd(power, rest, power);
  }

  /** 2ⁿ and eʳ − 1 such that eˣ = 2ⁿ eʳ. Taking ln 2 in two parts keeps the relative error small for large x too. */
  #splitExp(x: Code, precise = false): { power: Code; rest: Code } {
    const rounded = this.keep(this.madd(x, this.constant(log2e), this.constant(rounder)));
    const n = this.keep(binary(vector.sub, rounded, this.constant(rounder)));
    const high = this.keep(this.madd(n, this.constant(precise ? -ln2High : -ln2), x));
    const r = precise ? this.keep(this.madd(n, this.constant(ln2High - ln2), high)) : high;
    const [first, ...others] = (precise ? fiveTerms : fourTerms).map((c) => this.constant(c));
    const polynomial = others.reduce((p, c) => this.keep(this.madd(p, r, c)), first);
    const rest = this.keep(this.madd(this.keep(binary(vector.mul, r, r)), polynomial, r));
    // n + 127 in a float's exponent bits is 2ⁿ
    const exponent = [...rounded, ...wasm.i32(23), ...vector.shiftLeft];
    return { power: this.keep(binary(vector.addInt, exponent, this.constant(1))), rest };
  }

  /** x between −limit and limit; in this order NaN stays NaN */
  #clamp(x: Code, limit: number): Code {
    return binary(vector.pmax, binary(vector.pmin, x, this.constant(limit)), this.constant(-limit));
  }
}

const binary = (op: Code, a: Code, b: Code): Code => [...a, ...b, ...op];
