// Shows the print buttons: without script the page says how to print, and the button is not there.
"use strict";
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
for (const hint of document.querySelectorAll("[data-no-print]")) {
  hint.hidden = true;
}
