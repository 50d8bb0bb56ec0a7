/** What there has to be so that the plugin works: each check has a state, and what mends it. */

import { existsSync } from "fs";
import type VaultsyncPlugin from "./main";
import { type Finished, find, programOf, run } from "./program";

/** As `vaultsync doctor` reports it. */
export interface Check {
  name: string;
  state: "ok" | "missing" | "unknown" | "wrong";
  message: string;
  /** What to do; a line to run is in backticks. */
  remedy: string | null;
}

const OLDEST = "0.1.0";
const INSTALL = "Install it: `pipx install git+https://example.org/vaultsync`";
const APP = "md.obsidian.Obsidian";
const FLATPAK =
  "The app runs in a sandbox of Flatpak, which hides your programs. Allow it to start them, " +
  "start the app again, and use the program flatpak-spawn with the arguments --host --watch-bus vaultsync";
const IN_SNAP = "The app runs as a snap; a strict one hides your programs. Install the app as a classic snap";
const UPGRADE = "Bring it up to date: `pipx upgrade vaultsync`";

/** Look for the program, and let it look for what it needs. */
export async function examine(plugin: VaultsyncPlugin): Promise<Check[]> {
  const { path } = programOf(plugin.app);
  if (find(path) === null) return [problem("missing", `${path} was not found`, INSTALL), ...sandboxes()];
  const wrong = problemOfVersion(await run(plugin, ["--version"]));
  if (wrong) return [wrong, ...sandboxes()];
  return checksOf(await run(plugin, ["doctor", "--output-format", "json"]));
}

/** What is wrong with the program. */
export function problem(state: Check["state"], message: string, remedy: string | null = null): Check {
  return { name: "program", state, message, remedy };
}

/** Return what is wrong with the program by what `--version` printed; null where nothing is. */
export function problemOfVersion({ code, stdout, stderr }: Finished): Check | null {
  const found = /^vaultsync,?(?: version)? (\d+(?:\.\d+)*)/m.exec(stdout)?.[1];
  if (code !== 0 || !found) {
    const printed = (stderr || stdout).trim().split("\n").at(-1) || `it ended with ${code}`;
    return problem("wrong", `This is not vaultsync: ${printed}`);
  }
  const isOld = found.localeCompare(OLDEST, "en", { numeric: true }) < 0;
  return isOld ? problem("wrong", `Version ${found} is too old: ${OLDEST} is needed`, UPGRADE) : null;
}

function checksOf({ stdout, stderr }: Finished): Check[] {
  try {
    return (JSON.parse(stdout) as { checks: Check[] }).checks;
  } catch {
    return [problem("wrong", stderr.trim())];
  }
}

/** What a sandbox of the app hides, which a program that is not found cannot report. */
function sandboxes(): Check[] {
  const { FLATPAK_ID, SNAP } = process.env;
  const wrong = (message: string, remedy: string): Check[] => [
    { name: "sandbox", state: "wrong", message, remedy },
  ];
  if (FLATPAK_ID || existsSync("/.flatpak-info"))
    return wrong(
      FLATPAK,
      `\`flatpak override --user --talk-name=org.freedesktop.Flatpak ${FLATPAK_ID ?? APP}\``,
    );
  return SNAP ? wrong(IN_SNAP, "`sudo snap install obsidian --classic`") : [];
}
