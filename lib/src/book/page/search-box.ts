interface Hit {
  readonly title: string;
  readonly heading: string;
  readonly url: string;
  readonly text: string;
  readonly terms: readonly string[];
}

/** The search, in a dialog; its index is loaded when it is first opened. */
export function setUpSearch(): void {
  const button = document.getElementById("search") as HTMLButtonElement;
  const dialog = document.querySelector<HTMLDialogElement>("#searching")!;
  const input = dialog.querySelector("input")!;
  const list = dialog.querySelector<HTMLElement>("#found")!;
  const none = dialog.querySelector<HTMLElement>(".none")!;
  const base = document.documentElement.dataset.base ?? "";
  const open = async (): Promise<void> => {
    dialog.showModal();
    input.select();
    await unrolledBook.load("search.js");
    look();
  };
  const look = (): void => {
    const search = (globalThis as { unrolledSearch?: (query: string) => Hit[] }).unrolledSearch;
    if (!search) return;
    const hits = input.value.trim() ? search(input.value) : [];
    list.replaceChildren(...hits.map((hit) => entry(hit, base)));
    none.textContent = input.value.trim() && hits.length === 0 ? "Nothing found." : "";
  };
  button.hidden = false;
  button.addEventListener("click", open);
  input.addEventListener("input", look);
  dialog.querySelector("form")!.addEventListener("submit", (event) => {
    event.preventDefault();
    if (document.activeElement === input) list.querySelector("a")?.click();
    else dialog.close();
  });
  dialog.querySelector("button")!.addEventListener("click", () => dialog.close());
  list.addEventListener("click", () => dialog.close());
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape") dialog.close(); // a search field would only empty itself
    const links = [input, ...Array.from(list.querySelectorAll("a"))];
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const at = links.indexOf(document.activeElement as HTMLInputElement);
    links[Math.min(Math.max(at + by, 0), links.length - 1)].focus();
  });
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test((event.target as Element).tagName);
    if (!((event.key === "/" && !typing) || (event.key === "k" && (event.ctrlKey || event.metaKey)))) return;
    event.preventDefault();
    if (!dialog.open) void open();
  });
}

function entry({ title, heading, url, text, terms }: Hit, base: string): HTMLLIElement {
  const item = document.createElement("li");
  const link = Object.assign(document.createElement("a"), { href: base + url });
  const small = document.createElement("small");
  small.append(title, text ? " · " : "", ...marked(text, terms));
  link.append(...marked(heading || title, terms), small);
  item.append(link);
  return item;
}

/** The found words stand out. */
function marked(text: string, terms: readonly string[]): (string | HTMLElement)[] {
  if (terms.length === 0) return [text];
  const escaped = terms.map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return text.split(new RegExp(`(${escaped.join("|")})`, "i")).map((part, at) => {
    return at % 2 === 0 ? part : Object.assign(document.createElement("mark"), { textContent: part });
  });
}
