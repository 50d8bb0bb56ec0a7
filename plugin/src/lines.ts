/** What the command line does for a writer: a table, and how its lines run. */

import { Notice } from "obsidian";
import { saveAll } from "./documents";
import { ask, type Field, type Values } from "./forms";
import type VaultsyncPlugin from "./main";
import { showOutput } from "./modals";
import { type Finished, run } from "./program";

export interface Line {
  id: string;
  name: string;
  args: string[];
  /** What there is to fill in: each becomes an option of its name. */
  fields?: Field[] | ((plugin: VaultsyncPlugin) => Promise<Field[]>);
  /** Whether what would change is read before it is agreed to. */
  hasDiff?: boolean;
  /** What is printed is to be read, not only that it was done. */
  isPage?: boolean;
}

const ADOPT: Field[] = [
  {
    name: "baseline",
    kind: "flag",
    label: "Report only new findings",
    hint: "All of today are kept in a file",
  },
  { name: "hook", kind: "flag", label: "Check before each commit", hint: "By a hook of git in this clone" },
  { name: "ci", kind: "flag", label: "Check on GitHub", hint: "By a workflow in the repository" },
];
const COPY_OF_POST: Field[] = [
  {
    name: "compare",
    kind: "text",
    label: "File",
    hint: "HTML saved from a browser, or Markdown",
    isRequired: true,
  },
];

export const LINES: Line[] = [
  { id: "index", name: "Rebuild index", args: ["index"] },
  { id: "changelog", name: "Update changelog", args: ["changelog"] },
  {
    id: "rebuild-changelog",
    name: "Rebuild changelog from the history",
    args: ["changelog", "--rebuild"],
    hasDiff: true,
  },
  { id: "publish", name: "Publish", args: ["publish"] },
  { id: "publish-open", name: "Publish and open the page", args: ["publish", "--open"] },
  { id: "copy", name: "Copy post to the clipboard", args: ["publish"], fields: targets },
  {
    id: "delta",
    name: "Show what changed since the post was copied",
    args: ["publish", "--delta"],
    isPage: true,
  },
  {
    id: "compare",
    name: "Compare a saved copy of the post",
    args: ["publish"],
    fields: COPY_OF_POST,
    isPage: true,
  },
  { id: "baseline", name: "Update baseline", args: ["lint", "--write-baseline"], hasDiff: true },
  { id: "adopt", name: "Adopt this vault", args: ["init"], fields: ADOPT },
  { id: "settings", name: "Show settings in force", args: ["config"], isPage: true },
];

/** The targets of the vault's post, of which one can be copied. */
async function targets(plugin: VaultsyncPlugin): Promise<Field[]> {
  const { stdout } = await finished(plugin, ["config", "--output-format", "json"]);
  const { settings } = JSON.parse(stdout) as { settings: { key: string[]; value: unknown }[] };
  const found = settings.find(({ key }) => key.join(".") === "publish.targets")?.value as
    string[] | undefined;
  return [{ name: "copy", kind: "choice", label: "Form", choices: found ?? [], isRequired: true }];
}

/** Run a line of the table: show its form, save the notes, run it, show what it printed. */
export async function runLine(plugin: VaultsyncPlugin, line: Line): Promise<void> {
  const fields = typeof line.fields === "function" ? await line.fields(plugin) : line.fields;
  const values = fields ? await ask(plugin.app, { title: line.name, fields, button: "Run" }) : {};
  if (!values) return;
  if (line.hasDiff && !(await isAgreed(plugin, line))) return;
  const notice = new Notice(`${line.name}…`, 0);
  try {
    show(plugin, line, await finished(plugin, [...line.args, ...optionsOf(values)]));
  } finally {
    notice.hide();
  }
}

/** Return the options of a command that the values of a form mean. */
export function optionsOf(values: Values): string[] {
  return Object.entries(values).flatMap(([name, value]) =>
    value === true ? [`--${name}`] : value === false ? [] : [`--${name}`, String(value)],
  );
}

/** Run a command on what the editors hold; throw what it printed where it could not work. */
async function finished(plugin: VaultsyncPlugin, args: string[]): Promise<Finished> {
  await saveAll(plugin.app);
  const result = await run(plugin, args);
  if (result.code === 0 || result.code === 1) return result;
  throw new Error(printed(result) || `vaultsync ${args.join(" ")} ended with ${result.code}`);
}

/** Show what would change, to be agreed to; false where that is nothing. */
async function isAgreed(plugin: VaultsyncPlugin, { name: title, args }: Line): Promise<boolean> {
  const result = await finished(plugin, [...args, "--diff"]);
  if (result.code !== 0)
    return (await ask(plugin.app, { title, output: printed(result), button: "Do this" })) !== null;
  new Notice("Nothing would change.");
  return false;
}

function show(plugin: VaultsyncPlugin, line: Line, result: Finished): void {
  const text = printed(result);
  const lines = text.split("\n");
  if (line.isPage || (result.code !== 0 && lines.length > 3)) showOutput(plugin.app, line.name, text);
  else new Notice(lines.slice(-3).join("\n") || `${line.name}: done`);
}

function printed({ stdout, stderr }: Finished): string {
  return `${stdout}${stderr}`.trim();
}
