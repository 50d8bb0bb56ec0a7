"use strict";
// What is folded opens where a link leads to it, and on paper.
{
  function target() {
    try {
      return document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      // A link may be no well-formed text.
      return null;
    }
  }

  // What is open already was scrolled to by the browser, or back to where the reader left it.
  function unfold() {
    const place = target();
    if (!place) return;
    const folds = [unitOf(place).querySelector(":scope > details")];
    for (let at = place; at; at = at.parentElement?.closest("details")) {
      if (at.localName === "details") folds.push(at);
    }
    const closed = folds.filter((details) => details && !details.open);
    for (const details of closed) details.open = true;
    if (closed.length) place.scrollIntoView();
  }

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("main details:not([open])")];
    for (const details of closed) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of closed) details.open = false;
  });
  addEventListener("hashchange", unfold);
  document.addEventListener("click", (event) => {
    // A second click on a link to where the page stands already changes no address.
    const link = event.target.closest?.('a[href^="#"]');
    if (link?.hash === location.hash) unfold();
  });
  unfold();
}
