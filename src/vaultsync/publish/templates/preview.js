"use strict";
// What a link leads to, beside the link while a mouse or the focus is on it: the claim of a note, or
// what the page has on a source. It is in the page already.
{
  const SOON = 250;
  const GAP = 8;
  const main = document.querySelector("main");
  const notes = new Map(placedNotes().map((note) => [note.id, note]));
  const sources = new Map();
  for (const link of main.querySelectorAll("dd li > a:not([href^='#'])")) {
    sources.set(link.href, [...(sources.get(link.href) ?? []), link]);
  }
  const card = document.createElement("div");
  card.id = "page-preview";
  card.className = "preview";
  card.setAttribute("role", "tooltip");
  card.hidden = true;
  document.querySelector("footer").append(card);
  let shown = null;
  let timer = 0;

  function element(name, text) {
    const made = document.createElement(name);
    made.dir = "auto";
    made.textContent = text;
    return made;
  }

  function ofNote({ also, parts }) {
    const claim = parts[0].querySelector(":scope > p, :scope > td + td") ?? parts[1];
    return [element("strong", also[0]), element("p", claim?.textContent ?? "")];
  }

  // A source may be in several notes: what that of the link has on it comes first.
  function ofSource(link, found) {
    const unit = link.closest("li:has(> details)");
    const source = found.find((one) => unit?.contains(one)) ?? found[0];
    const words = [...source.parentElement.childNodes].filter((node) => !node.matches?.("a, ul, ol"));
    const text = words.map((node) => node.textContent).join("").replace(/(:)?\s*[,;]\s*/, "$1 ");
    return [element("strong", source.textContent), element("p", text.trim())];
  }

  function contentOf(link) {
    if (!link.hash || link.getAttribute("href")[0] !== "#") {
      const found = sources.get(link.href);
      return found && !found.includes(link) ? ofSource(link, found) : null;
    }
    const note = notes.get(decodeURIComponent(link.hash.slice(1)));
    return note && !note.parts.some((part) => part.contains(link)) ? ofNote(note) : null;
  }

  function hide() {
    clearTimeout(timer);
    shown?.removeAttribute("aria-describedby");
    shown = null;
    card.hidden = true;
  }

  // Below the line of the link that is nearest to its end, or above it where there is more room.
  function place(link) {
    const box = [...link.getClientRects()].at(-1);
    const width = document.documentElement.clientWidth;
    card.hidden = false;
    const left = Math.min(box.left, width - card.offsetWidth - GAP);
    const isBelow = box.bottom + card.offsetHeight + GAP < innerHeight || box.top < innerHeight / 2;
    card.style.left = `${Math.max(GAP, left)}px`;
    card.style.top = `${isBelow ? box.bottom : box.top - card.offsetHeight}px`;
  }

  function show(link) {
    const content = link.isConnected && contentOf(link);
    hide();
    if (!content || !link.getClientRects().length) return;
    card.replaceChildren(...content);
    place(link);
    link.setAttribute("aria-describedby", card.id);
    shown = link;
  }

  function later(action) {
    clearTimeout(timer);
    timer = setTimeout(action, SOON);
  }

  if (matchMedia("(hover: hover)").matches) {
    document.addEventListener("pointerover", (event) => {
      const link = event.target.closest("a");
      if (event.pointerType !== "mouse" || link === shown) clearTimeout(timer);
      else if (link) later(() => show(link));
      else if (card.contains(event.target)) clearTimeout(timer);
      else later(hide);
    });
    document.addEventListener("focusin", ({ target }) => {
      if (target.matches("a:focus-visible")) later(() => show(target));
      else hide();
    });
    document.addEventListener("focusout", hide);
    addEventListener("scroll", () => shown && hide(), { passive: true });
    addEventListener("hashchange", hide);
    // It takes the key before what else the key would end.
    addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !shown) return;
      event.stopImmediatePropagation();
      hide();
    }, true);
  }
}
