import { beforeAll, expect, test } from "vitest";
import { Desk, withBrowser } from "./harness";
import { vault } from "./vault";

withBrowser();

const TITLE = "# [!conflict] topic: reasoning\n";
const NOTE = `---
title: Heads copy
topic: circuits
${TITLE}status: established
aliases: [Heads copy]
---

It holds for models of every size that was tested.

> [!conflict] Instead of the block above:
> It holds for models of two layers that were tested.

More.
`;
const WHOLE = "# Now\n\n> [!conflict] Instead of the whole note:\n> # Before\n";

let desk: Desk;

beforeAll(async () => {
  const files = { ...vault(), "Frames/heads.md": NOTE, "Plain/whole.md": WHOLE };
  desk = await Desk.start({ vault: files, isRepository: true, size: { width: 1000, height: 640 } });
  await desk.open("Frames/heads.md");
  await desk.command("show-conflicts");
  await desk.page.locator(".vaultsync-conflicts").getByText("3 conflicts in 2 notes").waitFor();
});

function sides(): Promise<string[]> {
  return desk.page.locator(".vaultsync-side pre").allTextContents();
}

async function keep(conflict: number, button: string, left: string): Promise<void> {
  await desk.page.locator(".vaultsync-conflict").nth(conflict).getByRole("button", { name: button }).click();
  await desk.page.locator(".vaultsync-head").getByText(left).waitFor();
}

test("both versions of each conflict are beside each other, with what differs marked", async () => {
  await desk.shot("conflicts");
  expect(await sides()).toEqual([
    "topic: circuits",
    "topic: reasoning",
    "It holds for models of every size that was tested.",
    "It holds for models of two layers that were tested.",
    "The note as it is, without what is beside.",
    "# Before",
  ]);
  expect(await desk.page.locator(".vaultsync-side mark").allTextContents()).toEqual([
    "circuits",
    "reasoning",
    "every size that was ",
    "two layers that were ",
  ]);
});

test("a version is kept by a button, in the open note and in the file of another", async () => {
  await keep(2, "Keep ours", "2 conflicts in 1 note");
  await desk.hasFile("Plain/whole.md", "# Before\n");
  await keep(0, "Keep theirs", "1 conflict in 1 note");
  await desk.hasText("topic: circuits\nstatus: established");
  await keep(0, "Keep both", "No conflicts are left.");
  await desk.hasText("every size that was tested.\n\nIt holds for models of two layers");
  expect(await desk.text()).not.toContain("[!conflict]");
  expect(await desk.page.locator(".vaultsync-head button.mod-cta").textContent()).toBe("Go on");
});

test("a conflict that is written into a note appears, and its note can be opened", async () => {
  await desk.write("Frames/heads.md", NOTE);
  await desk.page.locator(".vaultsync-head").getByText("2 conflicts in 1 note").waitFor();
  await desk.page.locator(".vaultsync-conflicts h4 a").click();
  await desk.hasText("Heads copy");
  expect(desk.errors).toEqual([]);
});
