import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const USAGE = `usage: npm run book [-- [options]]
Builds the book into dist/book: every lesson executed, as pages that open from a file or from any static host.
  --base-url <url>   where it will be published: adds sitemap.xml, canonical addresses and social cards
  --out <folder>     default: dist/book`;

/** `npm run book`: the static site. */
export async function main(args: string[], { root }: { root: string }): Promise<number> {
  let values: { "base-url"?: string; out?: string };
  try {
    ({ values } = parseArgs({ args, options: { "base-url": { type: "string" }, out: { type: "string" } } }));
    if (values["base-url"]) new URL(values["base-url"]);
  } catch (error) {
    console.error(`book: ${(error as Error).message}\n${USAGE}`);
    return 2;
  }
  const out = values.out ? resolve(values.out) : join(root, "dist/book");
  const baseUrl = values["base-url"]?.replace(/\/*$/, "/");
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  const start = performance.now();
  try {
    const { buildBook } = await import("../book/site.js"); // it needs development packages, the other commands do not
    const { pages } = await buildBook({ root, out, baseUrl, signal: stop.signal, log: console.error });
    console.log(
      `${pages} pages in ${((performance.now() - start) / 1000).toFixed(1)} s. Open ${join(out, "index.html")}`,
    );
    return 0;
  } catch (error) {
    console.error(`book: ${(error as Error).message}`);
    return 1;
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}
