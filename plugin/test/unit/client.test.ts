import { expect, test } from "vitest";
import { Client } from "../../src/client";

/** Two ends of one connection, whose bytes come in pieces of a size. */
function pair(size: number, handlers = {}): { client: Client; server: Client } {
  const pipe = (to: () => Client) => (text: string) => {
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length; at += size) to().receive(bytes.slice(at, at + size));
  };
  const client: Client = new Client(pipe(() => server), {});
  const server: Client = new Client(pipe(() => client), handlers);
  return { client, server };
}

test.each([1, 7, 1000])("answers come back, in pieces of %i bytes", async (size) => {
  const { client } = pair(size, { echo: (text: string) => text });
  await expect(client.request("echo", "é🙂")).resolves.toBe("é🙂");
});

test("an error of the other end is an error here", async () => {
  const fail = (): never => {
    throw new Error("no");
  };
  const { client } = pair(1000, { fail });
  await expect(client.request("fail", null)).rejects.toThrow("no");
  await expect(client.request("other", null)).rejects.toThrow("other");
});

test("what is waited for at the end is rejected", async () => {
  const { client } = pair(1000, { wait: () => new Promise(() => undefined) });
  const answer = client.request("wait", null);
  client.close("the server ended");
  await expect(answer).rejects.toThrow("the server ended");
});

test("other output than the protocol's is an error", () => {
  const { client } = pair(1000);
  expect(() => client.receive(new TextEncoder().encode("Usage: program"))).toThrow("not the protocol");
});
