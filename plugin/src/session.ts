/** One server for the vault: its process, its state, and what it published last. */

import type { ChildProcess } from "child_process";
import { type App, type EventRef, Events, Notice } from "obsidian";
import type { Diagnostic, WorkspaceEdit } from "vscode-languageserver-types";
import { Client, type Handler } from "./client";
import { pathOf, rootOf, uriOf } from "./documents";
import { start } from "./program";

export type State = "off" | "starting" | "ready" | "failed";

export interface Published {
  path: string;
  version: number | null;
  diagnostics: Diagnostic[];
}

/** The counts of the whole vault. */
export interface Overview {
  errors: number;
  warnings: number;
  hints: number;
  notes: number;
  summary: string;
  problem: string | null;
}

interface Initialized {
  capabilities: { completionProvider?: { triggerCharacters?: string[] } };
}

// Milliseconds before each new start after a server ended by itself.
const PAUSES = [300, 900, 2700];
// A server that ran so long did not fail at its start.
const STABLE = 60_000;
const GRACE = 1000;

export class Session extends Events {
  state: State = "off";
  problem = "";
  overview: Overview | null = null;
  progress: { title: string; percentage?: number } | null = null;
  /** What was published last, by the path in the vault. */
  readonly diagnostics = new Map<string, Diagnostic[]>();
  /** The characters behind which it suggests something. */
  triggers: string[] = [];
  #client: Client | null = null;
  #child: ChildProcess | null = null;
  #failures = 0;
  #timer: number | undefined;
  #startedAt = 0;
  /** How often it was stopped: a start that waits for that is in vain after the next. */
  #turn = 0;

  constructor(
    private readonly app: App,
    /** What makes the edits that the server requests. */
    readonly apply: (edit: WorkspaceEdit) => Promise<void>,
  ) {
    super();
  }

  override on(name: "diagnostics", callback: (published: Published) => unknown): EventRef;
  /** "request" comes before each: what waits to be sent goes first, so that it is about what is there. */
  override on(name: "overview" | "state" | "progress" | "request", callback: () => unknown): EventRef;
  override on(name: "open", callback: (path: string) => unknown): EventRef;
  override on(name: string, callback: (...data: never[]) => unknown): EventRef {
    return super.on(name, callback as (...data: unknown[]) => unknown);
  }

  /** Start a server; failed starts before do not count. */
  async start(): Promise<void> {
    const stopped = this.stop();
    const turn = this.#turn;
    await stopped;
    // Meanwhile it was started again, or stopped for good.
    if (turn !== this.#turn) return;
    this.#failures = 0;
    this.#launch();
  }

  /** End the server: politely, then by force. */
  async stop(): Promise<void> {
    this.#turn += 1;
    window.clearTimeout(this.#timer);
    const [client, child] = [this.#client, this.#child];
    this.#client = this.#child = null;
    this.#become("off");
    if (!client || !child) return;
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    const late = new Promise<void>((resolve) => window.setTimeout(resolve, GRACE));
    void client.request("shutdown", null).then(() => client.notify("exit", null), () => undefined);
    await Promise.race([ended, late]);
    child.kill("SIGKILL");
    client.close("the server was stopped");
  }

  request<T>(method: string, params: unknown, signal?: AbortSignal): Promise<T> {
    if (!this.#client || this.state !== "ready")
      return Promise.reject(new Error(this.problem || "vaultsync is not running"));
    this.trigger("request");
    return this.#client.request<T>(method, params, signal);
  }

  /** Run one of the server's own commands. */
  command<T>(name: string, argument: object = {}, signal?: AbortSignal): Promise<T> {
    const params = { command: `vaultsync.${name}`, arguments: [argument] };
    return this.request<T>("workspace/executeCommand", params, signal);
  }

  notify(method: string, params: unknown): void {
    if (this.state === "ready") this.#client?.notify(method, params);
  }

  #launch(): void {
    this.#become("starting");
    this.#startedAt = Date.now();
    try {
      this.#child = start(this.app, ["server", "--vault", rootOf(this.app)]);
    } catch (error) {
      return this.#fail((error as Error).message);
    }
    this.#connect(this.#child);
  }

  #connect(child: ChildProcess): void {
    const client = new Client((text) => child.stdin?.write(text), this.#handlers());
    this.#client = client;
    let printed = "";
    child.stdin?.on("error", () => undefined);
    child.stdout?.on("data", (data: Uint8Array) => {
      try {
        client.receive(data);
      } catch (error) {
        printed = (error as Error).message;
        child.kill("SIGKILL");
      }
    });
    const decoder = new TextDecoder();
    child.stderr?.on("data", (data: Uint8Array) => (printed = (printed + decoder.decode(data)).slice(-2000)));
    child.on("error", (error) => this.#ended(child, error.message));
    child.on("close", () => this.#ended(child, printed.trim().split("\n").at(-1) ?? ""));
    void this.#initialize(client);
  }

  async #initialize(client: Client): Promise<void> {
    try {
      const { capabilities } = await client.request<Initialized>("initialize", this.#introduction());
      this.triggers = capabilities.completionProvider?.triggerCharacters ?? [];
    } catch {
      return; // The process ended, which is handled where that is seen.
    }
    if (this.#client !== client) return;
    client.notify("initialized", {});
    this.problem = "";
    this.#become("ready");
  }

  #introduction(): object {
    const uri = uriOf(this.app, "");
    return {
      processId: process.pid ?? null,
      rootUri: uri,
      workspaceFolders: [{ uri, name: this.app.vault.getName() }],
      capabilities: {
        general: { positionEncodings: ["utf-16"] },
        window: { workDoneProgress: true },
        workspace: { applyEdit: true, didChangeWatchedFiles: { dynamicRegistration: true } },
        textDocument: { publishDiagnostics: { versionSupport: true, relatedInformation: true, dataSupport: true } },
      },
    };
  }

  /** What answers the requests and notifications of the server. */
  #handlers(): Record<string, Handler> {
    return {
      "textDocument/publishDiagnostics": (params: { uri: string; version?: number; diagnostics: Diagnostic[] }) =>
        this.#publish(params.uri, params.version ?? null, params.diagnostics),
      "workspace/applyEdit": async ({ edit }: { edit: WorkspaceEdit }) => {
        await this.apply(edit);
        return { applied: true };
      },
      "window/showMessage": ({ message }: { message: string }) => void new Notice(message),
      "window/workDoneProgress/create": () => null,
      "client/registerCapability": () => null,
      "$/progress": ({ value }: { value: { kind: string; title?: string; percentage?: number } }) => {
        const title = value.title ?? this.progress?.title ?? "";
        this.progress = value.kind === "end" ? null : { title, percentage: value.percentage };
        this.trigger("progress");
      },
      "vaultsync/overview": (overview: Overview) => {
        this.overview = overview;
        this.trigger("overview");
      },
    };
  }

  #publish(uri: string, version: number | null, diagnostics: Diagnostic[]): void {
    const path = pathOf(this.app, uri);
    if (path === null) return;
    if (diagnostics.length) this.diagnostics.set(path, diagnostics);
    else this.diagnostics.delete(path);
    this.trigger("diagnostics", { path, version, diagnostics });
  }

  #ended(child: ChildProcess, reason: string): void {
    if (this.#child !== child) return;
    this.#client?.close(reason || "the server ended");
    this.#client = this.#child = null;
    this.#forget();
    if (Date.now() - this.#startedAt > STABLE) this.#failures = 0;
    const pause = PAUSES[this.#failures++];
    if (pause === undefined) return this.#fail(`the server ended again and again: ${reason || "without a message"}`);
    this.#become("starting");
    this.#timer = window.setTimeout(() => this.#launch(), pause);
  }

  #forget(): void {
    this.progress = this.overview = null;
    const paths = [...this.diagnostics.keys()];
    this.diagnostics.clear();
    for (const path of paths) this.trigger("diagnostics", { path, version: null, diagnostics: [] });
  }

  #fail(problem: string): void {
    this.problem = problem;
    this.#become("failed");
    new Notice(`Vaultsync: ${problem}.`, 0);
  }

  #become(state: State): void {
    if (state === "off") this.#forget();
    this.state = state;
    this.trigger("state");
  }
}
