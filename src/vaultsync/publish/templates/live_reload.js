{
  const shown = document.currentScript.dataset.version;
  const panel = document.body.appendChild(document.createElement("pre"));
  panel.id = "preview-problems";
  panel.setAttribute("role", "alert");
  panel.hidden = true;
  Object.assign(panel.style, {
    position: "fixed", inset: "auto 0 0 0", zIndex: 1000, margin: 0, padding: "1em",
    maxHeight: "50vh", overflow: "auto", whiteSpace: "pre-wrap", font: "14px monospace",
    background: "#4a0d0d", color: "#fff",
  });
  new EventSource("/events").onmessage = (event) => {
    const now = JSON.parse(event.data);
    if (now.version !== shown) location.reload();
    panel.textContent = now.problems;
    panel.hidden = !now.problems;
  };
}
