import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (file: string) => fileURLToPath(new URL(file, import.meta.url));

const queue = { name: "queue", include: ["test/queue/**/*.test.ts"], testTimeout: 300_000 };

export default defineConfig({
  resolve: {
    alias: [
      { find: /^unrolled$/, replacement: source("lib/src/index.ts") },
      { find: /^unrolled\/(.*)$/, replacement: `${source("lib/src")}/$1.ts` },
    ],
  },
  test: {
    setupFiles: [source("test/setup.ts")],
    // no test is about time, and a busy machine may stand still for a while
    testTimeout: 60_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 30_000 } },
    projects: [
      { extends: true, test: { name: "lib", include: ["test/lib/**/*.test.ts", "test/contract/**/*.test.ts"] } },
      {
        extends: true,
        test: { name: "grading", include: ["test/exercises/**/*.test.ts", "test/grader/**/*.test.ts"] },
      },
      { extends: true, test: { name: "notebooks", include: ["test/notebooks/**/*.test.ts"], testTimeout: 120_000 } },
      {
        extends: true,
        // a .soak.ts takes minutes and a network: only \`npm run soak\` asks for it
        test: {
          name: "e2e",
          include: [`test/e2e/**/*.${process.env.UNROLLED_SOAK ? "soak" : "test"}.ts`],
          testTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: "book",
          include: ["test/book/**/*.test.ts"],
          globalSetup: [source("test/book/build.ts")],
          testTimeout: 180_000,
        },
      },
      ...(existsSync(source("queue/node_modules")) ? [{ extends: true, test: queue } as const] : []),
    ],
  },
});
