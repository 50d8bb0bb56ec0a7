/** JSON-RPC over two streams, as language servers use it. */

interface Message {
  id?: number | string;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { code: number; message: string };
}

interface Pending {
  resolve: (result: never) => void;
  reject: (error: Error) => void;
}

/** What answers a method; its parameters are those that the protocol has for it. */
export type Handler = (params: never) => unknown;

const METHOD_NOT_FOUND = -32601;
const INTERNAL_ERROR = -32603;
// No header of a message is longer.
const LONGEST_HEADER = 256;
const HEADER = /^(?:[^\r\n]+\r\n)*?Content-Length: *(\d+)\r\n(?:[^\r\n]+\r\n)*\r\n/i;

/** One end of a connection: `send` writes to the other end, `receive` takes in what came from it. */
export class Client {
  #next = 0;
  readonly #pending = new Map<number | string, Pending>();
  #received = new Uint8Array(0);

  constructor(
    private readonly send: (text: string) => void,
    private readonly handlers: Record<string, Handler>,
  ) {}

  request<T>(method: string, params: unknown, signal?: AbortSignal): Promise<T> {
    const id = ++this.#next;
    return new Promise<T>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      signal?.addEventListener("abort", () => this.notify("$/cancelRequest", { id }));
      this.#write({ id, method, params });
    });
  }

  notify(method: string, params: unknown): void {
    this.#write({ method, params });
  }

  /** Reject what is still waited for. */
  close(reason: string): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(new Error(reason));
  }

  /** Take in bytes; throws where they are not those of a language server. */
  receive(data: Uint8Array): void {
    const all = new Uint8Array(this.#received.length + data.length);
    all.set(this.#received);
    all.set(data, this.#received.length);
    this.#received = all;
    for (let message = this.#take(); message; message = this.#take()) void this.#handle(message);
  }

  #take(): Message | null {
    const start = new TextDecoder("latin1").decode(this.#received.subarray(0, LONGEST_HEADER));
    const header = HEADER.exec(start);
    if (!header) {
      if (start.length === LONGEST_HEADER || (start && !"Content-".startsWith(start.slice(0, 8))))
        throw new Error("what it prints is not the protocol of a language server");
      return null;
    }
    const end = header[0].length + Number(header[1]);
    if (this.#received.length < end) return null;
    const text = new TextDecoder().decode(this.#received.subarray(header[0].length, end));
    this.#received = this.#received.slice(end);
    return JSON.parse(text) as Message;
  }

  async #handle(message: Message): Promise<void> {
    const { id, method, params } = message;
    if (method === undefined) this.#settle(message);
    else if (id === undefined) await this.handlers[method]?.(params as never);
    else this.#write({ id, ...(await this.#answer(method, params)) });
  }

  #settle({ id, result, error }: Message): void {
    const pending = this.#pending.get(id ?? "");
    this.#pending.delete(id ?? "");
    if (error) pending?.reject(new Error(error.message));
    else pending?.resolve(result as never);
  }

  async #answer(method: string, params: unknown): Promise<Message> {
    const handler = this.handlers[method];
    if (!handler) return { error: { code: METHOD_NOT_FOUND, message: method } };
    try {
      return { result: (await handler(params as never)) ?? null };
    } catch (error) {
      return { error: { code: INTERNAL_ERROR, message: String(error) } };
    }
  }

  #write(message: Message): void {
    const text = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.send(`Content-Length: ${new TextEncoder().encode(text).length}\r\n\r\n${text}`);
  }
}
