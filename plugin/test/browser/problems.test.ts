import { chmodSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { Desk, long, until, withBrowser } from "./harness";
import { GROKKING, vault } from "./vault";

withBrowser();

const BROKEN = "Frames/broken.md";
// A property that is misspelt, an alias that is missing, and a link to no note.
const TEXT = GROKKING.replaceAll("Grokking is sudden", "Broken")
  .replace("status:", "statsu:")
  .replace("[Broken]", "[other]")
  .replaceAll("grokking", "broken")
  .replace("so late?", "[[missing]]?")
  .replace("---\n\nB", "cite: Smith 2020\nyear: 2020\n---\n\nB");
const ALL = [
  ...["broken", "PRP016", "PRP006", "LNK017"],
  ...["grokking", "SRC003", "SRC003"],
  ...["phase-changes", "SRC003", "SRC003"],
];

const rows = (desk: Desk, text = ""): Locator => desk.page.locator(".vaultsync-row", { hasText: text });
const button = (desk: Desk, name: string): Locator => desk.page.getByRole("button", { name, exact: true });
const list = (desk: Desk): Locator => desk.page.getByRole("tree");
const active = (desk: Desk): Locator => desk.page.locator(".vaultsync-row[aria-selected=true]");

/** Wait until these rows are listed: the names of groups, the codes of findings. */
async function hasRows(desk: Desk, wanted: string[]): Promise<void> {
  const names = async (): Promise<string> =>
    (
      await desk.page
        .locator(".vaultsync-name, .vaultsync-row > .vaultsync-detail > :first-child")
        .allTextContents()
    ).join(", ");
  await until(async () => (await names()) === wanted.join(", "), names);
}

async function start(options: Partial<Parameters<typeof Desk.start>[0]> = {}): Promise<Desk> {
  const desk = await Desk.start({ vault: { ...vault(), [BROKEN]: TEXT }, ...options });
  await desk.command("show-problems");
  return desk;
}

/** Where the cursor or the start of the selection is, with the path of the note. */
async function place(desk: Desk): Promise<string> {
  return desk.page.evaluate(() => {
    const { file, editor } = window.desk.pane();
    return `${file?.path}:${editor.getCursor("from").line + 1}`;
  });
}

describe("the findings of the vault", () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await start();
    await hasRows(desk, ALL);
  });

  test("are grouped by note or by rule", async () => {
    await button(desk, "Group by rule").click();
    await hasRows(desk, [
      ...["misspelt-property", "broken", "5"],
      ...["unfilled-property", "grokking", "1", "grokking", "1", "phase-changes", "1", "phase-changes", "1"],
      ...["unwritten-note", "broken", "22", "title-not-in-aliases", "broken", "7"],
    ]);
    await desk.shot("problems-by-rule");
    await button(desk, "Group by rule").click();
    await hasRows(desk, ALL);
  });

  test("are filtered by kind, which is counted", async () => {
    await button(desk, "4 warnings").click();
    await hasRows(desk, ALL.slice(0, 4));
    await button(desk, "1 error").click();
    await button(desk, "2 hints").click();
    await button(desk, "Show all").click();
    await hasRows(desk, ALL);
  });

  test("are filtered by rule", async () => {
    await desk.page.getByRole("combobox", { name: "Rule" }).selectOption({ label: "LNK017 unwritten-note" });
    await hasRows(desk, ["broken", "LNK017"]);
    await desk.page.getByRole("combobox", { name: "Rule" }).selectOption("All rules");
    await hasRows(desk, ALL);
  });

  test("are filtered by words", async () => {
    const search = desk.page.getByRole("searchbox");
    await search.fill("SMITH !grokking");
    await hasRows(desk, ["phase-changes", "SRC003"]);
    await search.fill("nowhere");
    await desk.page.getByText("Nothing passes the filter.").waitFor();
    await search.fill("");
    await hasRows(desk, ALL);
  });

  test("can be those of the active note", async () => {
    await desk.open("Frames/grokking.md");
    await button(desk, "Only the active note").click();
    await hasRows(desk, ALL.slice(4, 7));
    await desk.open(BROKEN);
    await hasRows(desk, ALL.slice(0, 4));
    await button(desk, "Only the active note").click();
    await hasRows(desk, ALL);
  });

  test("lead to their places", async () => {
    await rows(desk, "PRP016").click();
    await until(
      async () => (await place(desk)) === `${BROKEN}:5`,
      () => place(desk),
    );
    await rows(desk, "phase-changes").first().click({ button: "right" });
    await desk.page.locator(".menu-item", { hasText: "Open" }).click();
    await until(
      async () => (await place(desk)).startsWith("Frames/phase-changes.md"),
      () => place(desk),
    );
    await rows(desk, "LNK017").click({ modifiers: ["ControlOrMeta"] });
    await until(
      async () => (await place(desk)) === `${BROKEN}:22`,
      () => place(desk),
    );
    expect(await desk.page.locator("#main .cm-editor").count()).toBe(2);
  });

  test("are reached by keys", async () => {
    await list(desk).focus();
    await desk.press("Home");
    await desk.press("ArrowLeft");
    await hasRows(desk, ["broken", ...ALL.slice(4)]);
    await desk.press("ArrowRight");
    await hasRows(desk, ALL);
    await desk.press("ArrowDown");
    expect(await active(desk).getAttribute("aria-label")).toContain("error PRP016 misspelt-property, line 5");
    expect(await list(desk).getAttribute("aria-activedescendant")).toBe(
      await active(desk).getAttribute("id"),
    );
    await desk.press("ArrowLeft");
    expect(await active(desk).getAttribute("aria-expanded")).toBe("true");
    await desk.press("End");
    await desk.press("Enter");
    await until(
      async () => (await place(desk)) === "Frames/phase-changes.md:1",
      () => place(desk),
    );
  });

  test("are closed and opened all at once", async () => {
    await button(desk, "Close or open all groups").click();
    await hasRows(desk, ["broken", "grokking", "phase-changes"]);
    await button(desk, "Close or open all groups").click();
    await hasRows(desk, ALL);
  });

  test("are explained", async () => {
    await rows(desk, "PRP016").click({ button: "right" });
    await desk.page.locator(".menu-item", { hasText: "Explain PRP016" }).click();
    await desk.page.locator(".modal-title", { hasText: "PRP016 misspelt-property" }).waitFor();
    await desk.press("Escape");
  });

  test("follow what is typed and what is written outside", async () => {
    await desk.open("Frames/grokking.md");
    await desk.cursor("aliases: [Grokking is sudden]");
    await desk.type("\ncite: Smith 2020");
    await hasRows(desk, [...ALL.slice(0, 6), ...ALL.slice(7)]);
    await desk.write(BROKEN, TEXT.replace("[[missing]]", "it"));
    await hasRows(desk, [...ALL.slice(0, 3), ...ALL.slice(4, 6), ...ALL.slice(7)]);
  });

  test("raise no error", () => {
    expect(desk.errors).toEqual([]);
  });
});

describe("fixes", () => {
  test("of one finding", async () => {
    const desk = await start();
    await rows(desk, "PRP006").hover();
    await rows(desk, "PRP006").getByRole("button", { name: "Fix", exact: true }).click();
    await desk.hasFile(BROKEN, "Broken\n");
    await hasRows(
      desk,
      ALL.filter((name) => name !== "PRP006"),
    );
  });

  test("that are several are offered by a key", long, async () => {
    const desk = await start();
    await rows(desk, "LNK017").click();
    await list(desk).focus();
    await desk.press("ControlOrMeta+.");
    await desk.page.locator(".menu-item", { hasText: "Create Frames/missing.md" }).click();
    await desk.hasFile("Frames/missing.md", "title: missing");
  });

  test("of a note", long, async () => {
    const desk = await start();
    await rows(desk, "grokking").first().hover();
    await rows(desk, "grokking").first().getByRole("button", { name: "Fix all that is safe" }).click();
    await desk.hasFile("Frames/grokking.md", "year: 2020");
    await hasRows(desk, [...ALL.slice(0, 4), ...ALL.slice(7)]);
    await desk.hasNotice("Fixed 2 findings.");
  });

  test("of the vault, once that is confirmed", long, async () => {
    const desk = await start();
    await hasRows(desk, ALL);
    await button(desk, "Fix all that is safe to fix").click();
    await desk.page.getByText("findings in the vault can be fixed").waitFor();
    await desk.page.locator(".modal").getByRole("button", { name: "Fix", exact: true }).click();
    await desk.hasFile("Frames/phase-changes.md", "year: 2020");
    await hasRows(desk, ["broken", "PRP016", "LNK017"]);
    await desk.command("fix-all");
    await desk.hasNotice("Nothing can be fixed safely.");
  });
});

test("thousands of findings are drawn as far as they can be seen", long, async () => {
  const notes = Array.from({ length: 300 }, (_, at) => [
    `Notes/n${String(at).padStart(3, "0")}.md`,
    "[[no]] ".repeat(10),
  ]);
  const desk = await start({ vault: { ...Object.fromEntries(notes) } });
  await rows(desk, "n000").waitFor();
  expect(await rows(desk).count()).toBeLessThan(60);
  await list(desk).focus();
  await desk.press("End");
  await rows(desk, "n299").waitFor();
  await desk.press("PageUp");
  expect(await rows(desk).count()).toBeLessThan(60);
  expect(await active(desk).isVisible()).toBe(true);
});

test("a vault without findings is said to have none", long, async () => {
  const desk = await start({ vault: { "a.md": "# A\n" } });
  await desk.page.getByText("No problems in the vault.").waitFor();
  await desk.page.locator(".vaultsync-status[aria-label*='no errors']").waitFor();
});

describe("the server", () => {
  test("fails, which is shown with the reason, and starts again", long, async () => {
    const path = join(tmpdir(), `vaultsync-${process.pid}`);
    const desk = await start({ program: { path, args: [] } });
    await desk.state("failed");
    await desk.page.getByText("was not found").first().waitFor();
    expect(await desk.page.locator(".vaultsync-status").getAttribute("aria-label")).toContain(
      "was not found",
    );
    await desk.shot("problems-failed");
    writeFileSync(path, '#!/bin/sh\nexec "${PYTHON:-python3}" -m vaultsync "$@"\n');
    chmodSync(path, 0o755);
    await button(desk, "Start it").click();
    await hasRows(desk, ALL);
  });

  test("is counted in the status bar, which opens the view", async () => {
    const desk = await Desk.start({ vault: { ...vault(), [BROKEN]: TEXT } });
    const status = desk.page.locator(".vaultsync-status");
    await until(
      async () => (await status.innerText()).replace(/\s+/g, " ") === "1 4",
      () => status.innerText(),
    );
    await status.focus();
    await desk.press("Enter");
    await hasRows(desk, ALL);
    await desk.open(BROKEN);
    await desk.cursor("statsu");
    await desk.press("Backspace");
    await desk.press("Backspace");
    await desk.type("us");
    await status.locator(".is-error").waitFor({ state: "detached" });
  });
});

test("the view is dark in a dark theme, and one line a finding where it is wide", long, async () => {
  const desk = await start({ isDark: true });
  await hasRows(desk, ALL);
  const height = async (): Promise<number> => (await rows(desk, "PRP016").boundingBox())?.height ?? 0;
  const narrow = await height();
  await desk.page.addStyleTag({ content: "#right { width: 700px !important; }" });
  await desk.page.evaluate(() =>
    window.desk.app.workspace.getLeavesOfType("vaultsync-problems")[0]?.view?.onResize(),
  );
  expect(await height()).toBeLessThan(narrow);
  await desk.shot("problems-wide-dark");
  const colour = await rows(desk, "PRP016").evaluate((one) => getComputedStyle(one).color);
  expect(colour).toBe("rgb(218, 218, 218)");
});
