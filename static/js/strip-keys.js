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

// The rest of a time after its hours: minutes, and perhaps seconds with their parts.
const AFTER_HOURS = "[:.]([0-5]\\d)(?:[:.]([0-5]\\d(?:[.,]\\d{1,2})?))?";
const CLOCK = new RegExp(`^([01]?\\d|2[0-3])${AFTER_HOURS}$`);
const ELAPSED = new RegExp(`^(\\d{1,3})${AFTER_HOURS}(?:\\s*(?:h|jam))?$`);
const MINUTES = /^(\d{1,5})(?:\s*(?:min|menit))?$/;

// Where a typed time lies as `app/web/monitoring/jump.py` has it: seconds from the start, or the word that refuses it;
// null where only the server can tell, in a night in which the clock is changed.
function placeOf(typed, strip) {
  const { time, zones, clockS } = strip.element.dataset;
  const minutes = MINUTES.exec(typed);
  if (minutes !== null) return Number(minutes[1]) * 60 <= strip.recordingS ? Number(minutes[1]) * 60 : "after-end";
  const zone = zones.split(" ").find((name) => name !== "" && typed.endsWith(` ${name}`));
  const isElapsed = time === "elapsed";
  const parts = isElapsed
    ? ELAPSED.exec(typed)
    : CLOCK.exec(zone === undefined ? typed : typed.slice(0, -zone.length - 1));
  if (parts === null) return "no-time";
  const ofDayS = Number(parts[1]) * 3600 + Number(parts[2]) * 60 + Number((parts[3] ?? "0").replace(",", "."));
  if (isElapsed) return ofDayS <= strip.recordingS ? ofDayS : "after-end";
  if (clockS === "") return null;
  // In the minute of the start a time may lie before it.
  const begunS = parts[3] === undefined ? Math.floor(Number(clockS) / 60) * 60 : Number(clockS);
  const seconds = Math.max(0, ((ofDayS - begunS + 86400) % 86400) + begunS - Number(clockS));
  return seconds <= strip.recordingS ? seconds : "outside-times";
}

// Goes to a typed time, or says why there is none; the strip stays, and what was said goes when she moves on.
function watchJump(strip) {
  const form = strip.element.querySelector(".viewer__jump");
  const field = form.elements.at;
  const find = () => document.querySelector("#at-problem");
  let refusedAt = find() === null ? null : strip.box.scrollLeft;

  const clear = () => {
    find()?.remove();
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
    refusedAt = null;
  };
  const refuse = (word) => {
    clear();
    const problem = document.createElement("p");
    problem.className = "nhsuk-error-message";
    problem.id = "at-problem";
    problem.setAttribute("role", "alert");
    const prefix = document.createElement("span");
    prefix.className = "nhsuk-u-visually-hidden";
    prefix.textContent = strip.words.get("error");
    problem.append(prefix, ` ${strip.words.get(word)}`);
    form.closest(".toolbar").after(problem);
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", problem.id);
    field.select();
    refusedAt = strip.box.scrollLeft;
  };

  form.addEventListener("submit", (event) => {
    const place = placeOf(field.value.trim().replace(/\s+/g, " "), strip);
    if (place === null) return;
    event.preventDefault();
    if (typeof place === "string") {
      refuse(place);
      return;
    }
    clear();
    strip.go(place);
    strip.box.focus();
  });
  const hasMoved = () => refusedAt !== null && Math.abs(strip.box.scrollLeft - refusedAt) > 1;
  strip.box.addEventListener("scroll", () => hasMoved() && clear(), { passive: true });
}

for (const strip of strips.values()) {
  watchKeys(strip);
  watchJump(strip);
}
