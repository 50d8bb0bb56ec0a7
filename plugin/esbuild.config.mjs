import { build } from "esbuild";
import { builtinModules } from "node:module";

// The app has one copy of the editor's state and view. Its copy of `@codemirror/lint` is not shared:
// extensions that use the same one erase each other's marks.
await build({
  entryPoints: ["src/main.ts"],
  outfile: "main.js",
  bundle: true,
  minify: true,
  format: "cjs",
  target: "es2022",
  external: [
    "obsidian",
    "electron",
    "@codemirror/state",
    "@codemirror/view",
    ...builtinModules,
    ...builtinModules.map((name) => `node:${name}`),
  ],
});
