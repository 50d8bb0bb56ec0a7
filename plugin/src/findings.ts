/** The findings of a vault as the Problems view lists them: filtered, grouped, in rows. */
import type { Diagnostic } from "vscode-languageserver-types";

export interface Finding {
  path: string;
  diagnostic: Diagnostic;
}

export type Grouping = "note" | "rule";

export interface Filter {
  /** Severities of the protocol that are not shown. */
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
  group: Group;
  /** Absent in the row that heads its group. */
  finding?: Finding;
}

export const ERROR = 1;
export const WARNING = 2;
export const HINT = 4;
export const SEVERITIES: readonly number[] = [ERROR, WARNING, HINT];

/** What the server adds to its diagnostics. */
export interface Data {
  name: string;
  isFixable: boolean;
}

/** Return the rule that a finding breaks, and whether it can be fixed. */
export function ruleOf({ code, data }: Diagnostic): Data & { code: string } {
  return { name: "", isFixable: false, ...(data as Partial<Data> | undefined), code: String(code) };
}

export function textOf({ message }: Diagnostic): string {
  return typeof message === "string" ? message : message.value;
}

/** Return the severity under which a finding is counted: the protocol's "information" is a hint. */
export function severityOf({ severity }: Diagnostic): number {
  return severity === ERROR || severity === WARNING ? severity : HINT;
}

/** Return the name of a note: its file's name without folders and ending. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.md$/, "");
}

/** Return what a filter lets through, apart from severities: these are counted before they are hidden. */
export function matching(all: ReadonlyMap<string, readonly Diagnostic[]>, filter: Filter): Finding[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter((word) => word.replace("!", ""));
  const found: Finding[] = [];
  for (const [path, diagnostics] of all) {
    if (filter.path && path !== filter.path) continue;
    for (const diagnostic of diagnostics) {
      if (filter.rule && ruleOf(diagnostic).code !== filter.rule) continue;
      if (words.length && !hasWords(path, diagnostic, words)) continue;
      found.push({ path, diagnostic });
    }
  }
  return found;
}

function hasWords(path: string, diagnostic: Diagnostic, words: readonly string[]): boolean {
  const { code, name } = ruleOf(diagnostic);
  const text = `${path} ${code} ${name} ${textOf(diagnostic)}`.toLowerCase();
  return words.every((word) => (word.startsWith("!") ? !text.includes(word.slice(1)) : text.includes(word)));
}

/** Return how many findings have each severity. */
export function counted(findings: readonly Finding[]): Map<number, number> {
  const counts = new Map(SEVERITIES.map((severity) => [severity, 0]));
  for (const { diagnostic } of findings) {
    const severity = severityOf(diagnostic);
    counts.set(severity, (counts.get(severity) ?? 0) + 1);
  }
  return counts;
}

/** Return the rules that findings break, by code, with their names. */
export function rulesOf(all: ReadonlyMap<string, readonly Diagnostic[]>): [code: string, name: string][] {
  const rules = new Map<string, string>();
  for (const diagnostics of all.values())
    for (const { code, name } of diagnostics.map(ruleOf)) rules.set(code, name);
  return [...rules].sort(([one], [other]) => compare(one, other));
}

/** Return findings by note or rule; what has the worst finding comes first. */
export function grouped(findings: readonly Finding[], by: Grouping): Group[] {
  const groups = new Map<string, Group>();
  for (const finding of findings) {
    const key = by === "note" ? finding.path : ruleOf(finding.diagnostic).code;
    let group = groups.get(key);
    if (!group) groups.set(key, (group = { key, ...titleOf(finding, by), findings: [] }));
    group.findings.push(finding);
  }
  for (const group of groups.values()) group.findings.sort(byPlace);
  return [...groups.values()].sort(
    (one, other) => worst(one) - worst(other) || compare(one.name, other.name) || compare(one.key, other.key),
  );
}

function titleOf({ path, diagnostic }: Finding, by: Grouping): { name: string; detail: string } {
  const { code, name } = ruleOf(diagnostic);
  if (by === "rule") return { name: name || code, detail: code };
  return { name: nameOf(path), detail: path.slice(0, Math.max(path.lastIndexOf("/"), 0)) };
}

function worst(group: Group): number {
  return group.findings.reduce((least, { diagnostic }) => Math.min(least, severityOf(diagnostic)), HINT);
}

function byPlace(one: Finding, other: Finding): number {
  const [a, b] = [one.diagnostic.range.start, other.diagnostic.range.start];
  return (
    severityOf(one.diagnostic) - severityOf(other.diagnostic) ||
    compare(one.path, other.path) ||
    a.line - b.line ||
    a.character - b.character
  );
}

// Not by locale: that takes a hundred times as long.
function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** Return the rows of groups; of a closed group only the head. */
export function rowsOf(groups: readonly Group[], closed: ReadonlySet<string>): Row[] {
  return groups.flatMap((group) => [
    { group },
    ...(closed.has(group.key) ? [] : group.findings.map((finding) => ({ group, finding }))),
  ]);
}

/** Return a name for a row by which it is found again after an update. */
export function keyOf({ group, finding }: Row): string {
  if (!finding) return group.key;
  const { start } = finding.diagnostic.range;
  const { code, isFixable } = ruleOf(finding.diagnostic);
  return [finding.path, start.line, start.character, code, isFixable, textOf(finding.diagnostic)].join(":");
}

/** Return a count as text, such as "2 errors". */
export function countText(count: number, severity: number): string {
  return `${count} ${NAMES[severity]}${count === 1 ? "" : "s"}`;
}

export const NAMES: Readonly<Record<number, string>> = { [ERROR]: "error", [WARNING]: "warning", [HINT]: "hint" };
