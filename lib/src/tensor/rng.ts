import { said } from "./refuse.js";

/** A stream of random numbers that is the same on every machine for the same seed. */
export interface Rng {
  /** The next 32 random bits, as an integer in [0, 2³²). */
  bits(): number;
  /** Uniform in [low, high), 53 random bits. */
  uniform(low?: number, high?: number): number;
  /** Normal with mean 0 and standard deviation 1. */
  normal(): number;
  /** An integer in [0, n), every one equally likely. */
  int(n: number): number;
  /** A stream of its own: the same for the same name, however many numbers were drawn before. */
  fork(name: string): Rng;
  /** Where the stream stands, as plain data: a stream restored from it draws the same numbers from here on. */
  save(): RngState;
  /** @throws TypeError if the state was not made by save() */
  restore(state: RngState): void;
}

export interface RngState {
  readonly seed: string;
  readonly words: readonly number[];
  /** The second of two normals, drawn and not yet asked for. */
  readonly spare?: number;
}

const rotl = (x: number, k: number): number => (x << k) | (x >>> (32 - k));

/**
 * xoshiro128**: period 2¹²⁸ − 1, four 32-bit words of state.
 * @see Blackman & Vigna (2021), Scrambled linear pseudorandom number generators, ACM TOMS 47(4).
 */
export function xoshiro128starstar(state: Uint32Array): () => number {
  const s = Uint32Array.from(state);
  return () => advance(s);
}

/** The next 32 bits of xoshiro128**; moves the four words of state on. */
function advance(s: Uint32Array): number {
  const result = Math.imul(rotl(Math.imul(s[1], 5), 7), 9) >>> 0;
  const t = s[1] << 9;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotl(s[3], 11);
  return result;
}

/**
 * SplitMix64, which turns one seed into well-mixed words of state, as the authors of xoshiro advise.
 * @see Steele, Lea & Flood (2014), Fast splittable pseudorandom number generators, OOPSLA.
 */
export function splitmix64(seed: bigint): () => bigint {
  let x = BigInt.asUintN(64, seed);
  return () => {
    x = BigInt.asUintN(64, x + 0x9e3779b97f4a7c15n);
    let z = x;
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    return z ^ (z >> 31n);
  };
}

/** FNV-1a, 64 bits: a name as a number. */
function hashName(name: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(name)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash;
}

function stream(start: bigint): Rng {
  let seed = start;
  const mix = splitmix64(seed);
  const [a, b] = [mix(), mix()];
  const words = Uint32Array.of(Number(a & 0xffffffffn), Number(a >> 32n), Number(b & 0xffffffffn), Number(b >> 32n));
  const bits = (): number => advance(words);
  const unit = (): number => ((bits() >>> 5) * 2 ** 26 + (bits() >>> 6)) / 2 ** 53;
  let spare: number | undefined;
  return {
    bits,
    uniform: (low = 0, high = 1) => low + (high - low) * unit(),
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - unit())); // Box & Muller (1958): two normals from two uniforms
      const angle = 2 * Math.PI * unit();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    int(n) {
      if (!Number.isSafeInteger(n) || n < 1 || n > 2 ** 32) {
        throw new RangeError(`rng.int: n must be an integer in 1..2^32, got ${said(n)}`);
      }
      const fair = 2 ** 32 - (2 ** 32 % n); // beyond this some remainders would come up more often
      let draw = bits();
      while (draw >= fair) draw = bits();
      return draw % n;
    },
    fork: (name) => stream(BigInt.asUintN(64, splitmix64(seed ^ hashName(name))())),
    save: () => ({ seed: String(seed), words: Array.from(words), ...(spare !== undefined && { spare }) }),
    restore(state) {
      checkState(state);
      seed = BigInt(state.seed);
      words.set(state.words);
      spare = state.spare;
    },
  };
}

function checkState(state: RngState): void {
  const isWord = (word: unknown): boolean => Number.isInteger(word) && (word as number) >>> 0 === word;
  const { seed, words, spare = 0 } = state ?? {};
  const whole = typeof seed === "string" && /^-?\d{1,20}$/.test(seed) && Array.isArray(words) && words.length === 4;
  if (whole && words.every(isWord) && words.some((word) => word !== 0) && Number.isFinite(spare)) return;
  throw new TypeError(`rng.restore: state must be what save() gave, got ${said(state)}`);
}

/** @throws RangeError if seed is not an integer */
export function seededRng(seed: number): Rng {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`seededRng: seed must be an integer, got ${said(seed)}`);
  return stream(BigInt(seed));
}
