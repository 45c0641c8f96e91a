import { pages } from "./browser.js";
import { everyPage } from "./every-page.js";

everyPage(
  "every lesson, opened from its file",
  pages.filter((path) => path.startsWith("lessons/")),
);
