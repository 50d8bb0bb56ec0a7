"use strict";
// Search and filters: what does not match is hidden, and the address says what is asked for.
// What notes say is compared and shown as text, never read as markup.
{
  const FEW = 20;
  const MOST_MARKS = 500;
  const MOST_BEST = 6;
  const main = document.querySelector("main");
  const form = document.querySelector("form.find");
  const search = form.elements.namedItem("q");
  const more = form.querySelector(".find-more");
  const filters = form.querySelector(".find-filters");
  const clear = form.querySelector(".find-clear");
  const count = form.querySelector(".find-count");
  const best = form.querySelector(".find-best");
  const boxes = [...form.querySelectorAll("input[type=checkbox]")];
  const blocks = main.children;
  const notes = placedNotes();
  const finder = new Search(notes, pageData().abbreviations);
  let opened = [];
  let marking = 0;

  function chosenValues() {
    const chosen = new Map();
    for (const { name, value, checked } of boxes) {
      if (checked) chosen.set(name, [...(chosen.get(name) ?? []), value]);
    }
    return chosen;
  }

  // Of each property one of the values that are chosen; one property may be left out.
  function fits(note, chosen, leftOut) {
    return [...chosen].every(([name, values]) => {
      return name === leftOut || values.some((value) => note.values[name]?.includes(value));
    });
  }

  // How many notes each value would leave, beside the words and the other properties.
  function countValues(matches, chosen) {
    for (const name of new Set(boxes.map((box) => box.name))) {
      const left = matches.filter(({ note }) => fits(note, chosen, name));
      const values = left.flatMap(({ note }) => note.values[name] ?? []);
      for (const box of boxes.filter((box) => box.name === name)) {
        const number = values.filter((value) => value === box.value).length;
        const chip = box.closest(".chip");
        chip.querySelector("small").textContent = number;
        chip.classList.toggle("none", !number);
      }
    }
  }

  // The best by name, each with where it was found if that is not its name.
  function list(matches) {
    const items = matches.slice(0, MOST_BEST).map(({ note, texts }) => {
      const item = document.createElement("li");
      const link = item.appendChild(document.createElement("a"));
      link.href = `#${encodeURIComponent(note.id)}`;
      link.textContent = note.also[0];
      const why = document.createElement("small");
      why.textContent = texts[0].what;
      item.append(" ", why);
      return item;
    });
    // A list that stays the same keeps the focus that is in it.
    const { children } = best;
    if (items.length === children.length && items.every((item, at) => item.isEqualNode(children[at]))) return;
    best.replaceChildren(...items);
    best.hidden = !items.length;
  }

  // Blocks without a match go, and headings under which nothing is left.
  function hideBlocks(matches) {
    const kept = new Set(matches.flatMap(({ note }) => [blockOf(note.parts[0]), ...note.parts]));
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

  // What hides a match is opened, and of a few their details if these have a word.
  function unfold(matches) {
    for (const details of opened) details.open = false;
    opened = [];
    const open = (details) => {
      if (details && !details.open) {
        details.open = true;
        opened.push(details);
      }
    };
    for (const { note, texts } of matches) {
      open(note.parts[0].parentElement.closest("details"));
      if (matches.length <= FEW && texts.some((text) => text.isFolded)) {
        open(note.parts[0].querySelector(":scope > details"));
      }
    }
  }

  // Marks, a frame after what was found, without changing the text: https://www.w3.org/TR/css-highlight-api-1/.
  function mark(matches, words) {
    if (!globalThis.CSS?.highlights) return;
    const ranges = [];
    for (const part of matches.flatMap(({ note }) => note.parts)) {
      const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
      while (words.size && ranges.length < MOST_MARKS && walker.nextNode()) {
        const node = walker.currentNode;
        const text = fold(node.data);
        if (text.length !== node.data.length) continue;
        for (const { 0: word, index } of text.matchAll(WORD)) {
          if (!words.has(spelled(word))) continue;
          const range = new Range();
          range.setStart(node, index);
          range.setEnd(node, index + word.length);
          ranges.push(range);
        }
      }
    }
    CSS.highlights.set("found", new Highlight(...ranges));
  }

  function remember(chosen) {
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
    const chosen = chosenValues();
    const { matches: worded, words } = finder.find(search.value);
    const matches = worded.filter(({ note }) => fits(note, chosen));
    const active = search.value.trim() !== "" || chosen.size > 0;
    const found = new Set(matches.map(({ note }) => note));
    for (const note of notes) {
      for (const part of note.parts) part.hidden = !found.has(note);
    }
    if (active) hideBlocks(matches);
    else for (const block of blocks) block.hidden = false;
    unfold(active ? matches : []);
    cancelAnimationFrame(marking);
    marking = requestAnimationFrame(() => mark(active ? matches : [], words));
    list(words.size ? matches : []);
    countValues(worded, chosen);
    document.body.classList.toggle("finding", active);
    clear.hidden = !active;
    const none = "Nothing matches. Esc clears.";
    count.textContent = !active ? "" : matches.length ? `${matches.length} of ${notes.length}` : none;
    if (more) more.classList.toggle("used", chosen.size > 0);
    remember(chosen);
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

  // Arrows go from the search through the best, as Tab does.
  function step(event) {
    const stops = [search, ...best.querySelectorAll("a")];
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const next = stops[stops.indexOf(event.target) + by];
    if (!by || !stops.includes(event.target) || !next) return;
    event.preventDefault();
    next.focus();
  }

  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    best.querySelector("a")?.click();
  });
  form.addEventListener("keydown", step);
  // A narrow screen shows the list while the focus is here, so a click leaves the focus until it ends.
  best.addEventListener("mousedown", (event) => event.preventDefault());
  best.addEventListener("click", () => document.activeElement.blur());
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
      if (best.contains(event.target)) search.focus();
      lift();
    }
  });
  recall();
  show();
  land();
}
