/** Before all tests: build the plugin and the page that loads it. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
  writeFileSync(join(folder, "icons.svg"), iconsOf(folder));
  project.provide("built", folder);
  return () => rmSync(folder, { recursive: true });
}

/** The icons that the code names: a browser would parse all of them for each window. */
function iconsOf(folder: string): string {
  const code = ["main.js", "page.js"].map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
  const sprite = readFileSync(new URL("../../../node_modules/lucide-static/sprite.svg", import.meta.url), "utf8");
  return sprite.replace(/<symbol id="(.+?)">.*?<\/symbol>/gs, (symbol, name: string) =>
    ["'", '"', "`"].some((quote) => code.includes(quote + name + quote)) ? symbol : "",
  );
}

declare module "vitest" {
  export interface ProvidedContext {
    built: string;
  }
}
