/** Before all tests: build the plugin and the page that loads it. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { buildPlugin, bundle } from "../../../build.config.mjs";

export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "plugin-"));
  await Promise.all([
    buildPlugin(join(folder, "main.js")),
    bundle(fileURLToPath(new URL("page/page.ts", import.meta.url)), join(folder, "page.js"), "iife"),
  ]);
  project.provide("built", folder);
  return () => rmSync(folder, { recursive: true });
}

declare module "vitest" {
  export interface ProvidedContext {
    built: string;
  }
}
