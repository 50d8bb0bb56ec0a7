"use strict";
// The theme that a reader chose, before anything is shown; the system's where none was chosen.
{
  const NEXT = { system: "light", light: "dark", dark: "system" };
  const root = document.documentElement;

  // A browser may forbid a page to remember anything.
  function recalled() {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null;
    }
  }

  function choose(theme) {
    root.dataset.theme = theme in NEXT ? theme : "system";
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {
      // It then holds for as long as the page is open.
    }
  }

  choose(recalled());
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("button.theme");
    const label = () => {
      button.textContent = `Theme: ${root.dataset.theme}`;
    };
    button.hidden = false;
    button.addEventListener("click", () => {
      choose(NEXT[root.dataset.theme]);
      label();
    });
    label();
  });
}
