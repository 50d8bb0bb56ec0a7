import { expect, test } from "vitest";
import { Desk, withBrowser } from "./harness";

withBrowser();

const VAULT = {
  "a.md": "See [[missing]] and [[b#Nowhere]].\n",
  "b.md": "---\ntitle: The other\n---\n\n# Heading\n",
};

test("a broken link is marked while it is typed, and is not when it is mended", async () => {
  const desk = await Desk.start({ vault: { ...VAULT, "a.md": "See [[b]].\n" } });
  await desk.open("a.md");
  await desk.cursor("[[b");
  await desk.type("x");
  await desk.hasMarks(["error: [[bx]]"]);
  await desk.press("Backspace");
  await desk.hasMarks([]);
  expect(desk.errors).toEqual([]);
});

test("a mark shows its message, the rule, and the fixes", async () => {
  const desk = await Desk.start({ vault: VAULT });
  await desk.open("a.md");
  await desk.page.locator(".cm-lintRange").first().hover();
  await desk.page.locator(".vaultsync-finding button").first().waitFor();
  await desk.shot("mark");
  expect(await desk.page.locator(".vaultsync-finding").allInnerTexts()).toEqual([]);
});
