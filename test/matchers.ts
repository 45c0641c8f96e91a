import { expect } from "vitest";
import { type CourseMatchers, matchers } from "../lib/src/exercise/matchers.js";

expect.extend(matchers);

declare module "vitest" {
  // biome-ignore lint/suspicious/noExplicitAny: vitest declares the parameter so, and declarations must agree
  interface Matchers<T = any> extends CourseMatchers<void> {}
}
