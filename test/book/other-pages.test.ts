import { pages } from "./browser.js";
import { everyPage } from "./every-page.js";

everyPage(
  "every other page, opened from its file",
  pages.filter((path) => !path.startsWith("lessons/")),
);
