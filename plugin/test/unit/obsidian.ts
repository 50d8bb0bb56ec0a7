/** What the tested modules import of the app by its value. */

export class MarkdownView {}
export class Notice {}
export const editorInfoField = null;
export class SuggestModal {}
