// Keys of the desk. Everything they do, a button or link does as well: without this file nothing is missing.
// Single keys are off in fields, with Ctrl, Alt or Meta held, and where the reader has switched them off (WCAG 2.1.4).
"use strict";

(() => {
  const STORE = "sallyport-keys";
  const isOff = () => {
    try { return window.localStorage.getItem(STORE) === "off"; } catch { return false; }
  };
  const remember = (value) => {
    // A browser that keeps nothing still has working buttons.
    try { window.localStorage.setItem(STORE, value); } catch { /* nothing to do */ }
  };

  const isField = (element) =>
    element instanceof HTMLElement &&
    (element.isContentEditable || element.matches("textarea, select, input:not([type=radio]):not([type=checkbox])"));

  const rows = () => [...document.querySelectorAll(".queue .row")];

  // j and k: with a message open they open the next one; in the queue they move the focus.
  const step = (by) => {
    const all = rows();
    if (all.length === 0) { return; }
    const focused = all.indexOf(document.activeElement);
    const current = focused >= 0 ? focused : all.findIndex((row) => row.getAttribute("aria-current") === "true");
    const next = current < 0 ? (by > 0 ? 0 : all.length - 1) : current + by;
    if (next < 0 || next >= all.length) { return; }
    if (document.querySelector(".panes.item") && focused < 0) { all[next].click(); } else { all[next].focus(); }
  };

  const use = (target) => {
    const goal = target.matches("a[href^='#']") ? document.querySelector(target.getAttribute("href")) : null;
    if (goal) { use(goal); return; }
    // What cannot be undone is not done by one key: it is pointed at, and Enter does it.
    if (target.matches("button, a") && !("asks" in target.dataset)) { target.click(); return; }
    if (target.matches("input[type=radio]")) { target.checked = true; }
    target.scrollIntoView({ block: "nearest" });
    target.focus();
  };

  const onKey = (event) => {
    if (event.key === "Escape" && isField(event.target)) { event.target.blur(); return; }
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || isField(event.target) || isOff()) { return; }
    if (event.key === "j" || event.key === "k") { event.preventDefault(); step(event.key === "j" ? 1 : -1); return; }
    // Enter on a link, a button or a choice is the browser's own.
    if (event.key === "Enter" && event.target instanceof HTMLElement && event.target.matches("a, button, summary, input")) { return; }
    const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (target) { event.preventDefault(); use(target); }
  };

  const drawSwitch = () => {
    document.body.classList.toggle("keys-off", isOff());
    const button = document.getElementById("keys-switch");
    if (!button) { return; }
    button.hidden = false;
    button.textContent = isOff() ? "Single keys are off" : "Single keys are on";
    button.setAttribute("aria-pressed", String(!isOff()));
  };

  document.addEventListener("keydown", onKey);
  document.getElementById("keys-switch")?.addEventListener("click", () => {
    remember(isOff() ? "on" : "off");
    drawSwitch();
  });
  drawSwitch();
  document.querySelector(".queue .row[aria-current=true]")?.scrollIntoView({ block: "nearest" });
})();
