/** What is shown of a sync, in words. */

import type { Run } from "./sync_run";

export interface Status {
  icon: string;
  text: string;
  detail: string;
  isBad?: boolean;
}

/** What the plugin knows of a sync beside its run. */
export interface Around {
  /** Conflicts that are left in notes. */
  conflicts: number;
  /** Whether something in the vault was changed since. */
  isWaiting: boolean;
}

export function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** Return when something was: the time, with the day where that is not today. */
export function timeText(time: number, now = Date.now()): string {
  const [then, today] = [new Date(time), new Date(now)];
  const clock = then.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return then.toDateString() === today.toDateString() ? clock : `${then.toLocaleDateString()}, ${clock}`;
}

export function statusOf(run: Run | null, { conflicts, isWaiting }: Around): Status {
  if (!run) return { icon: "refresh-cw", text: "Not synced", detail: "This vault was not synced yet." };
  const { isRunning, ended, line, report } = run;
  const at = timeText(ended);
  const changed = isWaiting ? " Notes have changed since." : "";
  if (isRunning) return { icon: "loader", text: "Syncing …", detail: line || "Syncing …" };
  if (!report) return bad("Sync failed", `The sync of ${at} ended without a result: ${line || "no message"}`);
  if (report.stopped) return bad("Sync stopped", sentences(report.stopped.reason, report.stopped.remedy));
  if (conflicts)
    return { ...bad(counted(conflicts, "conflict"), `Synced at ${at}. Decide what to keep.${changed}`), icon: "git-merge" };
  if (report.offline)
    return { icon: "cloud-off", text: "Offline", detail: `Saved here at ${at}, to be sent by the next sync.${changed}` };
  if (isWaiting) return { icon: "upload", text: "Changes waiting", detail: `Synced at ${at}.${changed}` };
  return { icon: "check", text: `Synced ${at}`, detail: `Synced at ${at}. Nothing has changed since.` };
}

function bad(text: string, detail: string): Status {
  return { icon: "circle-alert", text, detail, isBad: true };
}

/** Join texts of the program, which are not written as sentences. */
function sentences(...texts: string[]): string {
  const whole = texts.filter(Boolean).map((text) => text.charAt(0).toUpperCase() + text.slice(1));
  return whole.map((text) => text.replace(/[.]?$/, ".")).join(" ");
}

/** Return what there is to report of a sync that has ended; of one nobody waits for only what needs somebody. */
export function reportOf({ report, line, isAsked }: Run): string[] {
  if (!report) return [`The sync ended without a result: ${line || "no message"}`];
  const { stopped, conflicts, notices, offline, left_out: leftOut } = report;
  // The status bar shows that there is no network.
  const found = offline && !isAsked ? [] : [...notices];
  if (stopped) found.unshift(`Sync stopped: ${sentences(stopped.reason, stopped.remedy)}`);
  const count = conflicts.reduce((sum, one) => sum + one.count, 0);
  if (count) found.unshift(`${counted(count, "conflict")} left in ${counted(conflicts.length, "note")}.`);
  if (leftOut.length) found.push(`${counted(leftOut.length, "file")} stayed on this computer.`);
  if (!isAsked || stopped || offline) return found;
  return ["Synced.", ...found];
}

/** Split two versions of a text by words: what they begin and end with alike is at their ends. */
export function differing(one: string, other: string): [string, string, string][] {
  const [words, others] = [one, other].map((text) => text.split(/(?<=\s)/)) as [string[], string[]];
  const most = Math.min(words.length, others.length);
  let start = 0;
  while (start < most && words[start] === others[start]) start += 1;
  let end = 0;
  while (end < most - start && words.at(-1 - end) === others.at(-1 - end)) end += 1;
  return [words, others].map((all) => {
    const parts = [all.slice(0, start), all.slice(start, all.length - end), all.slice(all.length - end)];
    return parts.map((part) => part.join("")) as [string, string, string];
  });
}
