"use strict";
// On the map, the relations of the note that is pointed at.
{
  for (const map of document.querySelectorAll("figure.map svg")) {
    const curves = [...map.querySelectorAll("path")];
    const ends = curves.map((curve) => curve.dataset.ends.split(" "));
    const notes = new Map([...map.querySelectorAll("a")].map((note) => [note.dataset.note, note]));

    const point = (number) => {
      const near = new Set(number === undefined ? [] : [number]);
      curves.forEach((curve, at) => {
        const lit = ends[at].includes(number);
        curve.classList.toggle("lit", lit);
        if (lit) ends[at].forEach((end) => near.add(end));
      });
      for (const [end, note] of notes) note.classList.toggle("lit", near.has(end));
      map.classList.toggle("pointed", near.size > 0);
    };
    map.addEventListener("pointerover", (event) => point(event.target.closest("a")?.dataset.note));
    map.addEventListener("pointerleave", () => point());
  }
}
