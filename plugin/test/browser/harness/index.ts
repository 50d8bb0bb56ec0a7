/** A vault in a browser: what a test does with it, and what it looks at. */

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, inject } from "vitest";
import { Bridge } from "./bridge";
import type { Desk as InPage } from "./page/page";

declare global {
  interface Window {
    desk: InPage;
  }
}

const PLUGIN = fileURLToPath(new URL("../../../", import.meta.url));
// Milliseconds; a busy machine is slow without being wrong.
const PATIENCE = Number(process.env["PATIENCE"] ?? 100_000);
const PAUSE = 30;
// The folder for pictures of the tests; git ignores it.
const SHOTS = join(PLUGIN, "test", "shots");

interface Events {
  on(name: string, callback: () => void): void;
}

export interface Options {
  /** The files of the vault, by path; or a folder that is copied. */
  vault: Record<string, string> | string;
  /** What runs; the program of the environment by default. */
  program?: { path: string; args: string[] };
  isConfirmed?: boolean;
  /** What the plugin has stored before it is loaded. */
  settings?: object;
  /** What the app has stored for the vault on this computer. */
  stored?: Record<string, unknown>;
  /** More of the environment that the plugin sees. */
  env?: Record<string, string>;
  isRepository?: boolean;
  isDark?: boolean;
  size?: { width: number; height: number };
}

/** Marks a test that shows more cases of what others show. */
export const long = { tags: ["long"] };

let browser: Browser | null = null;
const desks: Desk[] = [];
// Pages of windows that were closed: a new one would start a process.
const free: Page[] = [];

/** Connect the tests of this file to the browser, and close each window at the end of what opened it. */
export function withBrowser(): void {
  let opened = 0;
  beforeAll(async () => void (browser = await chromium.connect(inject("browser"))));
  beforeEach(() => void (opened = desks.length));
  afterEach(() => close(opened));
  afterAll(async () => {
    await close(0);
    free.length = 0;
    await browser?.close();
  });
}

async function close(first: number): Promise<void> {
  for (const desk of desks.splice(first)) await desk.close();
}

/** The program of the environment: Python runs it, so that no installation is needed. */
export function program(): { path: string; args: string[] } {
  return { path: process.env["PYTHON"] ?? "python3", args: ["-m", "vaultsync"] };
}

/** A window with a vault, where the plugin is loaded. */
export class Desk {
  readonly errors: string[] = [];
  private closed = false;

  private constructor(
    readonly root: string,
    readonly page: Page,
    readonly bridge: Bridge,
  ) {
    page.on("pageerror", (error) => this.errors.push(String(error)));
    page.on("console", (message) => message.type() === "error" && this.errors.push(message.text()));
  }

  /** Open a vault, and wait for the server where one may start. */
  static async start(options: Options): Promise<Desk> {
    if (!browser) throw new Error("call withBrowser() at the top of the file");
    const root = vaultOf(options);
    const env = { ...process.env, VAULTSYNC_CACHE_DIR: join(dirname(root), "cache"), ...options.env };
    const bridge = new Bridge(files(), env);
    const page = free.pop() ?? (await browser.newPage());
    await page.setViewportSize(options.size ?? { width: 1100, height: 700 });
    page.setDefaultTimeout(PATIENCE);
    const desk = new Desk(root, page, bridge);
    desks.push(desk);
    await page.goto(await bridge.listen(), { waitUntil: "domcontentloaded" });
    if (options.isDark) await page.evaluate(() => document.body.classList.add("theme-dark"));
    const isConfirmed = options.isConfirmed ?? true;
    const { settings = null, stored = {} } = options;
    const start = { root, program: options.program ?? program(), isConfirmed, settings, stored };
    await page.evaluate((values) => window.desk.start(values), start);
    if (isConfirmed && !options.program) await desk.state("ready");
    return desk;
  }

  /** Wait until the session is in a state; fails where it is in one that it stays in. */
  async state(wanted: string): Promise<void> {
    await this.page.evaluate((state) => {
      const session = window.desk.plugin["session"] as unknown as { state: string; problem: string } & Events;
      return new Promise<void>((resolve, reject) => {
        const look = (): void => {
          if (session.state === state) resolve();
          else if (session.state === "failed") reject(new Error(session.problem));
        };
        session.on("state", look);
        look();
      });
    }, wanted);
  }

  async open(path: string, { isSplit = false } = {}): Promise<void> {
    await this.page.evaluate(([name, split]) => window.desk.open(name, split), [path, isSplit] as const);
  }

  /** Put the cursor somewhere in the active pane: before the first place of a text, or behind it. */
  async cursor(text: string, where: "before" | "after" = "after"): Promise<void> {
    await this.page.evaluate(
      ([wanted, side]) => {
        const { cm } = window.desk.pane();
        const at = String(cm.state.doc).indexOf(wanted);
        if (at < 0) throw new Error(`${wanted} is not in the note`);
        cm.dispatch({ selection: { anchor: side === "after" ? at + wanted.length : at } });
        cm.focus();
      },
      [text, where] as const,
    );
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key);
  }

  /** Run a command of the plugin; false where the palette would not offer it. */
  async command(id: string): Promise<boolean> {
    return this.page.evaluate((name) => window.desk.command(name), id);
  }

  /** The text of the active pane, or of the one with this number. */
  async text(pane?: number): Promise<string> {
    return this.page.evaluate((number) => String(window.desk.pane(number).cm.state.doc), pane);
  }

  /** Wait until the text of the active pane holds a text. */
  async hasText(text: string): Promise<void> {
    await until(
      async () => (await this.text()).includes(text),
      async () => `the text is ${await this.text()}`,
    );
  }

  /** The marked texts of a pane, as `severity: text`. */
  async marks(pane = 0): Promise<string[]> {
    const editor = this.page.locator("#main .cm-editor").nth(pane);
    return editor.locator(".vaultsync-mark").evaluateAll((marks) =>
      marks.map((mark) => `${/vaultsync-(?!mark)(\w+)/.exec(mark.className)?.[1] ?? ""}: ${mark.textContent ?? ""}`),
    );
  }

  /** Wait until the marks of a pane are these, in the order of the text. */
  async hasMarks(wanted: string[], pane = 0): Promise<void> {
    await until(async () => JSON.stringify(await this.marks(pane)) === JSON.stringify(wanted), async () => {
      return `the marks are ${JSON.stringify(await this.marks(pane))}, not ${JSON.stringify(wanted)}`;
    });
  }

  async notices(): Promise<string[]> {
    return this.page.locator(".notice-message").allTextContents();
  }

  /** Wait for a notice that holds a text. */
  async hasNotice(text: string): Promise<void> {
    await this.page.locator(".notice-message", { hasText: text }).first().waitFor();
  }

  /** The text of a file on the disk. */
  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  /** Wait until the file on the disk holds a text. */
  async hasFile(path: string, text: string): Promise<void> {
    await until(
      () => Promise.resolve(tried(() => this.read(path)).includes(text)),
      () => Promise.resolve(`${path} is ${tried(() => this.read(path))}`),
    );
  }

  /** Write a file as another program does, which the app then sees. */
  async write(path: string, text: string): Promise<void> {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
    await this.changed(path);
  }

  async remove(path: string): Promise<void> {
    rmSync(join(this.root, path), { force: true });
    await this.changed(path);
  }

  /** Let the app see that another program wrote or removed a file. */
  async changed(path: string): Promise<void> {
    await this.page.evaluate((name) => window.desk.changedOutside(name), path);
  }

  /** Keep a picture of the window in `test/shots`. */
  async shot(name: string): Promise<void> {
    mkdirSync(SHOTS, { recursive: true });
    await this.page.screenshot({ path: join(SHOTS, `${name}.png`) });
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.page.removeAllListeners();
    await this.page.mouse.move(0, 0);
    await this.page.goto("about:blank");
    free.push(this.page);
    this.bridge.close();
    rmSync(dirname(this.root), { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Wait until something holds; what it is instead is the error's message. */
export async function until(holds: () => Promise<boolean>, otherwise: () => Promise<string>): Promise<void> {
  for (let left = PATIENCE / PAUSE; !(await holds()); left -= 1) {
    if (left < 0) throw new Error(await otherwise());
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

function tried(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}

function vaultOf({ vault, isRepository }: Options): string {
  const root = join(mkdtempSync(join(tmpdir(), "desk-")), "vault");
  mkdirSync(root);
  if (typeof vault === "string") cpSync(vault, root, { recursive: true });
  else
    for (const [path, text] of Object.entries({ "vaultsync.toml": "", ...vault })) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  if (isRepository)
    for (const args of [["init", "-q"], ["add", "."], ["commit", "-qm", "Start"]])
      spawnSync("git", ["-c", "user.name=N", "-c", "user.email=n@example.org", ...args], { cwd: root });
  return root;
}

function files(): Record<string, { type: string; text: string }> {
  const built = inject("built");
  const file = (type: string, path: string) => ({ type: `${type}; charset=utf-8`, text: readFileSync(path, "utf8") });
  const styles = [join(PLUGIN, "test/browser/harness/page/theme.css"), join(PLUGIN, "styles.css")];
  const css = styles.map((path) => readFileSync(path, "utf8")).join("\n");
  return {
    "/": { type: "text/html; charset=utf-8", text: PAGE },
    "/page.js": file("text/javascript", join(built, "page.js")),
    "/main.js": file("text/javascript", join(built, "main.js")),
    "/manifest.json": file("application/json", join(PLUGIN, "manifest.json")),
    "/styles.css": { type: "text/css; charset=utf-8", text: css },
    "/icons.svg": file("image/svg+xml", join(built, "icons.svg")),
    "/favicon.ico": { type: "image/x-icon", text: "" },
  };
}

const PAGE = `<!doctype html><title>Vault</title><link rel="stylesheet" href="/styles.css">
<body class="theme-light"><div id="left"></div><div id="main"></div><div id="right"></div><div id="ribbon"></div>
<div id="status" class="status-bar"></div><div id="notices"></div><script src="/page.js"></script>`;
