/** Before all tests: start the browser that they share, each file with windows of its own. */

import { spawnSync } from "node:child_process";
import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const PATHS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const executablePath = process.env["CHROMIUM"] || PATHS.find((path) => spawnSync(path, ["--version"]).status === 0);
  const server = await chromium.launchServer({ executablePath, args: FLAGS, host: "127.0.0.1" });
  project.provide("browser", server.wsEndpoint());
  return () => server.close();
}

declare module "vitest" {
  export interface ProvidedContext {
    browser: string;
  }
}
