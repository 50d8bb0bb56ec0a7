/** Before all tests: build the plugin and the page that loads it. */

import { build } from "esbuild";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { buildPlugin } from "../../../esbuild.config.mjs";

export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "plugin-"));
  await Promise.all([
    buildPlugin(join(folder, "main.js")),
    build({
      entryPoints: [fileURLToPath(new URL("page/page.ts", import.meta.url))],
      outfile: join(folder, "page.js"),
      bundle: true,
      format: "iife",
      target: "es2022",
      logLevel: "error",
    }),
  ]);
  project.provide("built", folder);
  return () => rmSync(folder, { recursive: true });
}

declare module "vitest" {
  export interface ProvidedContext {
    built: string;
  }
}
