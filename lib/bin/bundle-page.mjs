// Bundles what runs in a page, the lib itself included, into one small script. Plain JavaScript: the build uses it.
import { join } from "node:path";

/** What a page never needs: mathjs, which makes orthogonal matrices, the kernels of float32, and a thread for them. */
const absent = {
  "tensor/mathjs.ts": "export const mathjs = () => { throw new Error('mathjs is not in the page'); };",
  "tensor/kernels/simd/simd.ts": "export const [simd, simdForTwo, sparesThread] = [() => {}, () => {}, () => false];",
  "tensor/kernels/simd/second-thread.ts": "export const SecondThread = { takes: () => false };",
};

/** Source files to leave out, by their ending. */
const without = {
  name: "without",
  setup(build) {
    for (const [file, contents] of Object.entries(absent)) {
      const filter = new RegExp(`${file.replace(".", "\\.").replaceAll("/", "[\\\\/]")}$`);
      build.onLoad({ filter }, () => ({ contents, loader: "ts" }));
    }
  },
};

/** Writes lib/dist/explore/page.js, or another file; it defines one name, `unrolledPage`. */
export async function bundlePage(root, outfile = join(root, "lib/dist/explore/page.js")) {
  const { build } = await import("esbuild");
  await build({
    entryPoints: [join(root, "lib/src/explore/page/index.ts")],
    outfile,
    bundle: true,
    minify: true,
    format: "iife",
    globalName: "unrolledPage",
    target: "es2020",
    charset: "ascii",
    legalComments: "none",
    logLevel: "warning",
    plugins: [without],
  });
}
