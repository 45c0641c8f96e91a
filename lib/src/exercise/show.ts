import { fixtureText } from "./fixtures.js";
import { digits } from "./numbers.js";

/** A value in as few characters as it takes to recognise it: [0.31, -1.2, 5], { h: [...], c: [...] }. */
export function shown(value: unknown, room = 160): string {
  if (typeof value === "number") return digits(value, 4);
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 39)}…` : value);
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value) || ArrayBuffer.isView(value))
    return list(
      Array.from(value as ArrayLike<unknown>, (entry) => shown(entry, room)),
      room,
      "[",
      "]",
    );
  const text = fixtureText(value);
  if (text !== undefined) return text;
  const entries = Object.entries(value).map(([key, entry]) => `${key}: ${shown(entry, room)}`);
  return list(entries, room, "{ ", " }");
}

function list(parts: string[], room: number, open: string, close: string): string {
  if (parts.length === 0) return open.trim() + close.trim();
  let used = 0;
  const fit = parts.findIndex((part) => {
    used += part.length + 2;
    return used > room;
  });
  const kept = fit < 0 ? parts : [...parts.slice(0, Math.max(fit, 1)), `… ${parts.length - Math.max(fit, 1)} more`];
  return open + kept.join(", ") + close;
}
