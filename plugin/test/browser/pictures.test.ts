/** @module-tag long */

import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { Desk, withBrowser } from "./harness";
import { Remote } from "./remote";

withBrowser();

// The vault of this repository, whose pictures are in the README.
const VAULT = process.env["VAULT"] ?? fileURLToPath(new URL("../../../vault", import.meta.url));
const NOTE = "Frames/double-descent.md";

let desk: Desk;

beforeAll(async () => {
  desk = await Desk.start({ vault: VAULT, isRepository: true, size: { width: 1000, height: 600 } });
  const text = desk.read(NOTE);
  const broken = text.replace(/^aliases:\n.*\n/m, "aliases:\n").replace("- [[grokking]]", "- [[groking]]");
  await desk.write(NOTE, broken);
  await desk.open(NOTE);
});

test("a mark shows what is wrong and its fix, beside what is known of the note", async () => {
  await desk.command("show-note");
  await desk.page.locator(".vaultsync-note").getByRole("heading", { name: "Test error can fall" }).waitFor();
  await desk.page.locator(".vaultsync-mark").first().hover();
  await desk.page.locator(".vaultsync-finding button.mod-cta").waitFor();
  await desk.shot("readme-mark");
  await desk.page.mouse.move(0, 0);
});

test("the findings of the vault are listed", async () => {
  await desk.page.evaluate(() => window.desk.app.workspace.detachLeavesOfType("vaultsync-note"));
  await desk.command("show-problems");
  await desk.page.locator(".vaultsync-row", { hasText: "groking" }).waitFor();
  await desk.shot("readme-problems");
});

test("a new note has a form by its type", async () => {
  expect(await desk.command("new-frame")).toBe(true);
  await desk.page.locator(".modal-title", { hasText: "New frame" }).waitFor();
  await desk.type("https://arxiv.org/abs/1912.02292");
  await desk.shot("readme-form");
});

test("a sync shows its plan, and the conflicts that it leaves", async () => {
  const text = desk.read(NOTE);
  const lead = /---\n\n(.+\n)+/.exec(text)?.[0] ?? "";
  const changed = (status: string, claim: string): string =>
    text.replace("status: established", `status: ${status}`).replace(lead, `---\n\n${claim}\n`);
  const remote = new Remote(VAULT);
  remote.change({ [NOTE]: changed("contested", "Test error can fall, rise and fall again as models grow.") });
  await desk.close();
  desk = await Desk.start({ vault: remote.vault, size: { width: 1000, height: 600 } });
  await desk.write(NOTE, changed("supported", "Test error can fall, rise and fall again as models and data grow."));
  await desk.command("sync");
  await desk.page.locator(".vaultsync-steps li").first().waitFor();
  await desk.shot("readme-sync");
  await desk.page.getByRole("button", { name: "Sync", exact: true }).click();
  await desk.page.locator(".notice button").click();
  await desk.page.locator(".vaultsync-conflict").nth(1).waitFor();
  await desk.shot("readme-conflicts");
});
