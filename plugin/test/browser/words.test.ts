/** No edit of the server takes a word that was written after it was made. */

import { beforeAll, expect, test } from "vitest";
import { Desk, withBrowser } from "./harness";

withBrowser();

const VAULT = {
  "one.md": "---\naliases: [Uno]\n---\n",
  "open.md": "See [[Uno]] and [[Uno|this]].\n",
  "read.md": "Read [[Uno]].\n",
  "closed.md": "See [[Uno]].\n",
  "start.md": "# Start\n",
};
const WRITTEN = "Written meanwhile.\n";

let desk: Desk;

beforeAll(async () => {
  desk = await Desk.start({ vault: VAULT });
});

test("an action that was chosen after the note changed is refused", async () => {
  await desk.open("open.md");
  await desk.hasMarks(["error: [[Uno]]", "error: [[Uno|this]]"]);
  await desk.cursor("[[Un");
  await desk.command("actions");
  await desk.page.locator(".prompt .suggestion-item").first().waitFor();
  await desk.page.evaluate((text) => window.desk.pane().editor.replaceRange(text, { line: 0, ch: 0 }), WRITTEN);
  await desk.press("Enter");
  await desk.hasNotice("open.md has changed meanwhile: nothing was done, try again");
  expect(await desk.text()).toBe(WRITTEN + VAULT["open.md"]);
});

test("all fixes of the vault are those of the notes as they are once that is confirmed", async () => {
  await desk.open("start.md");
  await desk.command("fix-all");
  await desk.page.locator(".modal button.mod-cta").waitFor();
  await desk.write("closed.md", WRITTEN + VAULT["closed.md"]);
  await desk.page.locator(".modal button.mod-cta").click();
  await desk.hasNotice("Fixed");
  expect(desk.read("closed.md")).toBe(`${WRITTEN}See [[one|Uno]].\n`);
});

test("a note that is only read is changed in its file, whatever its editor holds", async () => {
  await desk.write("read.md", VAULT["read.md"]);
  await desk.open("read.md");
  await desk.hasMarks(["error: [[Uno]]"]);
  await desk.page.evaluate(() => window.desk.pane().readOnly());
  expect(await desk.command("link")).toBe(false);
  await desk.command("fix-all");
  await desk.page.locator(".modal button.mod-cta").click();
  await desk.hasFile("read.md", "Read [[one|Uno]].\n");
});

test("a fix of a file that changed after it was offered is refused", async () => {
  await desk.write("closed.md", VAULT["closed.md"]);
  await desk.command("show-problems");
  await desk.page.locator(".vaultsync-row", { hasText: "Uno" }).first().click({ button: "right" });
  const fix = desk.page.locator(".menu-item", { hasText: "one" }).first();
  await fix.waitFor();
  await desk.write("closed.md", WRITTEN + VAULT["closed.md"]);
  await fix.click();
  await desk.hasNotice("closed.md has changed meanwhile");
  expect(desk.read("closed.md")).toBe(WRITTEN + VAULT["closed.md"]);
});

test("nothing went wrong in the page", () => {
  expect(desk.errors).toEqual([]);
});
