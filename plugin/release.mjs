/**
 * Make the tree of the plugin's own repository: `node release.mjs FOLDER VERSION`.
 *
 * The community directory and BRAT read it there: the manifest, README and LICENSE at its root, and
 * the built files as assets of the release with the tag VERSION, which the tree's workflow makes.
 */
import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { argv, exit, stderr } from "node:process";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const FILES = [
  ".github",
  ".gitignore",
  "LICENSE",
  "README.md",
  "build.config.d.mts",
  "build.config.mjs",
  "eslint.config.mjs",
  "images",
  "manifest.json",
  "package.json",
  "src",
  "styles.css",
  "tsconfig.json",
  "versions.json",
];

const read = (name) => JSON.parse(readFileSync(join(HERE, name), "utf8"));

/** What the community's rules and this release need of the manifest: what must hold, and what is wrong otherwise. */
function problems(manifest, version) {
  const { id, name, description, minAppVersion } = manifest;
  const rules = [
    [/^\d+\.\d+\.\d+$/.test(version), `${version} is not of the form 1.2.3`],
    [manifest.version === version, `manifest.json has the version ${manifest.version}, not ${version}`],
    [read("package.json").version === version, `package.json has another version than ${version}`],
    [
      read("versions.json")[version] === minAppVersion,
      `versions.json must map ${version} to ${minAppVersion}`,
    ],
    [/^[a-z]+(-[a-z]+)*$/.test(id), `the id ${id} has more than lowercase letters and hyphens`],
    [!/obsidian|plugin$/.test(id), `the id ${id} must be without "obsidian" and not end in "plugin"`],
    [
      !/obsidian|plugin/i.test(name + description),
      `name and description must be without "Obsidian" and "plugin"`,
    ],
    [
      description.length <= 250 && description.endsWith("."),
      "the description must have at most 250 characters, and end in a period",
    ],
    [manifest.isDesktopOnly === true, "isDesktopOnly must be true: it starts a program"],
  ];
  return rules.filter(([holds]) => !holds).map(([, problem]) => problem);
}

const [folder, version] = argv.slice(2);
if (!folder || !version || existsSync(folder)) {
  stderr.write("node release.mjs FOLDER VERSION: FOLDER must be a new folder\n");
  exit(2);
}
const found = problems(read("manifest.json"), version);
if (found.length) {
  stderr.write(found.map((problem) => `${problem}\n`).join(""));
  exit(1);
}
for (const name of FILES) cpSync(join(HERE, name), join(folder, name), { recursive: true });
