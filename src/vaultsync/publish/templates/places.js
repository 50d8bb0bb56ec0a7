"use strict";
// Where the notes and days of the page are. The other scripts use it.

function level(element) {
  return /^H[1-6]$/.test(element.tagName) ? Number(element.tagName[1]) : 0;
}

// The part of the page that stands for a place: a name may stand at its beginning.
function unitOf(place) {
  return place.closest("li, tr, h1, h2, h3, h4, h5, h6") ?? place;
}

// The elements of a place: its list item or row, or its heading with what stands below it.
function partsOf(place) {
  const parts = [unitOf(place)];
  const depth = level(parts[0]);
  let next = depth ? parts[0].nextElementSibling : null;
  while (next && !(level(next) && level(next) <= depth)) {
    parts.push(next);
    next = next.nextElementSibling;
  }
  return parts;
}

// The child of the text that an element is in.
function blockOf(element) {
  return element.closest("main > *");
}

function pageData() {
  return JSON.parse(document.querySelector("script[type='application/json']").textContent);
}

// The data of the notes that are in the text, each with its elements and the values of properties,
// which the data has as numbers.
function placedNotes() {
  const { properties, notes } = pageData();
  return notes.flatMap((note) => {
    const place = document.getElementById(note.id);
    const values = Object.fromEntries(
      Object.entries(properties).map(([name, known], at) => {
        return [name, note.values[at].map((number) => known[number])];
      }),
    );
    return place?.closest("main") ? [{ ...note, values, parts: partsOf(place) }] : [];
  });
}
