import * as wasm from "./bytes.js";
import { type Code, get, set, vector } from "./bytes.js";
import { functionsOf, madeFor } from "./engine.js";
import { arraysOf, type Expression, inOrder, type Store } from "./expression.js";
import { SecondThread } from "./second-thread.js";
import { type Simd, simd } from "./simd.js";
import { VectorCode } from "./vector-code.js";

/** Computes its stores for every entry of `rows` rows. */
export interface Kernel {
  readonly arrays: readonly string[];
  /**
   * @param places for each array in turn: the byte address where it begins, and how many bytes lie between the end of a
   * row, in whole vectors, and the beginning of the next; negative to use one row again
   */
  run(rows: number, places: readonly number[]): void;
  /** The same as a task for the second thread, where there is one; undefined if a task cannot take so many arrays. */
  readonly runThere?: (rows: number, places: readonly number[]) => void;
}

/**
 * Makes a WebAssembly kernel: float32, four entries at a time, `width` to a row. Where width is no multiple of four,
 * what is past its end in a row's last vector is stored as 0, so that padding stays 0.
 */
export function emitKernel(stores: readonly Store[], width: number, on: Simd = simd()!): Kernel {
  const arrays = arraysOf(stores);
  const { compiled, there, tableAt } = instantiate(stores, arrays, width % 4, on);
  const fullVectors = 16 * Math.floor(width / 4);
  return {
    arrays,
    run: (rows, places) => compiled(rows, fullVectors, tableAt, ...places),
    runThere: there && ((rows, places) => there(rows, fullVectors, tableAt, ...places)),
  };
}

/** A kernel over flat arrays of any length, which are read and written in whole vectors. Takes one address per array. */
export function emitFlatKernel(
  stores: readonly Store[],
  on: Simd = simd()!,
): (length: number, ...addresses: number[]) => void {
  const { compiled, tableAt } = instantiate(stores, arraysOf(stores), 0, on);
  return (length, ...addresses) => {
    compiled(1, 16 * Math.ceil(length / 4), tableAt, ...addresses.flatMap((at) => [at, 0]));
  };
}

function instantiate(stores: readonly Store[], arrays: readonly string[], tail: number, on: Simd) {
  const { memory } = on.memory;
  const { bytes: plain, table } = assemble(stores, arrays, tail, on.relaxed);
  const bytes = madeFor(memory, plain);
  const tableAt = on.memory.take(table.length);
  new Int32Array(memory.buffer, tableAt, table.length).set(table);
  const compiled = functionsOf(bytes, memory).run as (...args: number[]) => void;
  const there = SecondThread.takes(firstArray + 2 * arrays.length) ? on.second?.load(bytes, "run") : undefined;
  return { compiled, there, tableAt };
}

/** Parameters of a kernel: rows, bytes of full vectors in a row, where its constants are; then two per array. */
const [rows, fullVectors, tableAt, firstArray] = [0, 1, 2, 3];
const address = (k: number): number => firstArray + 2 * k;
const skip = (k: number): number => firstArray + 2 * k + 1;

function assemble(stores: readonly Store[], arrays: readonly string[], tail: number, relaxed: boolean) {
  const parameters = firstArray + 2 * arrays.length;
  const rowEnd = parameters; // where the full vectors of the first array's row end
  const code = new VectorCode(tableAt, parameters + 1, relaxed);

  const row = vectorStep(code, stores, arrays);
  const maskAt = code.table.length;
  const rest = tail > 0 ? vectorStep(code, stores, arrays, [...get(tableAt), ...wasm.load(4 * maskAt)]) : [];
  const mask = Array.from({ length: 4 }, (_, lane) => (lane < tail ? -1 : 0));

  const move = (local: number, by: Code): Code => [...get(local), ...by, ...wasm.i32add, ...set(local)];
  const body = [
    ...code.before,
    ...wasm.loop([
      ...[...get(address(0)), ...get(fullVectors), ...wasm.i32add, ...set(rowEnd)],
      ...wasm.when(get(fullVectors), wasm.loop([...row, ...get(address(0)), ...get(rowEnd), ...wasm.i32lessThan])),
      ...rest,
      ...arrays.flatMap((_, k) => move(address(k), get(skip(k)))),
      ...[...get(rows), ...wasm.i32(1), ...wasm.i32sub, ...set(rows), ...get(rows)],
    ]),
  ];
  return { bytes: wasm.moduleOf(parameters, 1, code.vectors, body), table: [...code.table, ...mask] };
}

/** One vector of every array: all values, then all stores; then every address moves on. */
function vectorStep(code: VectorCode, stores: readonly Store[], arrays: readonly string[], mask?: Code): Code {
  const at = (name: string): Code => get(address(arrays.indexOf(name)));
  const done = new Map<Expression, Code>();
  for (const e of inOrder(stores.map(({ value }) => value))) {
    const operands = e.operands.map((operand) => done.get(operand)!);
    done.set(e, e.op === "input" ? code.keep([...at(e.name), ...wasm.load()]) : code.of(e, operands));
  }
  for (const { to, value } of stores) {
    const kept = mask ? [...done.get(value)!, ...mask, ...vector.and] : done.get(value)!;
    code.write(at(to), kept, wasm.store);
  }
  for (const [k] of arrays.entries()) code.write(get(address(k)), wasm.i32(16), wasm.i32add, set(address(k)));
  return code.take();
}
