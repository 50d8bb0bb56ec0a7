"use strict";
// Buttons that copy how to cite a note. A page without an address of its own has the one it is at.
{
  const own = document.querySelector("link[rel=canonical]");
  const here = !own && /^https?:/.test(location.protocol) && location.origin + location.pathname;
  for (const text of document.querySelectorAll("p.cite")) {
    if (here) text.append(` ${here}#${encodeURIComponent(text.closest("li").id)}`);
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
