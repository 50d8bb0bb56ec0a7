import { describe, expect, it } from "vitest";
import type { Diagnostic, DiagnosticSeverity } from "vscode-languageserver-types";
import * as findings from "../../src/findings";

const NO_FILTER: findings.Filter = { hidden: [], rule: "", text: "", path: "" };

function diagnostic(code: string, line: number, severity: DiagnosticSeverity = findings.ERROR, message = "wrong"): Diagnostic {
  const place = { line, character: 0 };
  return { range: { start: place, end: place }, severity, code, message, data: { name: `rule-${code}`, isFixable: false } };
}

const ALL = new Map([
  ["Frames/b.md", [diagnostic("LNK001", 7), diagnostic("LNK001", 3), diagnostic("BDY002", 9, findings.WARNING)]],
  ["Frames/a.md", [diagnostic("BDY011", 1, findings.HINT, "readers do not see it")]],
]);

function shown(filter: Partial<findings.Filter>): string[] {
  return findings
    .matching(ALL, { ...NO_FILTER, ...filter })
    .map(({ path, diagnostic: { code, range } }) => `${path}:${range.start.line} ${code}`);
}

describe("matching", () => {
  it("lets everything through without a filter", () => {
    expect(shown({})).toHaveLength(4);
  });

  it.each([
    [{ rule: "BDY011" }, ["Frames/a.md:1 BDY011"]],
    [{ path: "Frames/a.md" }, ["Frames/a.md:1 BDY011"]],
    [{ text: "READERS see" }, ["Frames/a.md:1 BDY011"]],
    [{ text: "rule-BDY !readers !" }, ["Frames/b.md:9 BDY002"]],
    [{ text: "nowhere" }, []],
  ])("%j", (filter, expected) => {
    expect(shown(filter)).toEqual(expected);
  });
});

describe("grouped", () => {
  it("puts the note with the worst finding first, and findings by severity and place", () => {
    const groups = findings.grouped(findings.matching(ALL, NO_FILTER), "note");
    expect(groups.map(({ name, detail }) => [name, detail])).toEqual([["b", "Frames"], ["a", "Frames"]]);
    expect(groups[0]?.findings.map((one) => one.diagnostic.range.start.line)).toEqual([3, 7, 9]);
  });

  it("names rules, and lists their findings by note", () => {
    const groups = findings.grouped(findings.matching(ALL, NO_FILTER), "rule");
    expect(groups.map(({ name, detail }) => [name, detail])).toEqual([
      ["rule-LNK001", "LNK001"],
      ["rule-BDY002", "BDY002"],
      ["rule-BDY011", "BDY011"],
    ]);
  });

  it("takes thousands of findings", () => {
    const many = new Map(
      Array.from({ length: 1000 }, (_, note) => [
        `Notes/${note}.md`,
        Array.from({ length: 10 }, (_, line) => diagnostic(`BDY00${line}`, line)),
      ]),
    );
    const groups = findings.grouped(findings.matching(many, { ...NO_FILTER, text: "wrong" }), "rule");
    expect(findings.rowsOf(groups, new Set())).toHaveLength(10_010);
  });
});

describe("rows", () => {
  const groups = findings.grouped(findings.matching(ALL, NO_FILTER), "note");

  it("leaves out the findings of closed groups", () => {
    const rows = findings.rowsOf(groups, new Set(["Frames/b.md"]));
    expect(rows.map((row) => row.finding?.path ?? row.group.name)).toEqual(["b", "a", "Frames/a.md"]);
  });

  it("have keys of their own", () => {
    const keys = findings.rowsOf(groups, new Set()).map(findings.keyOf);
    expect(new Set(keys).size).toBe(6);
  });
});

describe("counts", () => {
  it("are those of each severity", () => {
    const counts = findings.counted(findings.matching(ALL, NO_FILTER));
    expect([...counts].map(([severity, count]) => findings.countText(count, severity))).toEqual([
      "2 errors",
      "1 warning",
      "1 hint",
    ]);
  });
});

it("lists the rules that are broken by code", () => {
  expect(findings.rulesOf(ALL).map(([code]) => code)).toEqual(["BDY002", "BDY011", "LNK001"]);
});

it.each([
  ["Frames/a.md", "a"],
  ["a.b.md", "a.b"],
  ["Frames.base", "Frames.base"],
])("names the note %s %s", (path, name) => {
  expect(findings.nameOf(path)).toBe(name);
});
