"use strict";
// Search and filters: what does not match is hidden, and the address says what is asked for.
// Texts of notes are compared and counted, never made into elements.
{
  const FEW = 20;
  const MOST_MARKS = 500;
  // What all notes say, and the titles of those that one is related to.
  const NOT_ITS_OWN = 'summary, details > p:last-child, details li > a[href^="#"]:first-child';
  const main = document.querySelector("main");
  const form = document.querySelector("form.find");
  const search = form.elements.namedItem("q");
  const more = form.querySelector(".find-more");
  const filters = form.querySelector(".find-filters");
  const clear = form.querySelector(".find-clear");
  const count = form.querySelector(".find-count");
  const boxes = [...form.querySelectorAll("input[type=checkbox]")];
  const blocks = main.children;
  const notes = read();
  let opened = [];

  // Letters without their accents, in one case; as long as the text where it has none.
  function fold(text) {
    return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  }

  // What a part says, without that.
  function ownText(part) {
    let text = part.textContent;
    for (const other of part.querySelectorAll(NOT_ITS_OWN)) {
      text = text.replace(other.textContent, "");
    }
    return fold(text);
  }

  function read() {
    return placedNotes().map(({ also, values, parts }) => {
      const folded = parts[0].querySelector(":scope > details");
      const named = fold([...also, ...Object.values(values).flat()].join("\n"));
      const said = [named, ...parts.map(ownText)].join("\n");
      // What can be seen of it while it is folded.
      const seen = fold(parts[0].textContent.replace(folded?.textContent ?? "", ""));
      const brief = `${named}\n${seen}`;
      return { parts, block: blockOf(parts[0]), folded, values, said, brief };
    });
  }

  function asked() {
    const chosen = new Map();
    for (const { name, value, checked } of boxes) {
      if (checked) chosen.set(name, [...(chosen.get(name) ?? []), value]);
    }
    return { words: fold(search.value).split(/\s+/).filter(Boolean), chosen };
  }

  // Every word, and of each property one of the values that are chosen.
  function fits(note, { words, chosen }) {
    return (
      words.every((word) => note.said.includes(word)) &&
      [...chosen].every(([name, values]) => values.some((value) => note.values[name]?.includes(value)))
    );
  }

  // Blocks without a match go, and headings under which nothing is left.
  function hideBlocks(matches) {
    const kept = new Set(matches.map((note) => note.block));
    for (const note of matches) note.parts.forEach((part) => kept.add(part));
    const above = [];
    for (const block of blocks) {
      const depth = level(block);
      block.hidden = true;
      if (depth) {
        while (above.length && level(above.at(-1)) >= depth) above.pop();
        above.push(block);
      }
      if (kept.has(block)) for (const shown of [...above, block]) shown.hidden = false;
    }
  }

  function unfold(matches, words) {
    for (const details of opened) details.open = false;
    opened = [];
    const open = (details) => {
      if (details && !details.open) {
        details.open = true;
        opened.push(details);
      }
    };
    for (const note of matches) {
      open(note.parts[0].parentElement.closest("details"));
      if (note.folded && matches.length <= FEW) {
        if (!words.every((word) => note.brief.includes(word))) open(note.folded);
      }
    }
  }

  // Marks without changing the text: https://www.w3.org/TR/css-highlight-api-1/.
  function mark(matches, words) {
    if (!globalThis.CSS?.highlights) return;
    const ranges = [];
    for (const part of matches.flatMap((note) => note.parts)) {
      const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
      while (words.length && ranges.length < MOST_MARKS && walker.nextNode()) {
        const node = walker.currentNode;
        const text = fold(node.data);
        if (text.length !== node.data.length) continue;
        for (const word of words) {
          for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
            const range = new Range();
            range.setStart(node, at);
            range.setEnd(node, at + word.length);
            ranges.push(range);
          }
        }
      }
    }
    CSS.highlights.set("found", new Highlight(...ranges));
  }

  function remember({ chosen }) {
    const query = new URLSearchParams();
    if (search.value.trim()) query.set("q", search.value.trim());
    for (const [name, values] of chosen) values.forEach((value) => query.append(name, value));
    const address = `${location.pathname}${query.size ? `?${query}` : ""}${location.hash}`;
    try {
      history.replaceState(history.state, "", address);
    } catch {
      // Some browsers allow a file no other address.
    }
  }

  function show() {
    const wish = asked();
    const active = wish.words.length > 0 || wish.chosen.size > 0;
    const matches = active ? notes.filter((note) => fits(note, wish)) : notes;
    const found = new Set(matches);
    for (const note of notes) {
      for (const part of note.parts) part.hidden = !found.has(note);
    }
    if (active) hideBlocks(matches);
    else for (const block of blocks) block.hidden = false;
    unfold(active ? matches : [], wish.words);
    mark(active ? matches : [], wish.words);
    document.body.classList.toggle("finding", active);
    clear.hidden = !active;
    const none = "Nothing matches. Esc clears.";
    count.textContent = !active ? "" : matches.length ? `${matches.length} of ${notes.length}` : none;
    if (more) more.classList.toggle("used", wish.chosen.size > 0);
    remember(wish);
  }

  let waiting = 0;
  function showSoon() {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => {
      show();
      // What is found begins where the reader looks.
      if (form.getBoundingClientRect().top <= 0) main.scrollIntoView();
    });
  }

  function lift() {
    form.reset();
    for (const box of boxes) box.checked = false;
    search.value = "";
    show();
  }

  function recall() {
    const query = new URLSearchParams(location.search);
    search.value = query.get("q") ?? "";
    for (const box of boxes) box.checked = query.getAll(box.name).includes(box.value);
    if (boxes.some((box) => box.checked)) expand(true);
  }

  function expand(wanted) {
    filters.hidden = !wanted;
    more.setAttribute("aria-expanded", String(wanted));
  }

  // A link to what a filter hides lifts the filter.
  function land() {
    let place = null;
    try {
      place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return;
    }
    if (place?.closest("[hidden]")) {
      lift();
      place.scrollIntoView();
    }
  }

  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", showSoon);
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    lift();
    search.focus();
  });
  more?.addEventListener("click", () => expand(filters.hidden));
  addEventListener("hashchange", land);
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input:not([type=checkbox]), textarea, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "Escape" && !event.isComposing) {
      lift();
    }
  });
  recall();
  show();
  land();
}
