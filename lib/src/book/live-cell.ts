import { liveLSTM } from "../explore/live-lstm.js";
import { bundleOf } from "../notebook/show.js";
import { type LiveHtml, readLive } from "./live.js";
import { sanitize } from "./sanitize.js";

/** The live LSTM cell with its four machines, for pages that are no notebook. */
export function liveCell(title: string): LiveHtml {
  const live = readLive(String(bundleOf(liveLSTM(undefined, [], { title }))["text/html"]));
  if (!live) throw new Error("the live cell's HTML has no script that the book can read");
  return { ...live, html: sanitize(live.html) };
}
