import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const patience = { testTimeout: 240_000, hookTimeout: 240_000 };

export default defineConfig({
  // The package `obsidian` has typings alone.
  resolve: { alias: { obsidian: fileURLToPath(new URL("test/unit/obsidian.ts", import.meta.url)) } },
  test: {
    tags: [{ name: "long", description: "More cases of what other tests show." }],
    projects: [
      { extends: true, test: { name: "unit", include: ["test/unit/*.test.ts"], ...patience } },
      {
        extends: true,
        test: {
          name: "browser",
          include: ["test/browser/*.test.ts"],
          globalSetup: ["test/browser/harness/build.ts", "test/browser/harness/browser.ts"],
          ...patience,
        },
      },
    ],
  },
});
