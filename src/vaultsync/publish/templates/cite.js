"use strict";
// Buttons that copy how to cite a note; without an address of its own the page has that of the reader.
{
  const here = /^https?:/.test(location.protocol) ? location.origin + location.pathname : "";
  for (const text of document.querySelectorAll("p.cite")) {
    if (here && text.dataset.place) text.append(` ${here}#${text.dataset.place}`);
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text.textContent);
        button.textContent = "Copied";
      } catch {
        // A browser may forbid that: it is then selected, to be copied by hand.
        getSelection().selectAllChildren(text);
        button.textContent = "Selected";
      }
    });
    text.after(button);
  }
}
