import obsidianmd from "eslint-plugin-obsidianmd";
import { PlainTextParser } from "eslint-plugin-obsidianmd/dist/lib/plainTextParser.js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

const plugins = { obsidianmd };

export default defineConfig([
  // What the app does not load.
  globalIgnores(["main.js", "test", "*.mjs", "*.mts", "vitest.config.ts"]),
  ...obsidianmd.configs.recommended,
  { files: ["src/*.ts"], languageOptions: { parserOptions: { projectService: true } } },
  {
    files: ["manifest.json"],
    plugins,
    languageOptions: { parser: tseslint.parser, parserOptions: { extraFileExtensions: [".json"] } },
    rules: { "obsidianmd/validate-manifest": "error" },
  },
  {
    files: ["LICENSE"],
    plugins,
    languageOptions: { parser: PlainTextParser },
    rules: { "obsidianmd/validate-license": "error" },
  },
]);
