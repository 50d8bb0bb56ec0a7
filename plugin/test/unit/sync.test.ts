import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { App } from "obsidian";
import { afterAll, expect, test } from "vitest";
import { setProgram } from "../../src/program";
import { folderOf, launch, look, type Report, type Run } from "../../src/sync_run";
import { differing, reportOf, statusOf, timeText } from "../../src/sync_text";

const roots: string[] = [];
afterAll(() => roots.forEach((root) => rmSync(root, { recursive: true })));

/** A vault in a repository, with a program that waits for the file `go` and then runs a line of the shell. */
function vaultOf(line: string): { app: App; root: string; folder: string } {
  const root = mkdtempSync(join(tmpdir(), "sync-"));
  roots.push(root);
  mkdirSync(join(root, ".git"));
  const kept = new Map<string, unknown>();
  const app = {
    loadLocalStorage: (key: string) => kept.get(key) ?? null,
    saveLocalStorage: (key: string, value: unknown) => void kept.set(key, value),
    vault: { adapter: { getBasePath: () => root } },
  } as unknown as App;
  setProgram(app, { path: "/bin/sh", args: ["-c", `until [ -e go ]; do sleep 0.02; done; ${line}`, "sh"] });
  return { app, root, folder: join(root, ".git", "vaultsync", "plugin") };
}

async function ended(app: App): Promise<Run> {
  for (;;) {
    const run = look(app);
    if (run && !run.isRunning) return run;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const REPORT: Report = {
  steps: [],
  saved: null,
  merged: null,
  pushed: true,
  offline: false,
  conflicts: [],
  notices: [],
  left_out: [],
  stopped: null,
};
const RUN: Run = {
  pid: 1,
  args: [],
  started: 0,
  isAsked: true,
  isRunning: false,
  ended: new Date(2026, 1, 3, 14, 5).getTime(),
  line: "",
  report: REPORT,
};
const AROUND = { conflicts: 0, isWaiting: false };

test("one sync runs at a time, and the last one is found again", async () => {
  const { app, root } = vaultOf(`echo fetching >&2; echo '{"pushed": true, "args": "'$@'"}'`);
  expect(look(app)).toBeNull();
  const first = launch(app, ["--undo"], true);
  expect([first?.isRunning, first?.isAsked, first?.args]).toEqual([true, true, ["--undo"]]);
  expect(launch(app, [], true)).toBeNull();
  writeFileSync(join(root, "go"), "");
  const run = await ended(app);
  expect(run.report).toEqual({ pushed: true, args: "sync --undo --output-format json" });
  expect(run.line).toBe("fetching");
  expect(run.ended).toBeGreaterThanOrEqual(run.started);
  expect(launch(app, [], false)?.started).toBeGreaterThan(run.started);
  expect((await ended(app)).isAsked).toBe(false);
});

test("a run that was killed has ended, with what it printed last", async () => {
  const { app, folder } = vaultOf("exec sleep 60");
  const { pid } = launch(app, [], true) as Run;
  writeFileSync(join(folder, "progress.log"), "saving\nfetching\n");
  process.kill(pid, "SIGKILL");
  const run = await ended(app);
  expect([run.report, run.line]).toEqual([null, "fetching"]);
  expect(statusOf(run, AROUND).detail).toMatch(/ended without a result: fetching$/);
});

test("what ran before a start of the computer is no process of today", () => {
  const { app, folder } = vaultOf("");
  const other = spawn("sleep", ["60"]);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "run.json"), JSON.stringify({ pid: other.pid, args: [], started: 1000, isAsked: true }));
  expect(look(app)?.isRunning).toBe(false);
  other.kill();
});

test("a program that cannot start leaves nothing that would run", () => {
  const { app, folder } = vaultOf("");
  setProgram(app, { path: "no-such-program", args: [] });
  expect(() => launch(app, [], true)).toThrow("no-such-program was not found");
  expect(look(app)).toBeNull();
  rmSync(join(folder, "..", ".."), { recursive: true });
  expect(() => launch(app, [], true)).toThrow("not in a git repository");
});

test("the folder of a repository is found from a vault in it, and from a second work tree", () => {
  const { root } = vaultOf("");
  const [inner, tree] = [join(root, "notes", "vault"), join(root, "tree")];
  for (const folder of [inner, tree]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(tree, ".git"), "gitdir: ../.git/worktrees/tree\n");
  expect(folderOf(inner)).toBe(join(root, ".git", "vaultsync", "plugin"));
  expect(folderOf(tree)).toBe(join(root, ".git", "worktrees", "tree", "vaultsync", "plugin"));
  expect(folderOf(tmpdir())).toBeNull();
});

test("a link in the repository does not lead what is printed to another file", async () => {
  const { app, root, folder } = vaultOf("echo '{}'");
  const other = join(root, "mine.txt");
  writeFileSync(other, "mine");
  mkdirSync(folder, { recursive: true });
  for (const name of ["report.json", "progress.log", "run.json"]) symlinkSync(other, join(folder, name));
  launch(app, [], true);
  writeFileSync(join(root, "go"), "");
  await ended(app);
  expect(readFileSync(other, "utf8")).toBe("mine");
  expect(existsSync(join(folder, "report.json"))).toBe(true);
});

test("the status is that of the last sync, with what has changed since", () => {
  const texts = (run: Run | null, around: Partial<typeof AROUND> = {}): string[] => {
    const { text, detail } = statusOf(run, { ...AROUND, ...around });
    return [text, detail].map((one) => one.replace(/\d+\/\d+\/\d+, \d+:\d+( [AP]M)?/, "TIME"));
  };
  const stopped = { reason: "a rebase is in progress", remedy: "finish it: `git rebase --continue`" };
  expect(texts(null)[0]).toBe("Not synced");
  expect(texts({ ...RUN, isRunning: true, line: "Fetching" })).toEqual(["Syncing …", "Fetching"]);
  expect(texts(RUN)).toEqual(["Synced TIME", "Synced at TIME. Nothing has changed since."]);
  expect(texts(RUN, { isWaiting: true })).toEqual(["Changes waiting", "Synced at TIME. Notes have changed since."]);
  expect(texts({ ...RUN, report: { ...REPORT, offline: true } })[0]).toBe("Offline");
  expect(texts(RUN, { conflicts: 2 })[0]).toBe("2 conflicts");
  expect(texts({ ...RUN, report: { ...REPORT, stopped } })).toEqual([
    "Sync stopped",
    "A rebase is in progress. Finish it: `git rebase --continue`.",
  ]);
});

test("a time of another day has its day", () => {
  const noon = new Date(2026, 1, 3, 12).getTime();
  expect(timeText(noon, noon + 1000)).not.toContain("2026");
  expect(timeText(noon, noon + 86_400_000)).toContain("2026");
});

test("what a sync by itself reports is what needs somebody", () => {
  const conflicts = [
    { path: "a.md", count: 2 },
    { path: "b.md", count: 1 },
  ];
  const report = { ...REPORT, notices: ["x.md stays, since it was edited"], left_out: [{ path: "big.mp4", reason: "over 50 MB" }] };
  const needed = ["x.md stays, since it was edited", "1 file stayed on this computer."];
  expect(reportOf(RUN)).toEqual(["Synced."]);
  expect(reportOf({ ...RUN, isAsked: false })).toEqual([]);
  expect(reportOf({ ...RUN, report })).toEqual(["Synced.", ...needed]);
  expect(reportOf({ ...RUN, isAsked: false, report })).toEqual(needed);
  expect(reportOf({ ...RUN, report: { ...REPORT, conflicts } })[1]).toBe("3 conflicts left in 2 notes.");
  const offline = { ...REPORT, offline: true, notices: ["offline: what is saved stays here"] };
  expect(reportOf({ ...RUN, report: offline })).toEqual(offline.notices);
  expect(reportOf({ ...RUN, isAsked: false, report: offline })).toEqual([]);
  const stopped = { reason: "the head is detached", remedy: "" };
  expect(reportOf({ ...RUN, report: { ...REPORT, stopped } })).toEqual(["Sync stopped: The head is detached."]);
  expect(reportOf({ ...RUN, report: null })[0]).toMatch("without a result: no message");
});

test("two versions are told apart by their words", () => {
  expect(differing("It holds for all models.", "It holds for small models.")).toEqual([
    ["It holds for ", "all ", "models."],
    ["It holds for ", "small ", "models."],
  ]);
  expect(differing("same", "same")).toEqual([
    ["same", "", ""],
    ["same", "", ""],
  ]);
  expect(differing("a a", "a a a")).toEqual([
    ["a ", "", "a"],
    ["a ", "a ", "a"],
  ]);
});
