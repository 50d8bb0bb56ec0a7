import { beforeAll, expect, test } from "vitest";
import { Desk, withBrowser } from "./harness";

withBrowser();

const VAULT = {
  "vaultsync.toml": '[types.claim]\nmatch = ["one.md"]\n[types.claim.properties]\nstate = { enum = ["draft", "ready"] }\n',
  "one.md": "---\nstate: \naliases: [Uno]\n---\n\n# First\n\nText. ^block\n",
  "a.md": "See .\n",
};

let desk: Desk;

beforeAll(async () => {
  desk = await Desk.start({ vault: VAULT });
});

const items = () => desk.page.locator(".suggestion-container .suggestion-item");

test("notes are suggested by any of their names, and written as links", async () => {
  await desk.open("a.md");
  await desk.cursor("See ");
  await desk.type("[[Un");
  await items().first().waitFor();
  await desk.shot("suggest");
  await desk.press("Enter");
  await desk.hasText("See [[one|Uno]].\n");
  expect(await items().count()).toBe(0);
});

test("headings and blocks are suggested in a link", async () => {
  await desk.type(" [[one#");
  await items().first().waitFor();
  expect(await items().allTextContents()).toEqual(["#First", "#^block"]);
  await desk.press("ArrowDown");
  await desk.press("Enter");
  await desk.hasText("[[one#^block");
});

test("values of properties are suggested by the note's type", async () => {
  await desk.open("one.md");
  await desk.cursor("state: ");
  await desk.type("re");
  await items().first().waitFor();
  await desk.press("Enter");
  await desk.hasText("state: ready\n");
});

test("nothing went wrong in the page", () => {
  expect(desk.errors).toEqual([]);
});
