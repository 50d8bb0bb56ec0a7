/** What a user can choose; it is kept with the vault. */

export interface Settings {
  /** When marks are drawn: at each change, or when the note is saved. */
  lintOn: "typing" | "save";
  hasGutter: boolean;
}

export const DEFAULTS: Settings = { lintOn: "typing", hasGutter: true };
