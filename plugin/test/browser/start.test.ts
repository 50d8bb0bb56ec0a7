import { expect, test } from "vitest";
import { Desk, withBrowser } from "./harness";

withBrowser();

test("the server starts with the vault and publishes what it finds", async () => {
  const desk = await Desk.start({ vault: { "a.md": "See [[missing]].\n" } });
  await desk.open("a.md");
  await desk.page.waitForFunction(() => window.desk.plugin["session"]?.["diagnostics"]["size"]);
  await desk.shot("start");
  expect(desk.errors).toEqual([]);
});
