/** The modules of Node for a page without them: calls over HTTP, and processes whose output is streamed. */

import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";
import * as fs from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as url from "node:url";

const MODULES: Record<string, object> = { fs, os, url, "fs/promises": fs.promises };

/** What can be requested: the page's own files, and the calls. */
export class Bridge {
  readonly children = new Map<number, ChildProcess>();
  readonly spawned: string[][] = [];
  /** Processes that outlive the window. */
  private readonly detached = new Set<number>();
  private readonly server: Server;
  private events: ServerResponse | null = null;

  constructor(
    private readonly files: Record<string, { type: string; text: string }>,
    private readonly env: NodeJS.ProcessEnv,
  ) {
    this.server = createServer((request, response) => void this.answer(request, response));
    // A call must not meet a connection that is just being closed.
    this.server.keepAliveTimeout = 0;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    for (const [id, child] of this.children) if (!this.detached.has(id)) child.kill("SIGKILL");
    this.events?.end();
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const file = this.files[request.url ?? ""];
    if (file) {
      response.writeHead(200, { "content-type": file.type });
      response.end(file.text);
    } else if (request.url === "/events") {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(":\n\n");
      this.events = response;
    } else if (request.method === "POST") {
      const answer = await this.call(JSON.parse(await textOf(request)) as Call);
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(answer));
    } else response.writeHead(404).end();
  }

  private async call(call: Call): Promise<unknown> {
    try {
      return { result: packed(await this.result(call)) };
    } catch (error) {
      const { message, code } = error as NodeJS.ErrnoException;
      return { error: { message, code } };
    }
  }

  private result({ module, name, args }: Call): unknown {
    if (module === "process") return this.act(name, args);
    const found = MODULES[module] as Record<string, (...args: unknown[]) => unknown>;
    return found[name]?.(...args);
  }

  private act(name: string, args: unknown[]): unknown {
    const [id] = args as [number];
    const child = this.children.get(id);
    switch (name) {
      case "describe":
        return this.describe();
      case "spawn":
        return this.spawn(...(args as [number, string, string[], object]));
      case "write":
        return child?.stdin?.write(Buffer.from(args[1] as string, "base64")) ?? false;
      case "signal":
        return process.kill(id, args[1] as NodeJS.Signals | 0);
      case "end":
        return void child?.stdin?.end();
      default:
        return child?.kill(args[1] as NodeJS.Signals) ?? false;
    }
  }

  private describe(): object {
    const modules = Object.entries(MODULES).map(([name, module]) => {
      const members = Object.entries(module).filter(([, value]) => typeof value !== "object");
      const values = members.map(([key, value]) => [key, typeof value === "function" ? null : value]);
      return [name, Object.fromEntries(values)];
    });
    const { platform, arch, version } = process;
    return { modules: Object.fromEntries(modules), process: { platform, arch, version, pid: process.pid, env: this.env } };
  }

  private async spawn(id: number, command: string, args: string[], options: SpawnOptions): Promise<number | undefined> {
    this.spawned.push([command, ...args]);
    const child = spawn(command, args, options);
    this.children.set(id, child);
    if (options.detached) this.detached.add(id);
    const send = (event: string, ...values: unknown[]): void => this.send({ id, event, values });
    child.stdin?.on("error", () => undefined);
    child.stdout?.on("data", (data: Buffer) => send("stdout", data.toString("base64")));
    child.stderr?.on("data", (data: Buffer) => send("stderr", data.toString("base64")));
    child.on("error", ({ message }) => send("error", message));
    child.on("exit", (code, signal) => send("exit", code, signal));
    child.on("close", (code, signal) => {
      this.children.delete(id);
      send("close", code, signal);
    });
    return child.pid;
  }

  private send(message: object): void {
    this.events?.write(`data: ${JSON.stringify(message)}\n\n`);
  }
}

interface Call {
  module: string;
  name: string;
  args: unknown[];
}

function packed(value: unknown): unknown {
  if (value instanceof URL) return { href: value.href };
  return Buffer.isBuffer(value) ? { base64: value.toString("base64") } : value;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
