"use strict";
// What is new since a day that the reader chooses, or since the last visit, of which nobody but this
// browser knows. Days are texts that sort: "2026-05-03+" is after that day and before the next.
{
  const form = document.querySelector("form.since");
  const field = form.querySelector("input");
  const button = form.querySelector("button");
  const summary = form.querySelector("output");
  const notes = placedNotes().filter((note) => note.added || note.changed);
  const days = [...document.querySelectorAll("main [id^=changelog-]")].flatMap(readDay);
  const headings = [...document.querySelectorAll(".page-toc a")].flatMap(readHeading);
  const contents = document.querySelectorAll(".page-toc > details > summary");

  // A day is a line, or a heading with the text and lists below it.
  function readDay(place) {
    const [, date] = /^changelog-(\d{4}-\d{2}-\d{2})$/.exec(place.id) ?? [];
    if (!date) return [];
    const parts = partsOf(place);
    const end = parts.findIndex((part, at) => at > 0 && !part.matches("p, ul, ol"));
    return [{ date, parts: end < 0 ? parts : parts.slice(0, end) }];
  }

  function readHeading(link) {
    const place = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    return place ? [{ link, parts: partsOf(place) }] : [];
  }

  function wordsOf(date) {
    const parts = days.flatMap((day) => (day.date === date ? day.parts : []));
    return parts.map((part) => part.textContent).join("\n");
  }

  // A visit is a day of the reader's. At the next one the days that the page has now are not new,
  // unless the newest of them got more lines after all.
  function lastVisit() {
    const now = new Date();
    const today = new Date(now - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
    const newest = days.map((day) => day.date).sort().at(-1);
    const key = `visit ${location.pathname}`;
    try {
      const visit = JSON.parse(localStorage.getItem(key)) ?? {};
      if (visit.day !== today && visit.newest) {
        visit.since = wordsOf(visit.newest) === visit.words ? `${visit.newest}+` : visit.newest;
      }
      Object.assign(visit, { day: today, newest, words: wordsOf(newest) });
      localStorage.setItem(key, JSON.stringify(visit));
      return visit.since;
    } catch {
      // A browser may forbid a page to remember anything.
      return undefined;
    }
  }

  function mark(text) {
    const badge = document.createElement("small");
    badge.className = "badge";
    badge.textContent = text;
    return badge;
  }

  function counted(found) {
    const counts = ["new", "changed"].map((state) => {
      const number = found.filter((note) => note.state === state).length;
      return number ? [`${number} ${state}`] : [];
    });
    return counts.flat().join(", ");
  }

  function markNotes(found) {
    for (const badge of document.querySelectorAll("small.badge")) badge.remove();
    for (const { parts, state } of found) {
      const words = parts[0].querySelector(":scope > :is(p, td, th)") ?? parts[0];
      words.prepend(mark(state === "new" ? "New: " : "Changed: "));
    }
    for (const { link, parts } of headings) {
      const within = found.filter((note) => parts.some((part) => part.contains(note.parts[0])));
      const state = link.closest("li li") ? within[0]?.state : counted(within);
      if (within.length) link.append(mark(` · ${state}`));
    }
    for (const title of contents) if (found.length) title.append(mark(` · ${counted(found)}`));
  }

  // Marks what is new since a day, nothing without one.
  function show(since, name) {
    const isNew = (day) => Boolean(since && day && day >= since);
    const found = notes.flatMap((note) => {
      const state = isNew(note.added) ? "new" : isNew(note.changed) ? "changed" : "";
      return state ? [{ ...note, state }] : [];
    });
    markNotes(found);
    for (const { date, parts } of days) {
      for (const part of parts) part.classList.toggle("past", Boolean(since) && !isNew(date));
    }
    const rest = days.some((day) => isNew(day.date)) ? "The changelog has more" : "Nothing is new";
    const all = found.length ? `Marked: ${counted(found)}` : rest;
    summary.textContent = since ? `${all} since ${name}.` : "";
  }

  function showLastVisit(wanted) {
    field.value = "";
    button.setAttribute("aria-pressed", String(wanted));
    show(wanted ? visited : "", "your last visit");
  }

  function showDay() {
    const day = field.validity.valid ? field.value : "";
    const name = new Date(day).toLocaleDateString("en-GB", { dateStyle: "long", timeZone: "UTC" });
    button.setAttribute("aria-pressed", "false");
    show(day, name);
  }

  const visited = days.length ? lastVisit() : undefined;
  if (days.length) {
    blockOf(days[0].parts[0]).before(form);
    form.hidden = false;
  }
  button.hidden = !visited;
  if (days.some((day) => visited && day.date >= visited)) showLastVisit(true);
  form.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", showDay);
  button.addEventListener("click", () => {
    showLastVisit(button.getAttribute("aria-pressed") !== "true");
  });
}
