import { expect, test } from "vitest";
import { Desk, long, until, withBrowser } from "./harness";
import { vault } from "./vault";

withBrowser();

async function start(files: Record<string, string> = {}): Promise<Desk> {
  const desk = await Desk.start({ vault: { ...vault(), ...files } });
  await desk.open("Frames/grokking.md");
  return desk;
}

/** Choose in a picker what is found for a text. */
async function choose(desk: Desk, text: string, found: string): Promise<void> {
  await desk.page.locator(".prompt-input").waitFor();
  await desk.type(text);
  await desk.page.locator(".suggestion-item.is-selected", { hasText: found }).waitFor();
}

async function form(desk: Desk, title: string): Promise<void> {
  await desk.page.locator(".modal-title", { hasText: title }).waitFor();
}

test("links, sources, relations and answers are inserted", async () => {
  const desk = await start();
  await desk.cursor("as experiments show");
  await desk.type(" (see )");
  await desk.press("ArrowLeft");
  await desk.command("link");
  await choose(desk, "phase", "Phase changes");
  await desk.shot("link");
  await desk.press("Enter");
  await desk.hasText("(see [[phase-changes|phases]])");

  await desk.command("source");
  await form(desk, "Insert source");
  await desk.press("Enter");
  expect(await desk.page.locator(".vaultsync-problem").first().textContent()).toBe("This is required.");
  await desk.type("nonsense");
  await desk.press("Enter");
  await desk.page.locator(".vaultsync-message", { hasText: "not an address" }).waitFor();
  await desk.press("ControlOrMeta+A");
  await desk.type("https://example.org/more");
  await desk.page.locator("select").selectOption("contrary");
  await desk.shot("source");
  await desk.press("ControlOrMeta+Enter");
  await desk.hasText("- contrary: [");

  await desk.command("relate");
  await choose(desk, "phase", "Phase changes");
  await desk.press("Enter");
  await form(desk, "Relate to “Phase changes are common”");
  await desk.type("a case of it");
  await desk.press("Tab");
  await desk.type("what it explains");
  await desk.page.locator(".checkbox-container").click();
  await desk.page.getByLabel("Crux").fill("a run that is long enough");
  await desk.shot("relate");
  await desk.press("Enter");
  await desk.hasText("[[phase-changes]]");
  const text = await desk.text();
  for (const part of ["a case of it", "what it explains", "tension", "a run that is long enough"])
    expect(text).toContain(part);

  await desk.command("answer");
  await choose(desk, "phase", "Phase changes");
  await desk.press("Enter");
  await desk.hasText("answered: [[phase-changes]]");
  expect(desk.errors).toEqual([]);
});

test("a note that is a question is answered, and one of several questions", long, async () => {
  const more = vault()["Frames/grokking.md"] + "- Why so sudden?\n";
  const desk = await start({ "Frames/grokking.md": more });
  await desk.command("answer");
  await choose(desk, "sudden", "Why so sudden?");
  await desk.shot("question");
  await desk.press("Enter");
  await choose(desk, "phase", "Phase changes");
  await desk.press("Enter");
  await desk.hasText("- Why so late?\n- Why so sudden?");
  await desk.hasText("answered: [[phase-changes]]");
  await desk.open("Questions/why-late.md");
  await desk.command("answer");
  await choose(desk, "grok", "Grokking");
  await desk.press("Enter");
  await desk.hasText("status: answered");
  await desk.hasText("[[grokking]]");
});

test("a heading is renamed with the links to it, and a note with its file", async () => {
  const other = "# Other\n\n[[grokking#Open questions]] and [[grokking|it]]\n";
  const desk = await start({ "other.md": other });
  await desk.command("rename");
  await desk.hasNotice("Put the cursor on");
  await desk.cursor("## Open ques");
  await desk.command("rename");
  await form(desk, "Rename");
  expect(await desk.page.locator(".vaultsync-text input").inputValue()).toBe("Open questions");
  await desk.press("ControlOrMeta+A");
  await desk.type("Still open");
  await desk.shot("rename");
  await desk.press("Enter");
  await desk.hasText("## Still open");
  await desk.hasFile("other.md", "[[grokking#Still open]]");

  await desk.command("rename-note");
  await form(desk, "Rename");
  await desk.press("ControlOrMeta+A");
  await desk.type("Frames/phase-changes");
  await desk.press("Enter");
  await desk.page.locator(".vaultsync-message .mod-warning").waitFor();
  await desk.shot("rename-onto");
  expect(desk.read("other.md")).toContain("[[grokking#Still open]]");
  await desk.press("ControlOrMeta+A");
  await desk.type("Frames/late/grokking-again");
  await desk.press("Enter");
  await desk.hasFile("other.md", "[[grokking-again#Still open]] and [[grokking-again|it]]");
  await desk.hasFile("Frames/late/grokking-again.md", "aliases: [grokking, Grokking is sudden]");
  await until(
    async () => !(await desk.page.evaluate(() => window.desk.app.vault.getFileByPath("Frames/grokking.md"))),
    async () => "the note is there under both names",
  );
});
