import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  // The package `obsidian` has typings alone.
  resolve: { alias: { obsidian: fileURLToPath(new URL("test/unit/obsidian.ts", import.meta.url)) } },
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/browser/harness/build.ts",
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
