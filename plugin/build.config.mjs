import { builtinModules } from "node:module";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";

/** Bundle a module and what it imports into a file. */
export async function bundle(input, file, format, external = []) {
  await build({
    input,
    external,
    transform: { target: "es2022" },
    logLevel: "warn",
    output: { file, format, exports: "named", name: "page", minify: format === "cjs", sourcemap: false },
  });
}

/** Build the plugin into a file. */
export async function buildPlugin(outfile) {
  const entry = fileURLToPath(new URL("src/main.ts", import.meta.url));
  // What the app has.
  const own = ["obsidian", "electron", "@codemirror/state", "@codemirror/view"];
  const node = builtinModules.flatMap((name) => [name, `node:${name}`]);
  await bundle(entry, outfile, "cjs", [...own, ...node]);
}

if (argv[1] === fileURLToPath(import.meta.url)) await buildPlugin("main.js");
