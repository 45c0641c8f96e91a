import createPurifier from "dompurify";
import { JSDOM } from "jsdom";

const purifier = createPurifier(new JSDOM("").window);

/** HTML of a notebook without what could act in the page: scripts, handlers, frames, forms, addresses of scripts. */
export function sanitize(html: string): string {
  return purifier.sanitize(html, {
    USE_PROFILES: { html: true, svg: true },
    ADD_ATTR: ["tabindex", "data-formula", "data-display"],
    FORBID_TAGS: ["style", "form", "input", "button", "textarea", "select", "iframe", "object", "embed"],
    ADD_URI_SAFE_ATTR: [],
  });
}
