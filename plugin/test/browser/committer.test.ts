import { expect, test } from "vitest";
import { Desk, long, withBrowser } from "./harness";

withBrowser();

const DATA = { autoSaveInterval: 10, autoPullInterval: 0, autoPullOnBoot: true, commitMessage: "backup", disablePush: false };

/** Let the app have the plugin obsidian-git with these settings, as far as other plugins see it. */
async function withGit(desk: Desk, data: object): Promise<void> {
  await desk.page.evaluate((settings) => {
    const git = { loadData: async () => settings, saveData: async (saved: object) => void (kept.data = saved) };
    const kept = { data: settings, calls: [] as string[] };
    const plugins = {
      plugins: { "obsidian-git": git },
      disablePlugin: async (id: string) => void kept.calls.push(`disable ${id}`),
      enablePlugin: async (id: string) => void kept.calls.push(`enable ${id}`),
    };
    Object.assign(window.desk.app, { plugins });
    Object.assign(window, { kept });
  }, data);
}

function kept(desk: Desk): Promise<unknown> {
  return desk.page.evaluate(() => (window as unknown as { kept: unknown }).kept);
}

test("another committer is offered to be turned off, in the settings that make it one and no others", async () => {
  const desk = await Desk.start({ vault: { "a.md": "" }, isRepository: true });
  expect(await desk.command("committer")).toBe(false);
  await withGit(desk, DATA);
  await desk.command("sync");
  await desk.page.locator(".modal pre").waitFor();
  await desk.shot("committer");
  expect(await desk.page.locator(".modal pre > div").allTextContents()).toEqual([
    "- autoSaveInterval: 10",
    "+ autoSaveInterval: 0",
    "- autoPullOnBoot: true",
    "+ autoPullOnBoot: false",
  ]);
  await desk.page.getByRole("button", { name: "Cancel" }).click();
  expect(await kept(desk)).toEqual({ data: DATA, calls: [] });
  await desk.page.locator(".modal-title", { hasText: "sync will do" }).waitFor();
  await desk.press("Escape");
  expect(await desk.command("committer")).toBe(true);
  await desk.page.getByRole("button", { name: "Turn these off" }).click();
  await expect.poll(() => kept(desk)).toEqual({
    data: { ...DATA, autoSaveInterval: 0, autoPullOnBoot: false },
    calls: ["disable obsidian-git", "enable obsidian-git"],
  });
  expect(desk.errors).toEqual([]);
});

test("one that does nothing by itself, or is another than is known, is left alone", long, async () => {
  const desk = await Desk.start({ vault: { "a.md": "" }, isRepository: true });
  for (const data of [{ ...DATA, autoSaveInterval: 0, autoPullOnBoot: false }, null]) {
    await withGit(desk, data as object);
    await desk.command("sync");
    await desk.page.locator(".modal-title", { hasText: "sync will do" }).waitFor();
    await desk.press("Escape");
  }
  await desk.page.evaluate(() => Object.assign(window.desk.app, { plugins: { plugins: { "obsidian-git": {} } } }));
  expect(await desk.command("committer")).toBe(false);
});
