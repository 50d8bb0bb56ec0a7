import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Desk, long, until, withBrowser } from "./harness";

withBrowser();

const VAULT = { "a.md": "See [[missing]].\n" };

/** The processes of servers that run for a window. */
function servers(desk: Desk): number[] {
  return [...desk.bridge.children.values()].map(({ pid }) => pid ?? 0);
}

function isRunning(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

test("a server that is killed is started again, with the open notes as they are", async () => {
  const desk = await Desk.start({ vault: VAULT });
  await desk.open("a.md");
  await desk.hasMarks(["hint: [[missing]]"]);
  await desk.cursor("[[missing]]");
  await desk.type(" [[other]]");
  const [first] = servers(desk);
  process.kill(first ?? 0, "SIGKILL");
  await desk.state("starting");
  await desk.hasMarks([]);
  await desk.type(" [[third]]");
  await desk.state("ready");
  await desk.hasMarks(["hint: [[missing]]", "hint: [[other]]", "hint: [[third]]"]);
  expect(servers(desk)).not.toContain(first);
  expect(desk.errors).toEqual([]);
});

test("after its unload nothing is left: no process, no mark, no listener", async () => {
  const desk = await Desk.start({ vault: VAULT });
  await desk.open("a.md");
  await desk.hasMarks(["hint: [[missing]]"]);
  const [server] = servers(desk);
  await desk.page.evaluate(() => window.desk.plugin.unload());
  await until(
    () => Promise.resolve(!isRunning(server ?? 0)),
    () => Promise.resolve("the server still runs"),
  );
  await desk.type("x");
  await desk.hasMarks([]);
  expect(await desk.page.locator(".status-bar-item, .vaultsync-gutter").count()).toBe(0);
  expect(await desk.page.evaluate(() => window.desk.commands())).toEqual([]);
  expect(desk.errors).toEqual([]);
});

test("of two starts at once one server is left, and none after an unload", long, async () => {
  const desk = await Desk.start({ vault: VAULT });
  await desk.page.evaluate(async () => {
    const { session } = window.desk.plugin as unknown as { session: { start(): Promise<void> } };
    await Promise.all([session.start(), session.start()]);
  });
  await desk.state("ready");
  expect(servers(desk).filter(isRunning).length).toBe(1);
  const count = desk.bridge.spawned.length;
  await desk.page.evaluate(async () => {
    const { session } = window.desk.plugin as unknown as { session: { start(): Promise<void> } };
    const started = session.start();
    window.desk.plugin.unload();
    await started;
  });
  expect(desk.bridge.spawned.length).toBe(count);
});

test("a program that is not there is named, with what to do", long, async () => {
  const program = { path: "no-such-program", args: [] };
  const desk = await Desk.start({ vault: VAULT, program });
  await desk.hasNotice("no-such-program was not found: install it, or name its place in the settings");
  await desk.state("failed");
  expect(desk.bridge.spawned).toEqual([]);
});

test("a program that is another one is not started again and again", long, async () => {
  const desk = await Desk.start({ vault: VAULT, program: { path: process.execPath, args: ["-p", "1 //"] } });
  await desk.hasNotice("the server ended again and again: what it prints is not the protocol of a language server");
  expect(desk.bridge.spawned.length).toBe(4);
  await desk.state("failed");
});

test("settings that are broken are a message, once", async () => {
  const desk = await Desk.start({ vault: { ...VAULT, "vaultsync.toml": "" } });
  await desk.open("a.md");
  await desk.hasMarks(["hint: [[missing]]"]);
  await desk.write("vaultsync.toml", "wrong = [\n");
  await desk.hasNotice("vaultsync.toml");
  expect((await desk.notices()).length).toBe(1);
});

test("settings that are broken from the start are reported once, and all is there once they are mended", long, async () => {
  const desk = await Desk.start({ vault: { ...VAULT, "b.md": "[[nothing]]\n", "vaultsync.toml": "wrong = [\n" } });
  await desk.open("a.md");
  for (const name of ["note", "problems"]) {
    await desk.command(`show-${name}`);
    await desk.page.locator(`.vaultsync-${name}`, { hasText: "vaultsync.toml" }).waitFor();
  }
  await desk.page.locator(".vaultsync-status.is-failed").waitFor();
  expect(await desk.notices()).toHaveLength(1);
  await desk.write("vaultsync.toml", '[types.claim]\nmatch = ["a.md"]\n');
  await desk.page.locator(".vaultsync-problems .vaultsync-row", { hasText: "nothing" }).waitFor();
  await desk.page.locator(".vaultsync-status:not(.is-failed)").waitFor();
  await until(
    () => desk.page.evaluate(() => window.desk.commands().includes("New claim")),
    () => desk.page.evaluate(() => window.desk.commands().join(", ")),
  );
});

test("a command of a type is added once, however often the counts change", long, async () => {
  const settings = '[types.claim]\nmatch = ["c.md"]\n';
  const desk = await Desk.start({ vault: { ...VAULT, "vaultsync.toml": settings } });
  await desk.open("a.md");
  await until(
    () => desk.page.evaluate(() => window.desk.commands().includes("New claim")),
    () => desk.page.evaluate(() => window.desk.commands().join(", ")),
  );
  const asked = await desk.page.evaluate(async () => {
    const plugin = window.desk.plugin as unknown as {
      addCommand(command: object): object;
      session: { trigger(name: string): void; command(name: string): Promise<object> };
    };
    let count = 0;
    plugin.addCommand = () => (count += 1, {});
    plugin.session.trigger("overview");
    // The answers come in the order of the requests.
    await plugin.session.command("types");
    await Promise.resolve();
    return count;
  });
  expect(asked).toBe(0);
});

test("the progress of reading the vault is reported", long, async () => {
  const desk = await Desk.start({ vault: VAULT });
  await desk.page.evaluate(async () => {
    const seen: unknown[] = [];
    const { session } = window.desk.plugin as unknown as { session: { progress: unknown; on(name: string, call: () => void): void; start(): Promise<void> } };
    session.on("progress", () => seen.push(session.progress));
    Object.assign(window, { seen });
    await session.start();
  });
  await desk.page.waitForFunction(() => (window as unknown as { seen: unknown[] }).seen.at(-1) === null);
  const [first] = await desk.page.evaluate(() => (window as unknown as { seen: { title: string }[] }).seen);
  expect(first?.title).toBe("reading the vault");
});

test("with the marks at each save, what is typed is marked once it is saved", long, async () => {
  const desk = await Desk.start({ vault: VAULT, settings: { lintOn: "save" } });
  await desk.open("a.md");
  await desk.hasMarks(["hint: [[missing]]"]);
  await desk.page.evaluate(() => (window.desk.pane().isHeld = true));
  await desk.cursor("[[missing]]");
  await desk.type(" [[other]]");
  await desk.page.waitForFunction(() => {
    const { session } = window.desk.plugin as unknown as { session: { diagnostics: Map<string, object[]> } };
    return session.diagnostics.get("a.md")?.length === 2;
  });
  expect(await desk.marks()).toEqual(["hint: [[missing]]"]);
  await desk.page.evaluate(() => window.desk.pane().save());
  await desk.hasMarks(["hint: [[missing]]", "hint: [[other]]"]);
});
