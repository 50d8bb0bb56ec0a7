import { expect, test } from "vitest";
import { problemOfVersion } from "../../src/checks";
import { type Field, labelOf, problemOf, type Value } from "../../src/forms";
import { optionsOf } from "../../src/lines";
import { argumentsOf, lineOf } from "../../src/setup";

test.each<[Partial<Field>, Value | null, string]>([
  [{}, null, ""],
  [{ isRequired: true }, "", "This is required."],
  [{ isWanted: true }, [], "This is required."],
  [{ isRequired: true }, false, ""],
  [{ most: 2 }, "🙂🙂", ""],
  [{ most: 2 }, "abc", "At most 2 characters are allowed, and this is 3."],
  [{ most: 1 }, ["a", "b"], "At most 1 entries are allowed, and this is 2."],
  [{ most: 10 }, 11, "At most 10 is allowed, and this is 11."],
  [{}, NaN, "This is not a number."],
])("what is wrong with a field of %o, %o", (field, value, problem) => {
  expect(problemOf({ name: "a", kind: "text", ...field }, value)).toBe(problem);
});

test("a property has a name for people", () => {
  expect(labelOf("tested_on")).toBe("Tested on");
});

test("options of a command come from the values of a form", () => {
  expect(optionsOf({ hook: true, ci: false, copy: "html" })).toEqual(["--hook", "--copy", "html"]);
});

test.each([["--host vaultsync", ["--host", "vaultsync"]], ['-c "a b" ""', ["-c", "a b", ""]], ["", []]])(
  "the arguments of the line %o",
  (line, args) => {
    expect(argumentsOf(line)).toEqual(args);
    expect(lineOf(args)).toBe(line);
  },
);

test.each([
  ["vaultsync 0.0.9", 0, "Version 0.0.9 is too old: 0.1.0 is needed"],
  ["vaultsync, version 0.1", 0, "Version 0.1 is too old: 0.1.0 is needed"],
  ["vaultsync 0.10.0", 0, undefined],
  ["vaultsync 1.0", 0, undefined],
  ["git version 2.39", 0, "This is not vaultsync: git version 2.39"],
  ["", 3, "This is not vaultsync: it ended with 3"],
])("the version %o of a program that ended with %i", (stdout, code, problem) => {
  expect(problemOfVersion({ code, stdout, stderr: "" })?.message).toBe(problem);
});
