import { test } from "vitest";
import { Desk, withBrowser } from "./harness";

withBrowser();

test("real vault", async () => {
  const desk = await Desk.start({ vault: "/work/w/h18-views/vault" });
  await desk.open("Frames/grokking.md");
  await desk.command("show-problems");
  await desk.page.waitForSelector(".vaultsync-row");
  await desk.shot("problems");
  console.log(desk.errors);
});
test("note", async () => {
  const desk = await Desk.start({ vault: "/work/w/h18-views/vault", isDark: true });
  await desk.open("Frames/grokking.md");
  await desk.command("show-note");
  await desk.page.waitForTimeout(3000);
  await desk.shot("note");
  console.log(desk.errors, await desk.notices());
});
