import type { Locator } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { Desk, until, withBrowser } from "./harness";
import { GROKKING, vault } from "./vault";

withBrowser();

const SETTINGS =
  vault()["vaultsync.toml"]?.replace("lead = { required = true }", "lead = { required = true, words = 6 }") ??
  "";
const PHASES = "Frames/phase-changes.md";
const NOTES = vault();
const FILES = {
  ...NOTES,
  "vaultsync.toml": SETTINGS,
  "Frames/grokking.md": GROKKING.replace("## Related\n", "## Related\n\n- [[phase-changes]]: one of many\n"),
  [PHASES]: (NOTES[PHASES] ?? "").replace(
    "## Related\n",
    "## Related\n\n- [[why-late]]: tension: early, against late (crux: when it starts)\n",
  ),
  "Questions/why-late.md":
    "---\ntitle: Why is it late?\nstatus: open\n---\n\nAs [[grokking]] shows, it is.\n",
  "Changelog.md": `# Changelog

<!-- vaultsync:changelog style="full" -->

### 2026-01-02

- Linked [[grokking]] with [[phase-changes]]

### 2026-01-01

- Added [[grokking]]

<!-- /vaultsync -->
`,
};

let desk: Desk;
const view = (): Locator => desk.page.locator(".vaultsync-note");
const section = (title: string): Locator => view().locator("details", { hasText: title });

async function shows(text: string): Promise<void> {
  await until(
    async () => (await view().innerText()).includes(text),
    () => view().innerText(),
  );
}

async function activeNote(): Promise<string> {
  return desk.page.evaluate(() => window.desk.pane().file?.path ?? "");
}

beforeAll(async () => {
  desk = await Desk.start({ vault: FILES });
  await desk.open("Frames/grokking.md");
  await desk.command("show-note");
});

test("the view has the type's name, and shows the claim against its bounds", async () => {
  await view().getByRole("heading", { name: "Grokking is sudden" }).waitFor();
  await shows("6 of 6 words");
  const title = () =>
    desk.page.evaluate(() =>
      window.desk.app.workspace.getLeavesOfType("vaultsync-note")[0]?.view?.getDisplayText(),
    );
  expect(await title()).toBe("Frame");
  const meter = view().getByRole("meter", { name: "words" });
  expect(await meter.getAttribute("aria-valuenow")).toBe("6");
});

test("sources, relations, links here and properties are listed", async () => {
  expect(await section("Sources").locator("li").allInnerTexts()).toEqual([
    expect.stringMatching(/original\s*The paper/),
  ]);
  expect(await section("Relations").innerText()).toContain("one of many");
  expect(await section("Links here").innerText()).toContain("it is");
  expect(await section("Properties").innerText()).toMatch(/topic\s*circuits/);
  await desk.shot("note-view");
});

test("the lines of the journal are listed as history, newest first", async () => {
  expect(await section("History").locator("li").allInnerTexts()).toEqual([
    expect.stringMatching(/2026-01-02\s*Linked grokking with phase-changes/),
    expect.stringMatching(/2026-01-01\s*Added grokking/),
  ]);
  await section("History").scrollIntoViewIfNeeded();
  await desk.shot("note-view-history");
});

test("it follows what is typed", async () => {
  await desk.cursor("sudden, as experiments show");
  await desk.type(" again and again");
  await shows("9 of 6 words");
  await view().locator(".is-over").waitFor();
});

test("a closed section stays closed", async () => {
  await section("Properties").locator("summary").click();
  await desk.cursor("again and again");
  await desk.type(" x");
  await shows("10 of 6 words");
  expect(await section("Properties").getAttribute("open")).toBeNull();
});

test("a relation leads to its note, whose view has the way back", async () => {
  await section("Relations").getByRole("link").click();
  await until(async () => (await activeNote()) === PHASES, activeNote);
  await view().getByRole("heading", { name: "Phase changes are common" }).waitFor();
  expect(await section("Tensions").innerText()).toMatch(/early, against late\s*when it starts/);
  await desk.shot("note-view-tension");
  await section("Relations").getByRole("link").focus();
  await desk.press("Enter");
  await until(async () => (await activeNote()) === "Frames/grokking.md", activeNote);
});

test("a link here leads to its place", async () => {
  await section("Links here").getByRole("link", { name: "Why is it late?" }).click();
  await until(async () => (await activeNote()) === "Questions/why-late.md", activeNote);
  expect(await desk.page.evaluate(() => window.desk.pane().editor.getCursor("from").line)).toBe(5);
  await shows("Question");
});

test("it says what is not a note, and raises no error", async () => {
  await desk.open("Index.md");
  await shows("Index");
  expect(desk.errors).toEqual([]);
});
