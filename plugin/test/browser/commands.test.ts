import { chmodSync, existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Desk, long, until, withBrowser } from "./harness";
import { GROKKING, vault } from "./vault";

withBrowser();

// A registry that knows one paper.
const registry = createServer((request, response) => {
  const title = "Heads that copy";
  const message = {
    title: [title],
    author: [{ given: "Ada", family: "Lovelace" }],
    issued: { "date-parts": [[2021]] },
  };
  response.writeHead(request.url === "/works/10.1000%2Fheads" ? 200 : 404);
  response.end(JSON.stringify({ message }));
});
await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
afterAll(() => registry.close());
const web = `web.doi = "http://127.0.0.1:${(registry.address() as AddressInfo).port}/works/"\n`;

const title = ".modal-title";
const problems = ".is-invalid .vaultsync-problem";

async function start(options: Partial<Parameters<typeof Desk.start>[0]> = {}): Promise<Desk> {
  const desk = await Desk.start({ vault: vault(web), isRepository: true, ...options });
  await desk.open("Frames/grokking.md");
  return desk;
}

/** Run a command of a type, which is there once the server has named the types. */
async function newNote(desk: Desk, type: string): Promise<void> {
  const names = () => desk.page.evaluate(() => window.desk.commands());
  await until(
    async () => (await names()).includes(`New ${type}`),
    async () => (await names()).join(", "),
  );
  expect(await desk.command(`new-${type}`)).toBe(true);
  await desk.page.locator(title, { hasText: `New ${type}` }).waitFor();
}

/** Choose in a picker what is found for a text. */
async function choose(desk: Desk, text: string, found: string): Promise<void> {
  await desk.page.locator(".prompt-input").waitFor();
  await desk.type(text);
  await desk.page.locator(".suggestion-item.is-selected", { hasText: found }).waitFor();
}

/** A program that a browser would be: it writes what it is to open to a file. */
function browser(): { file: string; env: Record<string, string> } {
  const folder = mkdtempSync(join(tmpdir(), "browser-"));
  const [script, file] = [join(folder, "open"), join(folder, "opened")];
  writeFileSync(script, `#!/bin/sh\necho "$1" > ${file}\n`);
  chmodSync(script, 0o755);
  return { file, env: { BROWSER: script } };
}

async function exists(file: string): Promise<void> {
  await until(
    async () => existsSync(file),
    async () => `${file} is not there`,
  );
}

test("a new frame is made from a form, whose problems are beside its fields", async () => {
  const desk = await start();
  await newNote(desk, "frame");
  await desk.press("Enter");
  expect(await desk.page.locator(problems).first().textContent()).toBe("This is required.");
  await desk.type("Heads copy tokens");
  await desk.press("Tab");
  await desk.type("a handle that is far too long");
  expect(await desk.page.locator(problems).allTextContents()).toContain(
    "At most 20 characters are allowed, and this is 29.",
  );
  await desk.shot("form");
  await desk.page.keyboard.press("ControlOrMeta+A");
  await desk.type("copying");
  await desk.press("Tab");
  await desk.type("c");
  await desk.press("Tab");
  await desk.type("https://example.org/heads");
  await desk.page.locator("summary").click();
  await desk.page.getByText("theory").click();
  await desk.page.getByLabel("Year").fill("3000");
  expect(await desk.page.locator(problems).allTextContents()).toEqual([
    "At most 2100 is allowed, and this is 3000.",
  ]);
  await desk.page.getByLabel("Year").focus();
  await desk.page.keyboard.press("ControlOrMeta+A");
  await desk.type("e");
  expect(await desk.page.locator(problems).allTextContents()).toEqual(["This is not a number."]);
  await desk.page.getByLabel("Year").fill("2020");
  await desk.shot("form-more");
  await desk.page.getByLabel("Source").focus();
  await desk.press("Enter");
  await desk.hasText("Heads copy tokens");
  const text = await desk.text();
  expect(text).toContain("handle: copying");
  expect(text).toContain("topic: circuits");
  expect(text).toContain("status: draft");
  expect(text).toContain("year: 2020");
  expect(text).toContain("- theory");
  expect(text).not.toContain("publish");
  expect(desk.read("Frames/heads-copy-tokens.md")).toBe(text);
  expect(desk.errors).toEqual([]);
});

test("a draft may lack what its type requires, and notes that are the same are shown before", long, async () => {
  const desk = await start();
  await newNote(desk, "frame");
  await desk.type("Grokking is sudden");
  await desk.press("Enter");
  await desk.page.locator(".vaultsync-message", { hasText: "Submit again" }).waitFor();
  expect(await desk.page.locator(problems).allTextContents()).toHaveLength(3);
  await desk.press("Enter");
  await desk.page.locator(".vaultsync-message a", { hasText: "Frames/grokking.md" }).waitFor();
  await desk.shot("same");
  expect(await desk.text()).toBe(GROKKING);
  await desk.press("Enter");
  await desk.hasText("status: draft");
  expect(desk.read("Frames/grokking-sudden.md")).toBe(await desk.text());
});

test("a new frame is made from the address of a paper, that of one that is not found too", long, async () => {
  const desk = await start();
  await newNote(desk, "frame");
  await desk.type("https://doi.org/10.1000/heads");
  await desk.press("Enter");
  await desk.press("Enter");
  await desk.hasText("title: Heads that copy");
  expect(await desk.text()).toContain(
    "source: https://doi.org/10.1000/heads\ncite: Lovelace 2021\nyear: 2021",
  );
  expect(await desk.notices()).toEqual([]);
  await newNote(desk, "frame");
  await desk.type("10.1000/other");
  await desk.press("Enter");
  await desk.press("Enter");
  await desk.hasText("https://doi.org/10.1000/other");
  await desk.hasNotice("The source was not looked up");
});

test("an error of the server keeps the form open", long, async () => {
  const files = vault();
  files["vaultsync.toml"] = files["vaultsync.toml"]!.replace("Questions/*.md", "**/q.md");
  const desk = await start({ vault: files });
  await newNote(desk, "question");
  await desk.type("Why?");
  await desk.press("Enter");
  await desk.page.locator(".vaultsync-message .mod-warning", { hasText: "names no folder" }).waitFor();
  await desk.press("Escape");
  expect(await desk.page.locator(title).count()).toBe(0);
});

test("the list of notes is made, with what was typed and not saved yet", async () => {
  const desk = await start();
  await desk.cursor("as experiments show");
  await desk.type(", mostly");
  await desk.command("index");
  await desk.hasFile("Index.md", "as experiments show, mostly.");
  await desk.hasNotice("1 file written");
});

test("the changelog is made, and made again after its difference was read", long, async () => {
  const desk = await start();
  await desk.command("changelog");
  await desk.hasFile("Changelog.md", "Initial post");
  await desk.command("rebuild-changelog");
  await desk.hasNotice("Nothing would change");
  await desk.write("Changelog.md", desk.read("Changelog.md").replace("Initial post", "The beginning"));
  await desk.command("rebuild-changelog");
  await desk.page.locator(".vaultsync-removed", { hasText: "The beginning" }).waitFor();
  await desk.shot("agree");
  await desk.press("Escape");
  expect(desk.read("Changelog.md")).toContain("The beginning");
  await desk.command("rebuild-changelog");
  await desk.page.locator(".mod-cta", { hasText: "Do this" }).click();
  await desk.hasFile("Changelog.md", "Initial post");
});

test("the post is published, copied and compared, and an error in a note is shown", async () => {
  const { file, env } = browser();
  const tools = mkdtempSync(join(tmpdir(), "tools-"));
  writeFileSync(join(tools, "xclip"), `#!/bin/sh\ncat > ${tools}/copied\n`);
  chmodSync(join(tools, "xclip"), 0o755);
  const path = `${tools}:${process.env["PATH"]}`;
  const desk = await start({ env: { ...env, PATH: path, DISPLAY: ":9", WAYLAND_DISPLAY: "" } });
  await desk.command("publish-open");
  await exists(file);
  await desk.hasNotice("files written");

  const copy = join(tools, "post.md");
  writeFileSync(copy, desk.read(".public/post.md").replace("The post", "My post"));
  await desk.command("compare");
  await desk.page.locator(title, { hasText: "Compare" }).waitFor();
  await desk.type(copy);
  await desk.press("Enter");
  await desk.page.locator(".vaultsync-output", { hasText: "1 hand edit" }).waitFor();
  await desk.press("Escape");

  await desk.command("copy");
  await desk.page.locator("select").selectOption("markdown");
  await desk.shot("copy");
  await desk.press("ControlOrMeta+Enter");
  await exists(join(tools, "copied"));
  await desk.hasNotice("on the clipboard");

  await desk.cursor("as experiments show");
  await desk.type(", mostly");
  await desk.command("delta");
  await desk.page.locator(".vaultsync-added", { hasText: "mostly" }).waitFor();
  await desk.shot("delta");
  await desk.press("Escape");

  await desk.cursor("mostly");
  await desk.type(" ![[missing]] [x](y.md) [z](w.md)");
  await desk.command("publish");
  await desk.page.locator(".vaultsync-output", { hasText: "nothing was published" }).waitFor();
  await desk.shot("output");
  expect(desk.errors).toEqual([]);
});

test("a vault without settings is adopted by a form", long, async () => {
  const desk = await Desk.start({ vault: { "a.md": "# A\n\nSee [[missing]].\n" }, isRepository: true });
  await desk.command("adopt");
  await desk.page.locator(title, { hasText: "Adopt" }).waitFor();
  await desk.page.locator(".checkbox-container").first().click();
  await desk.shot("adopt");
  await desk.press("ControlOrMeta+Enter");
  await desk.hasFile("baseline.json", "missing");
});

test("the preview runs until it is stopped, or the plugin is unloaded", async () => {
  const { file, env } = browser();
  const desk = await start({ env });
  const isRunning = (wanted: boolean) =>
    until(
      async () => desk.bridge.children.size === Number(wanted) + 1,
      async () => `${desk.bridge.children.size} processes run`,
    );
  expect(await desk.command("stop-preview")).toBe(false);
  await desk.command("preview");
  await exists(file);
  const item = desk.page.locator(".vaultsync-preview");
  await item.waitFor();
  await desk.shot("preview");
  expect(await desk.command("preview")).toBe(false);
  await desk.command("stop-preview");
  await isRunning(false);
  expect(await item.count()).toBe(0);
  expect(await desk.notices()).toEqual([]);

  await desk.command("preview");
  await isRunning(true);
  [...desk.bridge.children.values()].at(-1)?.kill("SIGKILL");
  await desk.hasNotice("The preview ended");
  await desk.command("preview");
  await isRunning(true);
  await desk.page.evaluate(() => window.desk.plugin.unload());
  await until(
    async () => desk.bridge.children.size === 0,
    async () => "a process goes on",
  );
});

test("rules are explained, fixes made, settings shown, and the server started again", long, async () => {
  const desk = await start({ vault: { ...vault(), "tags.md": "---\ntag: a\n---\n\nText.\n" } });
  await desk.cursor("as experiments show");
  await desk.type(" [[nowhere]]");
  await desk.page.waitForFunction(() => window.desk.plugin["session"]?.["diagnostics"]["size"]);
  await desk.command("rule");
  await desk.page.locator(".suggestion-item").first().filter({ hasText: "in this note" }).waitFor();
  await desk.shot("rules");
  await choose(desk, "heading", "broken-heading");
  await desk.press("Enter");
  await desk.page.locator(title, { hasText: "broken-heading" }).waitFor();
  await desk.shot("rule");
  await desk.press("Escape");

  await desk.command("fix-all");
  await desk.page.locator(".mod-cta", { hasText: "Fix" }).click();
  await desk.hasNotice("Fixed");
  await desk.hasFile("tags.md", "tags:");
  await desk.command("fix-all");
  await desk.hasNotice("fixed safely");

  await desk.command("settings");
  await desk.page.locator(".vaultsync-output", { hasText: "publish.post" }).waitFor();
  await desk.press("Escape");

  const [pid] = [...desk.bridge.children.values()].map((child) => child.pid);
  await desk.command("restart");
  await until(
    async () => [...desk.bridge.children.values()].some((child) => child.pid !== pid),
    async () => "it is the same",
  );
  await desk.state("ready");

  await desk.write("vaultsync.toml", "nothing = ");
  await desk.command("index");
  await desk.hasNotice("vaultsync.toml:1:1");
});

test("commands of notes are offered where a note is open", long, async () => {
  const desk = await Desk.start({ vault: vault() });
  for (const id of ["link", "source", "relate", "answer", "rename"])
    expect(await desk.command(id)).toBe(false);
});

test("the baseline is updated once what it takes in was read", long, async () => {
  const desk = await start({
    vault: {
      ...vault('lint.baseline = "known.json"\n'),
      "known.json": '{"version": 1, "findings": [\n]}\n',
      "odd.md": "See [[no-such-note]].\n",
    },
  });
  await desk.command("baseline");
  await desk.page.locator(".modal", { hasText: "no-such-note" }).waitFor();
  await desk.shot("baseline");
  await desk.page.locator(".modal button.mod-cta").click();
  await desk.hasNotice("known from now on");
  await desk.hasFile("known.json", "no-such-note");
});
