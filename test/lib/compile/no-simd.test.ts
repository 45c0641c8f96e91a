import { afterEach, describe, expect, test, vi } from "vitest";

type Library = typeof import("unrolled");
/** TypeScript knows WebAssembly only together with a browser's DOM. */
const { WebAssembly: realEngine } = globalThis as unknown as { WebAssembly: Record<string, unknown> };

/** The library as it is where WebAssembly is `engine`; nothing that was loaded before is used again. */
async function libraryWith(engine: unknown): Promise<Library> {
  vi.resetModules();
  vi.stubGlobal("WebAssembly", engine);
  return import("unrolled");
}

/** The losses of 20 steps of a small LSTM on the adding problem. */
async function losses(library: Library, dtype: "float32" | "float64", compiled = true): Promise<number[]> {
  const { adding, compile, fit, LSTMCell, linear, seededRng } = library;
  const cell = new LSTMCell(2, 9, { rng: seededRng(1), dtype });
  const model = { cell: compiled ? compile(cell) : cell, readout: linear(9, 1, { rng: seededRng(2), dtype }) };
  const task = adding({ seqLen: 10, batchSize: 5 }, seededRng(3));
  const seen: number[] = [];
  for await (const { loss } of fit(model, task, { steps: 20, clipNorm: 1 })) seen.push(loss);
  return seen;
}

/** An engine that knows WebAssembly, but no SIMD. */
const withoutSimd = {
  ...Object.fromEntries(Object.getOwnPropertyNames(realEngine).map((name) => [name, realEngine[name]])),
  Module: class {
    constructor() {
      throw new Error("Wasm SIMD unsupported");
    }
  },
};

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe.each([
  ["no WebAssembly", undefined, /WebAssembly is missing/],
  ["WebAssembly without SIMD", withoutSimd, /Wasm SIMD unsupported/],
])("a machine with %s", (_, engine, reason) => {
  test("trains in float32 on plain loops, compiled or not, and says so once", async () => {
    const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
    const library = await libraryWith(engine);
    const reference = await losses(library, "float64");
    expect(warned).not.toHaveBeenCalled();
    expect(await losses(library, "float32")).toBeAllClose(reference, { rtol: 1e-4 });
    expect(await losses(library, "float32", false)).toBeAllClose(reference, { rtol: 1e-4 });
    expect(library.float32Kernels()).toBe("plain loops");
    expect(library.useRelaxedSimd()).toBe(false);
    expect(warned.mock.calls).toEqual([[expect.stringMatching(reason)]]);
    expect(warned.mock.calls[0][0]).toMatch(/float32 runs on plain loops, slower/);
  });

  test("streams", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const { compile, GRUCell } = await libraryWith(engine);
    const [narrow, wide] = (["float32", "float64"] as const).map((dtype) => {
      const stream = compile(new GRUCell(2, 5, { dtype })).stream();
      stream.next([0.3, 1]);
      return [...stream.next([0.7, 0]).h];
    });
    expect(narrow).toBeAllClose(wide, { rtol: 1e-5 });
  });
});

describe("a machine with relaxed SIMD", () => {
  test("rounds otherwise, but loses alike; and goes back to the same bits", async ({ skip }) => {
    const library = await libraryWith(realEngine);
    const plain = await losses(library, "float32");
    if (!library.useRelaxedSimd()) skip();
    expect(library.float32Kernels()).toBe("relaxed SIMD");
    expect(await losses(library, "float32")).toBeAllClose(plain, { rtol: 1e-4 });
    expect(library.useRelaxedSimd(false)).toBe(false);
    expect(await losses(library, "float32")).toEqual(plain);
  });
});
