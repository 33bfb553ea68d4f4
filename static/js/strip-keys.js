// The keys of a strip, its dialog that tells them, and going to a time without leaving the page.
"use strict";

const FIELDS = "input, select, textarea, [contenteditable], dialog";

function watchKeys(strip) {
  const dialog = strip.element.querySelector("[data-strip-dialog]");
  const field = strip.element.querySelector("[name=at]");
  const button = strip.element.querySelector("[data-strip-keys]");
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());
  dialog.querySelector("[data-strip-close]").addEventListener("click", () => dialog.close());

  const acts = {
    ArrowLeft: (event) => strip.go(strip.startS - (event.shiftKey ? 60 : 600)),
    ArrowRight: (event) => strip.go(strip.startS + (event.shiftKey ? 60 : 600)),
    Home: () => strip.go(0),
    End: () => strip.go(strip.lastStartS),
    g: () => {
      field.focus();
      field.select();
    },
    "?": () => dialog.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest(FIELDS) !== null) return;
    // Letters are keys of other things too (a screen reader's, a browser's): here they count only within the strip.
    const isArrow = event.key === "ArrowLeft" || event.key === "ArrowRight";
    if (!isArrow && !strip.element.contains(event.target)) return;
    const act = acts[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act(event);
  });
}

// A place that the script can tell is gone to at once; anything else is the server's to judge, which says why.
function watchJump(strip) {
  const form = strip.element.querySelector(".viewer__jump");
  const clockS = strip.element.dataset.clockS;
  const placeOf = (typed) => {
    const minutes = /^(\d{1,5})(?:\s*min)?$/.exec(typed);
    if (minutes !== null) return Number(minutes[1]) * 60;
    const clock = /^([01]?\d|2[0-3])[:.]([0-5]\d)(?:[:.]([0-5]\d))?$/.exec(typed);
    if (clock === null) return NaN;
    const ofDayS = Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3] ?? 0);
    if (strip.element.dataset.time === "elapsed") return ofDayS;
    if (clockS === "") return NaN;
    // In the minute of the start a time may lie before it.
    const begunS = clock[3] === undefined ? Math.floor(Number(clockS) / 60) * 60 : Number(clockS);
    const seconds = (ofDayS - begunS + 86400) % 86400;
    return Math.max(0, seconds + begunS - Number(clockS));
  };
  form.addEventListener("submit", (event) => {
    const seconds = placeOf(form.elements.at.value.trim());
    if (!(seconds <= strip.recordingS)) return;
    event.preventDefault();
    form.elements.at.removeAttribute("aria-invalid");
    document.querySelector("#at-problem")?.remove();
    strip.go(seconds);
    strip.box.focus();
  });
}

for (const strip of strips.values()) {
  watchKeys(strip);
  watchJump(strip);
}
