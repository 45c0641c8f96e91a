// Where the built library is; UNROLLED_DIST measures another build.
import { fileURLToPath } from "node:url";

export const library = process.env.UNROLLED_DIST ?? fileURLToPath(new URL("../lib/dist", import.meta.url));
