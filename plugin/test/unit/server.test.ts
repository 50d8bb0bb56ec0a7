import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CodeAction, Diagnostic, TextDocumentEdit, TextEdit } from "vscode-languageserver-types";
import { Client } from "../../src/client";
import { edited } from "../../src/edits";

interface Published {
  uri: string;
  version: number;
  diagnostics: Diagnostic[];
}

const root = mkdtempSync(join(tmpdir(), "vault-é "));
const uri = pathToFileURL(join(root, "a.md")).href;
const text = "🙂 See [[Uno]] and [[Uno|this]].\n";
const waiting: ((published: Published) => boolean)[] = [];
let child: ChildProcess;
let client: Client;

/** The next diagnostics that fit. */
function published(fits: (published: Published) => boolean): Promise<Published> {
  return new Promise((resolve) => {
    waiting.push((one) => {
      if (fits(one)) resolve(one);
      return fits(one);
    });
  });
}

beforeAll(async () => {
  writeFileSync(join(root, "vaultsync.toml"), "");
  writeFileSync(join(root, "one.md"), "---\naliases: [Uno]\n---\n");
  writeFileSync(join(root, "a.md"), text);
  child = spawn(process.env["PYTHON"] ?? "python3", ["-m", "vaultsync", "server", "--vault", root]);
  client = new Client((message) => child.stdin?.write(message), {
    "textDocument/publishDiagnostics": (one: Published) => {
      const left = waiting.splice(0).filter((look) => !look(one));
      waiting.push(...left);
    },
  });
  child.stdout?.on("data", (data: Uint8Array) => client.receive(data));
  child.on("close", () => client.close("the server ended"));
  await client.request("initialize", { processId: null, rootUri: null, capabilities: {} });
  client.notify("initialized", {});
});

afterAll(() => {
  child.kill("SIGKILL");
  rmSync(root, { recursive: true });
});

test("a note is opened, changed, and each time what is found is published", async () => {
  const first = published(({ version }) => version === 1);
  client.notify("textDocument/didOpen", { textDocument: { uri, languageId: "markdown", version: 1, text } });
  expect((await first).diagnostics.map(({ code }) => code)).toEqual(["LNK007", "LNK007"]);
  const second = published(({ version }) => version === 2);
  const at = { line: 0, character: text.indexOf(" See") };
  const contentChanges = [{ range: { start: at, end: at }, text: " 🙂[[nowhere]]" }];
  client.notify("textDocument/didChange", { textDocument: { uri, version: 2 }, contentChanges });
  const [found] = (await second).diagnostics;
  expect(found?.range.start).toEqual({ line: 0, character: 5 });
  const third = published(({ version }) => version === 3);
  client.notify("textDocument/didChange", { textDocument: { uri, version: 3 }, contentChanges: [{ text }] });
  await third;
});

test("a fix gives the text that it promises", async () => {
  const [action] = await client.request<CodeAction[]>("textDocument/codeAction", {
    textDocument: { uri },
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
    context: { diagnostics: [], only: ["source.fixAll"] },
  });
  const [change] = action?.edit?.documentChanges ?? [];
  expect(edited(text, (change as TextDocumentEdit).edits as TextEdit[])).toBe("🙂 See [[one|Uno]] and [[one|this]].\n");
});

test("a request that is cancelled is answered, and the next one too", async () => {
  const control = new AbortController();
  const params = { textDocument: { uri }, position: { line: 0, character: 9 } };
  const cancelled = client.request("textDocument/hover", params, control.signal).catch((error: Error) => error.message);
  control.abort();
  expect(await cancelled).toBeDefined();
  expect(await client.request("textDocument/hover", params)).toHaveProperty("contents");
});

test("an error of the server has a message for people", async () => {
  const missing = { command: "vaultsync.nothing", arguments: [] };
  await expect(client.request("workspace/executeCommand", missing)).rejects.toThrow("vaultsync.nothing");
});

test("a server that is asked to ends", async () => {
  const ended = new Promise((resolve) => child.on("exit", resolve));
  await client.request("shutdown", null);
  client.notify("exit", null);
  expect(await ended).toBe(0);
});
