// The live warning under the question. The server looks again, and better: this only tells sooner.
// It sends nothing, stores nothing, and never repeats the number.
"use strict";
(() => {
  const area = document.getElementById("message");
  const live = document.getElementById("live");
  const first = document.querySelector("#sum, #warned, #notice");
  if (first) first.focus();
  if (!area || !live) return;

  // Said before anything is sent: an upload that the server must cut off shows no page in some browsers.
  const files = document.getElementById("files");
  const filesLive = document.getElementById("files-live");
  files.addEventListener("change", () => {
    const chosen = [...files.files];
    const isLarge = chosen.some((file) => file.size > 10_000_000);
    filesLive.textContent = chosen.length > 5 ? filesLive.dataset.many : isLarge ? filesLive.dataset.large : "";
  });

  const SHAPES = [
    /(?<!\d)\d{3}([-. \u00a0\u2010-\u2015])\d{2}\1\d{4}(?!\d)/g,
    /\b(?:ssn|soc(?:ial)?(?: sec(?:urity)?)?|seguro social|social)\b\D{0,24}(\d(?:[ -]?\d){8})(?!\d)/gi,
  ];
  let dismissed = "";
  let waiting = 0;

  const find = (text) => {
    for (const shape of SHAPES) {
      shape.lastIndex = 0;
      const found = shape.exec(text);
      if (found) {
        const length = found[0].search(/\d/);
        return { start: found.index + length, end: found.index + found[0].length };
      }
    }
    return null;
  };

  const button = (text, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn";
    made.textContent = text;
    made.addEventListener("click", () => {
      act();
      live.replaceChildren();
      area.focus();
    });
    return made;
  };

  const takeOut = () => {
    for (let found = find(area.value); found; found = find(area.value)) {
      area.value = area.value.slice(0, found.start) + live.dataset.removed + area.value.slice(found.end);
    }
  };

  const look = () => {
    const found = find(area.value);
    if (!found || area.value.slice(found.start, found.end) === dismissed) {
      if (live.firstChild) live.replaceChildren();
      return;
    }
    const line = area.value.slice(0, found.start).split("\n").length;
    const said = live.dataset.line.replace("{line}", line).replace("{what}", live.dataset.what);
    if (live.dataset.said === said && live.firstChild) return;
    live.dataset.said = said;
    const note = document.createElement("div");
    note.className = "note warn";
    const text = document.createElement("p");
    const strong = document.createElement("b");
    strong.textContent = said;
    text.append(strong, " ", live.dataset.explain);
    const acts = document.createElement("div");
    acts.className = "acts";
    acts.append(
      button(live.dataset.out, takeOut),
      button(live.dataset.other, () => {
        dismissed = area.value.slice(found.start, found.end);
      }),
    );
    note.append(text, acts);
    live.replaceChildren(note);
  };

  area.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 400);
  });
  area.addEventListener("blur", look);
})();
