import { describe, expect, it } from "vitest";
import type { DiagnosticSeverity } from "vscode-languageserver-types";
import * as findings from "../../src/findings";

const EVERYTHING: findings.Filter = { hidden: [], rule: "", text: "", path: "" };

type Made = [code: string, line: number, severity?: DiagnosticSeverity, message?: string];

function found(path: string, ...made: Made[]): [string, findings.Finding[]] {
  const diagnostics = made.map(([code, line, severity = 1, message = "wrong"]) => {
    const place = { line, character: 0 };
    const data = { name: `rule-${code}`, isFixable: code === "LNK001" };
    return { range: { start: place, end: place }, severity, code, message, data };
  });
  return [path, findings.findingsOf(path, diagnostics)];
}

const ALL = new Map([
  found("Frames/b.md", ["LNK001", 7], ["LNK001", 3], ["BDY002", 9, 2]),
  found("Frames/a.md", ["BDY011", 1, 4, "readers do not see it"]),
]);

function shown(filter: Partial<findings.Filter>): string[] {
  return findings
    .matching(ALL, { ...EVERYTHING, ...filter })
    .map(({ path, line, code }) => `${path}:${line} ${code}`);
}

describe("matching", () => {
  it("lets everything through without a filter", () => {
    expect(shown({})).toHaveLength(4);
  });

  it.each([
    [{ rule: "BDY011" }, ["Frames/a.md:2 BDY011"]],
    [{ path: "Frames/a.md" }, ["Frames/a.md:2 BDY011"]],
    [{ text: "READERS see" }, ["Frames/a.md:2 BDY011"]],
    [{ text: "rule-BDY !readers !" }, ["Frames/b.md:10 BDY002"]],
    [{ text: "nowhere" }, []],
  ])("%j", (filter, expected) => {
    expect(shown(filter)).toEqual(expected);
  });
});

describe("grouped", () => {
  it("puts the note with the worst finding first, and findings by kind and place", () => {
    const groups = findings.grouped(findings.matching(ALL, EVERYTHING), "note");
    expect(groups.map(({ name, detail }) => [name, detail])).toEqual([
      ["b", "Frames"],
      ["a", "Frames"],
    ]);
    expect(groups[0]?.findings.map(({ line }) => line)).toEqual([4, 8, 10]);
    expect(groups.map(findings.isFixable)).toEqual([true, false]);
  });

  it("names rules, and lists those of one kind by code", () => {
    const all = new Map([...ALL, found("c.md", ["ABC001", 5])]);
    const groups = findings.grouped(findings.matching(all, EVERYTHING), "rule");
    expect(groups.map(({ name, detail }) => [name, detail])).toEqual([
      ["rule-ABC001", "ABC001"],
      ["rule-LNK001", "LNK001"],
      ["rule-BDY002", "BDY002"],
      ["rule-BDY011", "BDY011"],
    ]);
  });
});

describe("rows", () => {
  const groups = findings.grouped(findings.matching(ALL, EVERYTHING), "note");

  it("leave out the findings of closed groups", () => {
    const rows = findings.rowsOf(groups, "note", new Set(["Frames/b.md"]));
    expect(rows.map((row) => row.finding?.path ?? row.group.name)).toEqual(["b", "a", "Frames/a.md"]);
  });

  it("have their number among those of their level", () => {
    const rows = findings.rowsOf(groups, "note", new Set());
    expect(rows.map(({ at, of }) => `${at}/${of}`)).toEqual(["1/2", "1/3", "2/3", "3/3", "2/2", "1/1"]);
  });

  it("have keys of their own, which differ where they look different", () => {
    const rows = findings.rowsOf(groups, "note", new Set());
    const others = findings.rowsOf(groups, "note", new Set(["Frames/b.md", "Frames/a.md"]));
    expect(new Set([...rows, ...others].map(({ key }) => key)).size).toBe(8);
  });
});

it("counts each kind", () => {
  const counts = findings.counted(findings.matching(ALL, EVERYTHING));
  expect(counts.map(findings.countText)).toEqual(["2 errors", "1 warning", "1 hint"]);
});

it("lists the rules that are broken by code", () => {
  expect([...findings.rulesOf(ALL).keys()]).toEqual(["BDY002", "BDY011", "LNK001"]);
});

it("takes a finding of which little is known", () => {
  const place = { line: 0, character: 0 };
  const diagnostic = {
    range: { start: place, end: place },
    message: { kind: "plaintext" as const, value: "wrong" },
  };
  const [one] = findings.findingsOf("a.md", [diagnostic]);
  expect(one).toMatchObject({ kind: 0, rule: "", text: "wrong", isFixable: false });
});

it.each([
  ["Frames/a.md", "a"],
  ["a.b.md", "a.b"],
  ["Frames.base", "Frames.base"],
])("names the note %s %s", (path, name) => {
  expect(findings.nameOf(path)).toBe(name);
});
