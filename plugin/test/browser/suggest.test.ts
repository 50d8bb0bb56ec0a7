import { beforeAll, expect, test } from "vitest";
import { Desk, withBrowser } from "./harness";

withBrowser();

const VAULT = {
  "vaultsync.toml": '[types.claim]\nmatch = ["one.md"]\n[types.claim.properties]\nstate = { enum = ["draft", "ready"] }\n',
  "one.md": "---\nstate: \naliases: [Uno]\n---\n\n# First\n\nText. ^block\n",
  "a.md": "See .\n",
  "b.md": "See .\n",
};

let desk: Desk;

beforeAll(async () => {
  desk = await Desk.start({ vault: VAULT });
});

const items = () => desk.page.locator(".suggestion-container .suggestion-item");

/** Wait for what is suggested for the whole text that was typed: parts of it have suggestions too. */
async function isSelected(text: string): Promise<void> {
  await desk.page.locator(".suggestion-container .suggestion-item.is-selected", { hasText: text }).waitFor();
}

test("notes are suggested by any of their names, and written as links", async () => {
  await desk.open("a.md");
  await desk.cursor("See ");
  await desk.type("[[Un");
  await isSelected("Uno");
  await desk.shot("suggest");
  await desk.press("Enter");
  await desk.hasText("See [[one|Uno]].\n");
  expect(await items().count()).toBe(0);
});

test("what is typed before the next suggestions are there is replaced too", async () => {
  await desk.open("b.md");
  await desk.cursor("See ");
  await desk.type("[[Un");
  await isSelected("Uno");
  await desk.page.evaluate(async () => {
    const { cm } = window.desk.pane();
    const { head } = cm.state.selection.main;
    cm.dispatch({ changes: { from: head, insert: "o" }, selection: { anchor: head + 1 }, userEvent: "input.type" });
    await Promise.resolve();
    cm.contentDOM.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  });
  await desk.hasText("See [[one|Uno]].\n");
});

test("headings and blocks are suggested in a link", async () => {
  await desk.open("a.md");
  await desk.cursor("Uno]]");
  await desk.type(" [[one#");
  await isSelected("#First");
  expect(await items().allTextContents()).toEqual(["#First", "#^block"]);
  await desk.press("ArrowDown");
  await desk.press("Enter");
  await desk.hasText("[[one#^block");
});

test("values of properties are suggested by the note's type", async () => {
  await desk.open("one.md");
  await desk.cursor("state: ");
  await desk.type("re");
  await isSelected("ready");
  await desk.press("Enter");
  await desk.hasText("state: ready\n");
});

test("nothing went wrong in the page", () => {
  expect(desk.errors).toEqual([]);
});
