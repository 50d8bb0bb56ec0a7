import { beforeAll, expect, test } from "vitest";
import { Desk, withBrowser } from "./harness";

withBrowser();

const VAULT = {
  "vaultsync.toml": '[types.claim]\nmatch = ["one.md"]\n[types.claim.body]\nlead = { required = true }\n',
  "one.md": "---\naliases: [Uno, Zwei]\n---\n\nModels learn.\n",
  "two.md": "---\naliases: [Zwei]\n---\n\n# Other claim\n",
  "typed.md": "See .\n",
  "fixed.md": "See [[Uno]] and [[Uno|this]].\n",
  "command.md": "See [[Uno]].\n",
  "all.md": "See [[Uno]] and [[Uno|this]].\n",
  "emoji.md": "🙂🙂 é [[Uno]] 👩‍👩‍👧 [[missing]]\n",
  "twice.md": "See [[Zwei]].\n",
  "names.md": "See [[Zwei]].\n",
  "linked.md": "See [[one]].\n",
  "merged.md": "It holds for cats.\n\n> [!conflict] Instead of the block above:\n> It holds.\n\nMore.\n",
  "moved.md": "One\n\nTwo [[nothing]].\n",
};

let desk: Desk;

beforeAll(async () => {
  desk = await Desk.start({ vault: VAULT });
});

async function hover(text: string): Promise<void> {
  await desk.page.mouse.move(0, 600);
  await desk.page.locator(".cm-line span, .cm-line", { hasText: text }).last().hover({ position: { x: 60, y: 8 } });
}

async function hoverMark(index = 0): Promise<void> {
  await desk.page.mouse.move(0, 600);
  await desk.page.locator(".vaultsync-mark").nth(index).hover();
  await desk.page.locator(".vaultsync-finding button").first().waitFor();
}

test("a link is marked while it is typed, and no longer once it is mended", async () => {
  await desk.open("typed.md");
  await desk.cursor("See ");
  await desk.type("[[onx]]");
  await desk.hasMarks(["hint: [[onx]]"]);
  await desk.cursor("[[on");
  await desk.press("Delete");
  await desk.type("e");
  await desk.hasMarks([]);
});

test("a fix is made from its mark, and undone by one key", async () => {
  await desk.open("fixed.md");
  await desk.hasMarks(["error: [[Uno]]", "error: [[Uno|this]]"]);
  await hoverMark();
  await desk.shot("mark");
  await desk.page.locator(".vaultsync-finding button.mod-cta").click();
  await desk.hasText("See [[one|Uno]] and [[Uno|this]].");
  await desk.hasMarks(["error: [[Uno|this]]"]);
  await desk.press("Control+z");
  await desk.hasMarks(["error: [[Uno]]", "error: [[Uno|this]]"]);
  expect(await desk.text()).toBe(VAULT["fixed.md"]);
});

test("a conflict of a merge is resolved from its mark", async () => {
  await desk.open("merged.md");
  await desk.hasMarks(["error: > [!conflict] Instead of the block above:"]);
  await desk.press("Escape");
  await hoverMark();
  await desk.shot("conflict");
  await desk.page.locator(".vaultsync-finding button", { hasText: "Keep the version in the callout" }).click();
  await desk.hasMarks([]);
  expect(await desk.text()).toBe("It holds.\n\nMore.\n");
});

test("a fix is made by a command at the cursor, and stays on the disk", async () => {
  await desk.open("command.md");
  await desk.cursor("[[Un");
  expect(await desk.command("fix")).toBe(true);
  await desk.hasText("[[one|Uno]]");
  await desk.hasFile("command.md", "See [[one|Uno]].\n");
});

test("all safe fixes of a note are made by a command", async () => {
  await desk.open("all.md");
  await desk.hasMarks(["error: [[Uno]]", "error: [[Uno|this]]"]);
  await desk.command("fix-note");
  await desk.hasText("See [[one|Uno]] and [[one|this]].");
  await desk.hasMarks([]);
});

test("without a fix at the cursor a command says what to do", async () => {
  await desk.open("linked.md");
  await desk.cursor("See", "before");
  await desk.command("fix");
  await desk.hasNotice("go to a mark");
});

test("what can be done is chosen from a list", async () => {
  await desk.open("twice.md");
  await desk.cursor("[[Zw");
  await desk.command("actions");
  const items = desk.page.locator(".prompt .suggestion-item");
  await items.first().waitFor();
  await desk.shot("actions");
  expect(await items.allTextContents()).toEqual(["Suppress LNK007 here"]);
  await desk.press("Enter");
  await desk.hasText("%% vaultsync-disable-line LNK007 %%");
  await desk.hasMarks(["hint: %% vaultsync-disable-line LNK007 %%"]);
});

test("columns count as the editor counts them, beyond emoji too", async () => {
  await desk.open("emoji.md");
  await desk.hasMarks(["error: [[Uno]]", "hint: [[missing]]"]);
  await desk.cursor("[[Un");
  await desk.command("fix");
  await desk.hasText("🙂🙂 é [[one|Uno]] 👩‍👩‍👧 [[missing]]\n");
});

test("a mark leads to the page of its rule and to related places", async () => {
  await desk.open("names.md");
  await desk.hasMarks(["error: [[Zwei]]"]);
  await hoverMark();
  expect(await desk.page.locator(".vaultsync-finding").innerText()).toContain("LNK007 ");
  await desk.page.locator(".vaultsync-finding-rule").click();
  await desk.page.locator(".modal", { hasText: "LNK007" }).waitFor();
  await desk.press("Escape");
  await hoverMark();
  await desk.page.locator(".vaultsync-finding-related a", { hasText: "two.md" }).click();
  await desk.hasText("# Other claim");
});

test("the next finding is reached by a command", async () => {
  await desk.open("emoji.md");
  await desk.hasMarks(["hint: [[missing]]"]);
  await desk.cursor("🙂", "before");
  await desk.command("next-finding");
  await desk.press("Delete");
  await desk.hasText("👩‍👩‍👧 [missing]]\n");
});

test("a mark moves with its text", async () => {
  await desk.open("moved.md");
  await desk.hasMarks(["hint: [[nothing]]"]);
  await desk.cursor("One");
  await desk.type("\nmore\nlines");
  await desk.hasMarks(["hint: [[nothing]]"]);
});

test("the gutter shows the worst of a line", async () => {
  await desk.open("all.md");
  await desk.cursor("See ");
  await desk.type("[[Zwei]] [[Uno]]");
  await desk.page.locator(".vaultsync-dot.vaultsync-error").waitFor();
});

test("at a link the note's own words are shown", async () => {
  await desk.open("linked.md");
  await hover("[[one]]");
  await desk.page.locator(".vaultsync-hover", { hasText: "Models learn." }).waitFor();
  await desk.shot("hover");
});

test("nothing went wrong in the page", () => {
  expect(desk.errors).toEqual([]);
});
