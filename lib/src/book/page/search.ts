// The search itself: minisearch with the book's index, which search-index.js defines. Loaded when the reader searches.
import MiniSearch from "minisearch";
import { searchOptions } from "../search-options.js";

const { load } = unrolledBook;
declare global {
  var unrolledSearch: ((query: string) => unknown[]) | undefined;
  var unrolledIndex: object;
}

const ready = load("search-index.js").then(() => {
  const index = MiniSearch.loadJS(unrolledIndex, searchOptions);
  globalThis.unrolledSearch = (query) => index.search(query).slice(0, 12);
  document.querySelector<HTMLInputElement>("#searching input")?.dispatchEvent(new Event("input"));
});
ready.catch((error: Error) => console.error(error.message));
