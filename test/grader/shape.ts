/** Documented formats as shapes: every field of a value must be known and of its kind; a name that ends in ? may be missing. */
export type Check = ((value: unknown) => boolean) | Shape | readonly [Check];
export interface Shape {
  readonly [field: string]: Check;
}

export const text = (value: unknown): boolean => typeof value === "string";
export const number = (value: unknown): boolean => typeof value === "number" && Number.isFinite(value);
export const flag = (value: unknown): boolean => typeof value === "boolean";
export const oneOf =
  (...values: unknown[]) =>
  (value: unknown): boolean =>
    values.includes(value);

/** Where a value is not of the shape, a line each. */
export function misfits(value: unknown, check: Check, path = "$"): string[] {
  if (typeof check === "function") return check(value) ? [] : [`${path} is ${JSON.stringify(value)?.slice(0, 60)}`];
  if (Array.isArray(check)) {
    if (!Array.isArray(value)) return [`${path} is no array`];
    return value.flatMap((entry, k) => misfits(entry, check[0], `${path}[${k}]`));
  }
  if (typeof value !== "object" || value === null) return [`${path} is no object`];
  const known = new Map(Object.entries(check).map(([field, part]) => [field.replace("?", ""), part]));
  const unknown = Object.keys(value).filter((field) => !known.has(field));
  return [
    ...unknown.map((field) => `${path}.${field} is not in the format`),
    ...[...known].flatMap(([field, part]) => {
      const held = (value as Record<string, unknown>)[field];
      return held === undefined && `${field}?` in check ? [] : misfits(held, part, `${path}.${field}`);
    }),
  ];
}

/** The elements of an XML document in order. @throws SyntaxError where it is not well formed */
export function xmlElements(xml: string): { name: string; attributes: Record<string, string>; text: string }[] {
  const found: { name: string; attributes: Record<string, string>; text: string }[] = [];
  const open: typeof found = [];
  const unescape = (escaped: string): string => {
    if (/[<]|&(?!(amp|lt|gt|quot|#\d+);)/.test(escaped)) throw new SyntaxError(`bare < or & in ${escaped}`);
    const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"' };
    return escaped.replace(
      /&(\w+|#\d+);/g,
      (_, name: string) => entities[name] ?? String.fromCodePoint(+name.slice(1)),
    );
  };
  const token = /<\?xml[^?]*\?>\n|<(\/?)([a-z]+)((?: [a-z_]+="[^"]*")*)(\/?)>|([^<]+)/gy;
  let end = 0;
  for (const [all, close, name, attributes, selfClosed, between] of xml.matchAll(token)) {
    end += all.length;
    if (between !== undefined) {
      if (open.length > 0) open[open.length - 1].text += unescape(between);
    } else if (close) {
      if (open.pop()?.name !== name) throw new SyntaxError(`</${name}> closes nothing`);
    } else if (name) {
      const pairs = [...attributes.matchAll(/ ([a-z_]+)="([^"]*)"/g)].map(([, key, value]) => [key, unescape(value)]);
      const element = { name, attributes: Object.fromEntries(pairs), text: "" };
      found.push(element);
      if (!selfClosed) open.push(element);
    }
  }
  if (end !== xml.length || open.length > 0)
    throw new SyntaxError(`not well formed after ${xml.slice(0, end).slice(-40)}`);
  return found;
}
