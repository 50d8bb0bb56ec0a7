/** Node's modules in the page: each call goes to a real Node and waits for its answer. */

type Values = unknown[];
type Listener = (...values: never[]) => unknown;

interface Answer {
  result?: { base64?: string; href?: string } | null;
  error?: { message: string; code?: string };
}

export function call<T>(module: string, name: string, ...args: Values): T {
  const request = new XMLHttpRequest();
  request.open("POST", "/node", false);
  request.send(JSON.stringify({ module, name, args }));
  const { result, error } = JSON.parse(request.responseText) as Answer;
  if (error) throw Object.assign(new Error(error.message), { code: error.code });
  if (result?.base64 !== undefined) return bytes(result.base64) as T;
  if (result?.href !== undefined) return new URL(result.href) as T;
  return result as T;
}

class Emitter {
  private readonly listeners = new Map<string, Listener[]>();

  on(name: string, listener: Listener): this {
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
    return this;
  }

  once(name: string, listener: Listener): this {
    const first = (...values: never[]): void => {
      this.off(name, first);
      listener(...values);
    };
    return this.on(name, first);
  }

  off(name: string, listener: Listener): this {
    this.listeners.set(name, (this.listeners.get(name) ?? []).filter((one) => one !== listener));
    return this;
  }

  emit(name: string, ...values: Values): void {
    for (const listener of this.listeners.get(name) ?? []) listener(...(values as never[]));
  }
}

class Child extends Emitter {
  readonly stdout = new Emitter();
  readonly stderr = new Emitter();
  readonly stdin = Object.assign(new Emitter(), {
    write: (text: string | Uint8Array) => call<boolean>("process", "write", this.id, base64(text)),
    end: () => call<void>("process", "end", this.id),
  });
  exitCode: number | null = null;
  readonly pid: number | undefined;

  constructor(
    private readonly id: number,
    command: string,
    args: string[],
    options: object,
  ) {
    super();
    this.pid = call("process", "spawn", id, command, args, options);
  }

  kill(signal = "SIGTERM"): boolean {
    return call("process", "kill", this.id, signal);
  }

  unref(): void {
    // The page holds nothing that waits for it.
  }

  receive(event: string, values: Values): void {
    if (event === "stdout" || event === "stderr") this[event].emit("data", bytes(values[0] as string));
    else {
      if (event === "exit") this.exitCode = values[0] as number | null;
      this.emit(event, event === "error" ? new Error(values[0] as string) : values[0], ...values.slice(1));
    }
  }
}

const children: Child[] = [];

function spawn(command: string, args: string[] = [], options: object = {}): Child {
  const child = new Child(children.length, command, args, options);
  children.push(child);
  return child;
}

/** Connect, and return Node's modules and its `process`. */
export async function connect(): Promise<{ modules: Record<string, object>; process: object }> {
  const events = new EventSource("/events");
  await new Promise((resolve) => (events.onopen = resolve));
  events.onmessage = ({ data }: MessageEvent<string>) => {
    const { id, event, values } = JSON.parse(data) as { id: number; event: string; values: Values };
    children[id]?.receive(event, values);
  };
  const described = call<{ modules: Record<string, Record<string, unknown>>; process: object }>("process", "describe");
  const modules: Record<string, object> = { child_process: { spawn } };
  for (const [module, members] of Object.entries(described.modules)) {
    const made = Object.entries(members).map(([name, value]) => [
      name,
      value ?? ((...args: Values): unknown => call(module, name, ...args)),
    ]);
    modules[module] = Object.fromEntries(made) as object;
  }
  modules["fs"] = { ...modules["fs"], promises: promised(modules["fs/promises"] as Record<string, () => unknown>) };
  const kill = (pid: number, signal: string | number): boolean => call("process", "signal", pid, signal);
  return { modules, process: { ...described.process, kill } };
}

function promised(module: Record<string, (...args: Values) => unknown>): object {
  const made = Object.entries(module).map(([name, value]) => [
    name,
    async (...args: Values): Promise<unknown> => value(...args),
  ]);
  return Object.fromEntries(made) as object;
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
}

function base64(data: string | Uint8Array): string {
  const encoded = typeof data === "string" ? new TextEncoder().encode(data) : data;
  let text = "";
  for (const one of encoded) text += String.fromCharCode(one);
  return btoa(text);
}
