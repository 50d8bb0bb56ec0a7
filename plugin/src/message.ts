/** Texts of the server for people to read. */

/** Add a text; what is in backticks is code. */
export function addMessage(element: HTMLElement, text: string): void {
  for (const [index, part] of text.split("`").entries()) {
    if (index % 2) element.createEl("code", { text: part });
    else element.appendText(part);
  }
}

/** A text for a place that shows no code, such as a button. */
export function plain(text: string): string {
  return text.replaceAll("`", "");
}
