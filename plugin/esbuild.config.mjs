import { build } from "esbuild";
import { builtinModules } from "node:module";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";

/** Build the plugin into a file. */
export async function buildPlugin(outfile) {
  await build({
    absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
    entryPoints: ["src/main.ts"],
    outfile,
    bundle: true,
    minify: true,
    format: "cjs",
    target: "es2022",
    charset: "utf8",
    // What the app has.
    external: [
      "obsidian",
      "electron",
      "@codemirror/state",
      "@codemirror/view",
      ...builtinModules,
      ...builtinModules.map((name) => `node:${name}`),
    ],
  });
}

if (argv[1] === fileURLToPath(import.meta.url)) await buildPlugin("main.js");
