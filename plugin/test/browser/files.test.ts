import { rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { WorkspaceEdit } from "vscode-languageserver-types";
import { Desk, until, withBrowser } from "./harness";

withBrowser();

const VAULT = {
  "a.md": "See [[new]] and [[moved]].\n",
  "moved.md": "# Moved\n",
  "one.md": "---\naliases: [Uno]\n---\n",
  "b.md": "é [[Uno]]\r\nand [[Uno]].\r\n",
  "c.md": "See [[Uno]].\n",
};

let desk: Desk;

beforeAll(async () => {
  desk = await Desk.start({ vault: VAULT });
});

/** Apply an edit as the server requests it: of texts by path, and of files that are created. */
async function apply(texts: Record<string, string>, created: string[] = []): Promise<string> {
  const uri = (path: string) => `file://${desk.root}/${path}`;
  const start = { line: 0, character: 0 };
  const edit: WorkspaceEdit = {
    documentChanges: [
      ...created.map((path) => ({ kind: "create" as const, uri: uri(path) })),
      ...Object.entries(texts).map(([path, newText]) => ({
        textDocument: { uri: uri(path), version: null },
        edits: [{ range: { start, end: start }, newText }],
      })),
    ],
  };
  return desk.page.evaluate(async (wanted) => {
    const { session } = window.desk.plugin as unknown as { session: { apply(edit: object): Promise<void> } };
    try {
      await session.apply(wanted);
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  }, edit);
}

test("a note that another program writes, renames or deletes changes the marks of others", async () => {
  await desk.open("a.md");
  await desk.hasMarks(["hint: [[new]]"]);
  await desk.write("sub/new.md", "# New\n");
  await desk.hasMarks([]);
  await desk.remove("sub/new.md");
  await desk.hasMarks(["hint: [[new]]"]);
  await rename("moved.md", "gone.md");
  await desk.hasMarks(["hint: [[new]]", "hint: [[moved]]"]);
});

test("an open note that is renamed keeps its marks, under its new name", async () => {
  await desk.open("c.md");
  await desk.hasMarks(["error: [[Uno]]"]);
  await rename("c.md", "sub/d é.md");
  await desk.cursor("[[Uno]].");
  await desk.type(" [[Uno]]");
  await desk.hasMarks(["error: [[Uno]]", "error: [[Uno]]"]);
  await until(
    async () => (await published()).includes("sub/d é.md"),
    async () => String(await published()),
  );
  expect(await published()).not.toContain("c.md");
});

/** Rename a file as in the app's list of files. */
async function rename(path: string, to: string): Promise<void> {
  await desk.page.evaluate(
    async ([old, name]) => {
      const { fileManager, vault } = window.desk.app;
      await fileManager.renameFile(vault.getFileByPath(old) as never, name);
    },
    [path, to] as const,
  );
}

function published(): Promise<string[]> {
  return desk.page.evaluate(() => {
    const { session } = window.desk.plugin as unknown as { session: { diagnostics: Map<string, object> } };
    return [...session.diagnostics.keys()];
  });
}

test("all safe fixes of the vault change notes that are not open, and only there", async () => {
  await desk.open("one.md");
  await desk.command("fix-all");
  await desk.page.locator(".modal button.mod-cta").click();
  await desk.hasFile("b.md", "é [[one|Uno]]\r\nand [[one|Uno]].\r\n");
});

test("an edit of the server changes the open note as one step, and files that are not open", async () => {
  await desk.open("one.md");
  expect(await apply({ "one.md": "x", "b.md": "y", "deep/er/new.md": "z" }, ["deep/er/new.md"])).toBe("");
  await desk.hasText("x---");
  expect(desk.read("b.md")).toMatch(/^yé/);
  expect(desk.read("deep/er/new.md")).toBe("z");
  await desk.page.evaluate(() => window.desk.pane().editor.undo());
  expect(await desk.text()).toBe(VAULT["one.md"]);
});

test("an edit that cannot be made whole changes nothing", async () => {
  await desk.write("lost.md", "# Lost\n");
  const before = desk.read("b.md");
  rmSync(join(desk.root, "lost.md"));
  expect(await apply({ "one.md": "x", "b.md": "y", "lost.md": "z" }, ["created.md"])).toContain("lost.md");
  expect(await desk.text()).toBe(VAULT["one.md"]);
  expect(desk.read("b.md")).toBe(before);
  await desk.remove("lost.md");
  await until(
    async () => !(await desk.page.evaluate(() => window.desk.app.vault.getFileByPath("created.md"))),
    async () => "created.md is still there",
  );
  expect(await apply({ "../outside.md": "x" })).toContain("outside of the vault");
});

test("nothing went wrong in the page", () => {
  expect(desk.errors).toEqual([]);
});

test("what the app leaves of a rename is changed with one key", async () => {
  const board = '{"nodes": [{"id": "n", "type": "text", "text": "[[term]]"}]}';
  const vault = { "term.md": "# Term\n", "board.canvas": board, "seen.md": "[[term]]\n", "sub/new.md": "" };
  desk = await Desk.start({ vault });
  await rename("sub/new.md", "sub/fresh.md");
  await rename("term.md", "interim.md");
  await rename("interim.md", "sub/word.md");
  // As the app changes a link.
  await desk.write("seen.md", "[[word]]\n");
  await desk.hasNotice("Old names left in files: 2");
  await desk.shot("moved");
  await desk.page.locator(".notice button", { hasText: "Fix" }).click();
  await desk.hasFile("board.canvas", '"text": "[[word]]"');
  await desk.hasFile("sub/word.md", "aliases:\n  - term\n");
  expect(desk.errors).toEqual([]);
  expect(desk.read("sub/fresh.md")).toBe("");
  expect(desk.read("seen.md")).toBe("[[word]]\n");
});
