/** The findings of a vault as the Problems view lists them: filtered, grouped, in rows. */
import type { Diagnostic } from "vscode-languageserver-types";

/** The kinds of findings, the worst first. */
export const KINDS = [
  { name: "error", icon: "circle-x" },
  { name: "warning", icon: "triangle-alert" },
  { name: "hint", icon: "info" },
] as const;

export interface Finding {
  path: string;
  code: string;
  /** The name of the rule. */
  rule: string;
  /** The number of its kind. */
  kind: number;
  text: string;
  line: number;
  isFixable: boolean;
  diagnostic: Diagnostic;
}

export type Findings = ReadonlyMap<string, readonly Finding[]>;
export type Grouping = "note" | "rule";

export interface Filter {
  /** Kinds that are not shown. */
  hidden: readonly number[];
  /** The code of the one rule to show, or "". */
  rule: string;
  /** Words that must all be in a finding; with a "!" before it, a word that must not. */
  text: string;
  /** The one note to show, or "". */
  path: string;
}

export interface Group {
  /** The path of a note, or the code of a rule. */
  key: string;
  name: string;
  detail: string;
  findings: Finding[];
}

export interface Row {
  /** Another for rows that look different. */
  key: string;
  isHead: boolean;
  /** Its number among those of its level, and how many these are. */
  at: number;
  of: number;
  group: Group;
  /** Absent in the row that heads its group. */
  finding?: Finding;
}

/** Return the rule that a finding breaks, and whether it can be fixed. */
export function ruleOf({ code, data }: Diagnostic): { code: string; name: string; isFixable: boolean } {
  const { name = "", isFixable = false } = (data ?? {}) as { name?: string; isFixable?: boolean };
  return { code: String(code), name, isFixable };
}

/** Whether a finding is what both sides of a merge changed. */
export function isConflict({ code }: Diagnostic): boolean {
  return code === "MRK013";
}

export function textOf({ message }: Diagnostic): string {
  return typeof message === "string" ? message : message.value;
}

export function findingsOf(path: string, diagnostics: readonly Diagnostic[]): Finding[] {
  return diagnostics.map((diagnostic) => {
    const { code, name, isFixable } = ruleOf(diagnostic);
    const { severity = 1, range } = diagnostic;
    const text = textOf(diagnostic);
    const kind = Math.min(severity, KINDS.length) - 1;
    return { path, code, rule: name, kind, text, line: range.start.line + 1, isFixable, diagnostic };
  });
}

/** Return the name of a note: its file's name without folders and ending. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.md$/, "");
}

/** Return what a filter lets through, apart from kinds: they are counted before they are hidden. */
export function matching(all: Findings, { path, rule, text }: Filter): Finding[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word && word !== "!");
  return [...all.values()]
    .flat()
    .filter((one) => (!path || one.path === path) && (!rule || one.code === rule) && hasWords(one, words));
}

function hasWords({ path, code, rule, text }: Finding, words: readonly string[]): boolean {
  if (!words.length) return true;
  const all = [path, code, rule, text].join(" ").toLowerCase();
  return words.every((word) => (word[0] === "!" ? !all.includes(word.slice(1)) : all.includes(word)));
}

/** Return how many findings there are of each kind. */
export function counted(findings: readonly Finding[]): number[] {
  const counts = KINDS.map(() => 0);
  for (const { kind } of findings) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** Return the names of the rules that findings break, by code. */
export function rulesOf(all: Findings): Map<string, string> {
  const rules = [...all.values()].flat().map(({ code, rule }): [string, string] => [code, rule]);
  return new Map([...new Map(rules)].sort(([one], [other]) => compare(one, other)));
}

/** Return findings by note or rule; what has the worst finding comes first. */
export function grouped(findings: readonly Finding[], by: Grouping): Group[] {
  const groups = new Map<string, Group>();
  for (const finding of [...findings].sort((one, other) => compareBy(by, one, other))) {
    const { path, code, rule } = finding;
    const isNote = by === "note";
    const key = isNote ? path : code;
    const name = isNote ? nameOf(path) : rule || code;
    const detail = isNote ? path.slice(0, Math.max(path.lastIndexOf("/"), 0)) : code;
    const group = groups.get(key) ?? { key, name, detail, findings: [] };
    group.findings.push(finding);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function compareBy(by: Grouping, one: Finding, other: Finding): number {
  return (
    one.kind - other.kind ||
    (by === "rule" && compare(one.code, other.code)) ||
    compare(one.path, other.path) ||
    one.line - other.line ||
    one.diagnostic.range.start.character - other.diagnostic.range.start.character
  );
}

// Not by locale: that takes a hundred times as long.
function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** Return the rows of groups; of a closed group only the head. */
export function rowsOf(groups: readonly Group[], by: Grouping, closed: ReadonlySet<string>): Row[] {
  return groups.flatMap((group, index) => {
    const isClosed = closed.has(group.key);
    const look = [by, group.key, isClosed, isFixable(group), ...counted(group.findings)];
    const rows = isClosed
      ? []
      : group.findings.map((finding, at, { length }) => ({
          key: keyOf(by, finding),
          isHead: false,
          at: at + 1,
          of: length,
          group,
          finding,
        }));
    return [{ key: look.join(" "), isHead: true, at: index + 1, of: groups.length, group }, ...rows];
  });
}

function keyOf(by: Grouping, { path, code, text, diagnostic, isFixable }: Finding): string {
  const { line, character } = diagnostic.range.start;
  return [by, path, line, character, code, isFixable, text].join(" ");
}

export function isFixable({ findings }: Group): boolean {
  return findings.some((one) => one.isFixable);
}

/** Return a count as text, such as "2 errors". */
export function countText(count: number, kind: number): string {
  return `${count} ${KINDS[kind]?.name}${count === 1 ? "" : "s"}`;
}
