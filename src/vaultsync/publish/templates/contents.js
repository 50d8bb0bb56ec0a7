"use strict";
// The contents: beside the text they are open, and what is in view is marked in them.
{
  const SLACK = 12;
  const main = document.querySelector("main");
  const nav = document.querySelector(".page-toc");
  const wide = matchMedia("(min-width: 80rem)");
  const places = [...(nav?.querySelectorAll("a") ?? [])].flatMap((link) => {
    const place = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    return place ? [{ link, unit: unitOf(place) }] : [];
  });
  let current = null;
  let opened = null;

  // The last place that begins above where links lead to; at the end of the page, the last one.
  function inView() {
    const left = document.documentElement.scrollHeight - scrollY - innerHeight;
    const top = Number.parseFloat(getComputedStyle(main).scrollMarginTop) + SLACK;
    const line = scrollY > 0 && left < 2 ? innerHeight : top;
    const isAbove = ({ unit }) => {
      const box = unit.getBoundingClientRect();
      return box.height > 0 && box.top < line;
    };
    return places.findLast(isAbove)?.link ?? null;
  }

  // The notes under a heading unfold while that is read, and fold again if the reader left them.
  function unfoldNotes(link) {
    const notes = wide.matches ? link?.closest("li[class]").querySelector("details") : null;
    if (notes === opened) return;
    if (opened) opened.open = false;
    opened = notes?.open ? null : notes;
    if (opened) opened.open = true;
  }

  function reveal(link) {
    const box = nav.getBoundingClientRect();
    const at = link.getBoundingClientRect();
    const isSeen = at.top >= box.top && at.bottom <= box.bottom;
    if (wide.matches && !isSeen) nav.scrollTop += at.top - box.top - box.height / 3;
  }

  function mark() {
    waiting = 0;
    const link = inView();
    if (link === current) return;
    current?.removeAttribute("aria-current");
    link?.setAttribute("aria-current", "location");
    current = link;
    unfoldNotes(link);
    if (link) reveal(link);
  }

  let waiting = 0;
  function markSoon() {
    waiting ||= requestAnimationFrame(mark);
  }

  function layOut() {
    nav.querySelector("details").open = wide.matches;
    markSoon();
  }

  if (nav) {
    wide.addEventListener("change", layOut);
    addEventListener("scroll", markSoon, { passive: true });
    addEventListener("resize", markSoon, { passive: true });
    layOut();
  }
}
