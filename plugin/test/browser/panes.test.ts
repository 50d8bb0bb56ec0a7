import { beforeAll, beforeEach, expect, test } from "vitest";
import { Desk, withBrowser } from "./harness";

withBrowser();

const VAULT = {
  "one.md": "---\naliases: [Uno]\n---\n\n# One\n",
  "a.md": "See [[Uno]].\n",
  "b.md": "Other [[Uno]].\n",
};

let desk: Desk;

beforeAll(async () => {
  desk = await Desk.start({ vault: VAULT });
});

beforeEach(async () => {
  await desk.page.evaluate(() => window.desk.app.workspace.detachLeavesOfType("markdown"));
});

async function focus(pane: number): Promise<void> {
  await desk.page.evaluate((number) => window.desk.pane(number).cm.focus(), pane);
}

test("both panes of a note are marked, whichever is written in", async () => {
  await desk.open("a.md");
  await desk.hasMarks(["error: [[Uno]]"]);
  await desk.open("a.md", { isSplit: true });
  await desk.hasMarks(["error: [[Uno]]"], 1);
  await desk.cursor("See ");
  await desk.type("[[Uno]] ");
  for (const pane of [0, 1]) await desk.hasMarks(["error: [[Uno]]", "error: [[Uno]]"], pane);
  await focus(0);
  await desk.page.evaluate(() => window.desk.pane(0).editor.setCursor(0, 4));
  await desk.type("[[Uno]] ");
  for (const pane of [0, 1]) await desk.hasMarks(["error: [[Uno]]", "error: [[Uno]]", "error: [[Uno]]"], pane);
});

test("a pane that is closed leaves the other marked, and a fix is made once", async () => {
  await desk.write("a.md", "See [[Uno]].\n");
  await desk.open("a.md");
  await desk.open("a.md", { isSplit: true });
  await desk.hasMarks(["error: [[Uno]]"], 1);
  await desk.page.evaluate(() => window.desk.app.workspace.getLeavesOfType("markdown")[1]?.detach());
  await focus(0);
  await desk.cursor("[[Un");
  await desk.command("fix");
  await desk.hasText("See [[one|Uno]].\n");
  await desk.hasMarks([]);
});

test("another note in the same pane has its own marks", async () => {
  await desk.open("b.md");
  await desk.hasMarks(["error: [[Uno]]"]);
  await desk.open("one.md");
  await desk.hasMarks([]);
  await desk.open("b.md");
  await desk.hasMarks(["error: [[Uno]]"]);
});

test("an editor inside of another, such as the cell of a table, is left alone", async () => {
  await desk.open("b.md");
  await desk.hasMarks(["error: [[Uno]]"]);
  await desk.page.evaluate(() => {
    const { view, state, modules } = window.desk;
    const { editorInfoField } = modules["obsidian"] as { editorInfoField: ReturnType<typeof state.StateField.define> };
    const outer = window.desk.pane();
    const extensions = [editorInfoField.init(() => outer), window.desk.extensions];
    const cell = new view.EditorView({ state: state.EditorState.create({ doc: "[[Uno]] cell", extensions }) });
    cell.dom.id = "cell";
    outer.cm.dom.append(cell.dom);
    cell.focus();
  });
  await desk.type("x");
  await desk.page.locator("#cell", { hasText: "x[[Uno]] cell" }).waitFor();
  await desk.hasMarks(["error: [[Uno]]"]);
  expect(await desk.page.locator("#cell .vaultsync-mark").count()).toBe(0);
});

test("a note in a window of its own is marked", async () => {
  await desk.open("b.md");
  await desk.page.evaluate(() => {
    const frame = document.querySelector("#main")?.appendChild(document.createElement("iframe")) as HTMLIFrameElement;
    const { cm } = window.desk.pane();
    const inner = frame.contentDocument as Document;
    inner.body.append(inner.adoptNode(cm.dom));
    cm.setRoot(inner);
    cm.focus();
  });
  const editor = desk.page.frameLocator("iframe").locator(".cm-content");
  await editor.press("End");
  await editor.pressSequentially(" [[nowhere]]");
  await desk.page.frameLocator("iframe").locator(".vaultsync-mark", { hasText: "nowhere" }).waitFor();
});

test("another linter in the same editor keeps its marks, and so does this one", async () => {
  await desk.write("b.md", VAULT["b.md"]);
  await desk.open("b.md");
  await desk.page.evaluate(() => {
    const { lint, pane, state } = window.desk;
    const find = (): object[] => [{ from: 0, to: 5, severity: "info", message: "another" }];
    const effects = state.StateEffect.appendConfig.of(lint.linter(find as never, { delay: 0 }));
    pane().cm.dispatch({ effects });
  });
  const others = desk.page.locator(".cm-lintRange");
  await others.waitFor();
  await desk.hasMarks(["error: [[Uno]]"]);
  await desk.cursor("[[Uno]].");
  await desk.type(" [[nowhere]]");
  await desk.hasMarks(["error: [[Uno]]", "hint: [[nowhere]]"]);
  expect(await others.allTextContents()).toEqual(["Other"]);
});

test("nothing went wrong in the page", () => {
  expect(desk.errors).toEqual([]);
});
