import type { Locator } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Session } from "../../src/session";
import { Desk, until, withBrowser } from "./harness";
import { frame, GROKKING, vault } from "./vault";

withBrowser();

const SETTINGS =
  vault()["vaultsync.toml"]?.replace("lead = { required = true }", "lead = { required = true, words = 6 }") ??
  "";
const PHASES = "Frames/phase-changes.md";
const NOTES = vault();
// Two are similar to the first, and not linked with it.
const OTHERS = {
  decay: "Grokking is sudden where weights decay",
  cleanup: "Sudden grokking follows a slow cleanup",
  heads: "Heads copy tokens",
  probes: "Probes read dates",
  neurons: "Neurons store facts",
  steering: "Steering shifts moods",
};
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
  ...Object.fromEntries(Object.entries(OTHERS).map(([name, title]) => [`Frames/${name}.md`, frame(title, name, "")])),
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

const related = (): Locator => section("Perhaps related");
const focused = (): Promise<string> => desk.page.evaluate(() => document.activeElement?.ariaLabel ?? "");

/** In the page: count from now on the checks of a note, and the requests for suggestions. */
function watch(): { checks: number; requests: number } {
  const seen = { checks: 0, requests: 0 };
  const { session } = window.desk.plugin as unknown as { session: Session };
  session.on("diagnostics", ({ path }) => (seen.checks += Number(path === "Frames/heads.md")));
  const send = session.request.bind(session);
  session.request = (method, params, signal) => {
    if (JSON.stringify(params).includes("vaultsync.related")) seen.requests += 1;
    return send(method, params, signal);
  };
  return seen;
}

/** Wait until these are suggested. */
async function suggests(...names: string[]): Promise<void> {
  const links = (): Promise<string[]> => related().locator("a").allInnerTexts();
  await until(async () => String(await links()) === String(names), async () => String(await links()));
}

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

test("what is perhaps related has its reasons, and leads to its note", async () => {
  await desk.open("Frames/grokking.md");
  await suggests("decay", "cleanup");
  expect(await related().innerText()).toContain("similar words: grokking, sudden");
  await desk.shot("note-view-related");
  await desk.page.evaluate(() => document.body.classList.toggle("theme-dark"));
  await desk.shot("note-view-related-dark");
  await desk.page.evaluate(() => document.body.classList.toggle("theme-dark"));
  await related().getByRole("link", { name: "decay" }).click();
  await until(async () => (await activeNote()) === "Frames/decay.md", activeNote);
  await related().getByRole("link", { name: "grokking" }).click();
  await until(async () => (await activeNote()) === "Frames/grokking.md", activeNote);
});

test("a suggestion is dismissed by keys, with a reason, and the focus goes to the next", async () => {
  await desk.cursor("again and again");
  await desk.type(" unsaved");
  await suggests("decay", "cleanup");
  await related().getByRole("button", { name: "Dismiss “decay”" }).focus();
  await desk.press("Enter");
  await desk.page.locator(".modal-title", { hasText: "Dismiss “decay”" }).waitFor();
  await desk.press("Escape");
  expect(await focused()).toBe("Dismiss “decay”");
  await desk.press("Enter");
  await desk.press("Enter");
  await desk.page.locator(".vaultsync-problem", { hasText: "required" }).waitFor();
  await desk.type("about something else");
  await desk.shot("dismiss");
  await desk.press("Enter");
  await desk.hasFile("Unrelated.md", "- [[decay]] and [[grokking]]: about something else");
  await suggests("cleanup");
  await until(async () => (await focused()) === "Dismiss “cleanup”", focused);
  expect(await desk.text()).toContain("again and again unsaved");
});

test("a suggestion becomes a relation of the note as it is typed, and is one no longer", async () => {
  await related().getByRole("button", { name: "Relate to “cleanup”" }).focus();
  await desk.press("Enter");
  await desk.page.locator(".modal-title", { hasText: "Relate to “cleanup”" }).waitFor();
  await desk.type("what comes before");
  await desk.press("Enter");
  await desk.hasText("- [[phase-changes]]: one of many\n- [[cleanup]]: what comes before\n");
  expect(await desk.text()).toContain("again and again unsaved");
  await related().waitFor({ state: "detached" });
  await section("Relations").getByRole("link", { name: "cleanup" }).waitFor();
  expect(await view().evaluate((el) => el.contains(document.activeElement))).toBe(true);
});

test("it says what is not a note, and raises no error", async () => {
  await desk.open("Index.md");
  await shows("Index");
  expect(desk.errors).toEqual([]);
});

test("suggestions wait for a pause in what is typed", async () => {
  const { clock, keyboard } = desk.page;
  await desk.open("Frames/heads.md");
  await shows("6 of 6 words");
  await desk.cursor("experiments show");
  // Time passes only where the test lets it; the server answers as ever.
  await clock.install();
  await clock.pauseAt(Date.now() + 60_000);
  const seen = await desk.page.evaluateHandle(watch);
  for (const words of [7, 8, 9]) {
    const before = await seen.evaluate(({ checks }) => checks);
    await keyboard.insertText(" again");
    await until(() => seen.evaluate(({ checks }, count) => checks > count, before), () => desk.text());
    await clock.runFor(100);
    await shows(`${words} of 6 words`);
  }
  expect(await seen.evaluate(({ requests }) => requests)).toBe(0);
  await clock.runFor(500);
  expect(await seen.evaluate(({ requests }) => requests)).toBe(1);
});
