"use strict";
// On the map, the relations of the note that is pointed at.
{
  for (const map of document.querySelectorAll("figure.map svg")) {
    const notes = [...map.querySelectorAll("a")];
    const curves = [...map.querySelectorAll("path")].map((curve) => {
      return { curve, ends: curve.dataset.ends.split(" ").map((at) => notes[at]) };
    });

    const point = (note) => {
      const near = new Set(note ? [note] : []);
      for (const { curve, ends } of curves) {
        const lit = ends.includes(note);
        curve.classList.toggle("lit", lit);
        if (lit) ends.forEach((end) => near.add(end));
      }
      for (const one of notes) one.classList.toggle("lit", near.has(one));
      map.classList.toggle("pointed", near.size > 0);
    };
    map.addEventListener("pointerover", (event) => point(event.target.closest("a")));
    map.addEventListener("pointerleave", () => point(null));
  }
}
