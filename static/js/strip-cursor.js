// Reads the exact samples under a cursor, and measures between two marks. Values come from the samples, not from pixels.
"use strict";

const WINDOW_S = 600;
const SAID_AFTER_MS = 400;
const CHANNELS = ["fhr1", "fhr2", "mhr", "toco"];

class StripCursor {
  constructor(strip) {
    this.strip = strip;
    this.readout = strip.element.querySelector("[data-strip-readout]");
    this.button = strip.element.querySelector("[data-strip-cursor]");
    this.hint = this.readout.textContent;
    this.language = document.documentElement.lang;
    this.windows = new Map();
    this.now = null;
    this.marks = [];
    this.isByKeys = false;
    this.timer = 0;
    this.followTimer = 0;
    // Where the mouse is, while it is over the strip.
    this.pointerX = null;
    this.asked = 0;
    this.line = this.makeLine("viewer__cursor");
    this.lines = [this.makeLine("viewer__mark"), this.makeLine("viewer__mark")];
  }

  makeLine(name) {
    const line = this.strip.row.appendChild(document.createElement("div"));
    line.className = name;
    line.hidden = true;
    return line;
  }

  isInSight(seconds) {
    const { startS, visibleS } = this.strip;
    return seconds >= startS && seconds <= startS + visibleS;
  }

  // The middle of what is in sight of the recording.
  get middleS() {
    const { startS, visibleS, recordingS } = this.strip;
    return startS + Math.min(visibleS, recordingS - startS) / 2;
  }

  // The samples of the ten minutes that hold this place; asked for once, and again only after a failure.
  samplesAt(seconds) {
    const startS = Math.floor(seconds / WINDOW_S) * WINDOW_S;
    if (!this.windows.has(startS)) {
      const url = new URL(this.strip.element.dataset.samples, location.href);
      url.searchParams.set("start_s", String(startS));
      const answer = fetch(url, { credentials: "same-origin", redirect: "error" }).then((response) => {
        if (!response.ok) throw new Error(String(response.status));
        return response.json();
      });
      answer.catch(() => this.windows.delete(startS));
      this.windows.set(startS, answer);
    }
    return this.windows.get(startS);
  }

  // The sample nearest to a place, with its own time; null where nothing was recorded.
  async read(seconds) {
    if (seconds < 0 || seconds >= this.strip.recordingS) return null;
    const samples = await this.samplesAt(seconds);
    const count = samples.fhr1.length;
    if (count === 0) return null;
    const index = Math.min(count - 1, Math.max(0, Math.round((seconds - samples.first_s) * samples.rate_hz)));
    const foundS = samples.first_s + index / samples.rate_hz;
    // Where clocks are set anew within the window it has two stretches, each with a clock of its own.
    const clock = samples.clock.filter(([fromS]) => fromS <= foundS).pop();
    const values = {};
    for (const name of CHANNELS) if (samples[name] !== undefined) values[name] = samples[name][index];
    return {
      seconds: foundS,
      clockS: clock === undefined ? null : clock[1] + (foundS - clock[0]),
      zone: clock === undefined ? "" : clock[2],
      rateHz: samples.rate_hz,
      deviceRateHz: samples.device_rate_hz,
      values,
    };
  }

  async moveTo(seconds) {
    this.asked += 1;
    const asked = this.asked;
    let found = null;
    try {
      found = await this.read(seconds);
    } catch {
      if (asked === this.asked) this.readout.textContent = this.strip.words.get("no-samples");
      return;
    }
    // The pointer has gone on while the samples came.
    if (asked !== this.asked) return;
    this.now = found;
    this.place(this.line, found === null ? seconds : found.seconds);
    this.show(found);
  }

  place(line, seconds) {
    line.hidden = false;
    line.style.left = `${this.strip.leftOf(seconds)}px`;
  }

  number(value) {
    return value.toLocaleString(this.language, { maximumFractionDigits: 2, useGrouping: false });
  }

  difference(value) {
    return value.toLocaleString(this.language, {
      maximumFractionDigits: 2,
      useGrouping: false,
      signDisplay: "exceptZero",
    });
  }

  // 08:14:31.25 WIB, or 0:14:31.25 from the start: always with hours, so that minutes cannot be taken for them.
  time(found) {
    const isClock = found.clockS !== null && this.strip.element.dataset.time === "clock";
    const whole = isClock ? found.clockS % 86400 : found.seconds;
    const digits = found.rateHz > 1 ? 2 : 0;
    const hundredths = digits > 0 ? Math.round(whole * 100) : Math.floor(whole + 0.001) * 100;
    const [hours, minutes] = [Math.floor(hundredths / 360000), Math.floor(hundredths / 6000) % 60];
    const secondsText = ((hundredths % 6000) / 100).toLocaleString(this.language, {
      minimumIntegerDigits: 2,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    const two = (value) => String(value).padStart(2, "0");
    const text = `${isClock ? two(hours) : hours}:${two(minutes)}:${secondsText}`;
    return isClock ? `${text} ${found.zone}` : text;
  }

  // 3 min 27.5 s; rules speak of minutes.
  length(seconds) {
    const words = this.strip.words;
    const whole = Math.round(seconds * 100) / 100;
    const parts = [];
    if (whole >= 3600) parts.push(`${Math.floor(whole / 3600)} ${words.get("hour")}`);
    if (whole >= 60) parts.push(`${Math.floor(whole / 60) % 60} ${words.get("minute")}`);
    return [...parts, `${this.number(whole % 60)} ${words.get("second")}`].join(" ");
  }

  name(channel, found) {
    if (channel === "fhr1" && "fhr2" in found.values) return this.strip.words.get("twin1");
    return this.strip.words.get(channel === "fhr2" ? "twin2" : channel);
  }

  // Pairs of name and value, the time first.
  parts(found) {
    const words = this.strip.words;
    const parts = [["", this.time(found)]];
    for (const [channel, value] of Object.entries(found.values)) {
      const unit = channel === "toco" ? "" : ` ${words.get("bpm")}`;
      parts.push([this.name(channel, found), value === null ? words.get("no-signal") : this.number(value) + unit]);
    }
    return parts;
  }

  measured(from, to, label) {
    const parts = [[this.strip.words.get(label), this.length(Math.abs(to.seconds - from.seconds))]];
    for (const channel of ["fhr1", "fhr2"]) {
      const [before, after] = [from.values[channel], to.values[channel]];
      if (before === undefined || after === undefined) continue;
      const isLost = before === null || after === null;
      const name = "fhr2" in from.values ? this.name(channel, from) : "";
      const text = isLost ? this.strip.words.get("no-signal") : `${this.difference(after - before)} bpm`;
      parts.push([name, text]);
    }
    return parts;
  }

  show(found) {
    if (found === null) {
      this.readout.textContent = this.strip.words.get("outside");
      return;
    }
    const parts = this.parts(found);
    if (this.marks.length === 1) parts.push(...this.measured(this.marks[0], found, "from-mark"));
    parts.push(...this.between());
    parts.push(["", `${this.number(found.deviceRateHz)} ${this.strip.words.get("a-second")}`]);
    this.write(parts);
    if (!this.isByKeys) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.strip.say(parts.map((part) => part.join(" ").trim()).join(", ")), SAID_AFTER_MS);
  }

  // What two marks measure, as long as one of them is seen: far from both it would be taken for what is here.
  between() {
    if (this.marks.length < 2 || !this.marks.some((mark) => this.isInSight(mark.seconds))) return [];
    return this.measured(...this.marks, "between");
  }

  write(parts) {
    this.readout.replaceChildren(
      ...parts.map(([name, value]) => {
        const part = document.createElement("span");
        const strong = document.createElement("b");
        strong.textContent = value;
        part.append(...(name === "" ? [strong] : [`${name} `, strong]));
        return part;
      }),
    );
  }

  // What stands there while nothing is read.
  showNothingRead() {
    const parts = this.between();
    if (parts.length === 0) this.readout.textContent = this.hint;
    else this.write(parts);
  }

  // A first mark, a second one, and a third press takes both away.
  mark(found) {
    this.marks = this.marks.length === 2 ? [] : [...this.marks, found];
    this.lines.forEach((line, number) => {
      line.hidden = number >= this.marks.length;
      if (!line.hidden) this.place(line, this.marks[number].seconds);
    });
    this.show(this.now ?? found);
  }

  // A mark stands where was pressed, also when the pointer has gone on before the samples came.
  async press(seconds) {
    await this.moveTo(seconds);
    const found = await this.read(seconds).catch(() => null);
    if (found !== null) this.mark(found);
  }

  clearMarks() {
    this.marks = [];
    for (const line of this.lines) line.hidden = true;
    if (this.now !== null) this.show(this.now);
    else this.showNothingRead();
  }

  turn(isOn) {
    this.isByKeys = isOn;
    this.button.setAttribute("aria-pressed", String(isOn));
    if (isOn) {
      this.strip.box.focus({ preventScroll: true });
      this.moveTo(this.middleS);
      return;
    }
    this.leave();
  }

  leave() {
    this.asked += 1;
    this.now = null;
    this.line.hidden = true;
    clearTimeout(this.timer);
    clearTimeout(this.followTimer);
    this.showNothingRead();
  }

  // The strip has moved under the cursor: what is read belongs to what is in sight. Places that are only passed by are
  // not asked for.
  follow() {
    const isSeen = this.now !== null && this.isInSight(this.now.seconds);
    if ((this.isByKeys || this.pointerX === null) && isSeen) {
      if (this.marks.length > 0) this.show(this.now);
      return;
    }
    const find = () => (this.isByKeys ? this.middleS : this.strip.secondsAt(this.pointerX));
    if (!this.isByKeys && this.pointerX === null) {
      this.leave();
    } else if (this.windows.has(Math.floor(find() / WINDOW_S) * WINDOW_S)) {
      this.moveTo(find());
    } else {
      this.leave();
      this.followTimer = setTimeout(() => this.moveTo(find()), REST_MS);
    }
  }

  async step(seconds) {
    if (this.now === null) return;
    const place = Math.min(Math.max(0, this.now.seconds + seconds), this.strip.recordingS - 1 / this.now.rateHz);
    await this.moveTo(place);
    const { startS, visibleS } = this.strip;
    if (place < startS || place > startS + visibleS) this.strip.go(place - visibleS / 2);
  }

  watch() {
    const { box, row, element } = this.strip;
    this.readout.hidden = false;
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.turn(!this.isByKeys));
    row.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "mouse") return;
      this.pointerX = event.clientX;
      if (!this.isByKeys) this.moveTo(this.strip.secondsAt(event.clientX));
    });
    row.addEventListener("pointerleave", (event) => {
      if (event.pointerType !== "mouse") return;
      this.pointerX = null;
      if (!this.isByKeys) this.leave();
    });
    box.addEventListener("scroll", () => this.follow(), { passive: true });
    row.addEventListener("click", (event) => {
      if (event.target.closest("a, .viewer__axis") === null) this.press(this.strip.secondsAt(event.clientX));
    });
    // Before the keys that move the strip, which the cursor takes over while it is on.
    element.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(FIELDS) !== null) return;
      if (this.act(event, event.target === box)) event.preventDefault();
    });
  }

  act(event, isOnPaper) {
    if (event.key === "c") {
      this.turn(!this.isByKeys);
      return true;
    }
    if (event.key === "Escape" && (this.marks.length > 0 || this.isByKeys)) {
      if (this.marks.length > 0) this.clearMarks();
      else this.turn(false);
      return true;
    }
    if (!this.isByKeys || !isOnPaper) return false;
    if (this.now === null) {
      // The strip has just moved, or nothing was recorded where the cursor stood.
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return false;
      this.moveTo(this.middleS);
      return true;
    }
    const stepS = event.shiftKey ? 1 / this.now.rateHz : Math.max(1, 1 / this.now.rateHz);
    if (event.key === "ArrowLeft") this.step(-stepS);
    else if (event.key === "ArrowRight") this.step(stepS);
    else if (event.key === "Enter") this.mark(this.now);
    else return false;
    return true;
  }
}

for (const strip of strips.values()) new StripCursor(strip).watch();
