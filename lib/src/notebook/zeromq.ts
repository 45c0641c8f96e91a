import { createRequire } from "node:module";
import type * as Zmq from "zeromq";

/** ZeroMQ as tslab brings it: kernel and client share one native library, and nothing is installed twice. */
export function loadZeromq(): typeof Zmq {
  const fromHere = createRequire(import.meta.url);
  const fromTslab = createRequire(fromHere.resolve("tslab/package.json"));
  return fromTslab("zeromq") as typeof Zmq;
}
