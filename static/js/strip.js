// Moves along a strip in place; without this script its links and its own scroll bar do.
"use strict";

// A view that rests for so long is the one that the address names.
const REST_MS = 150;

// What the other scripts of the strip build on: one object for each, by its element.
const strips = new Map();

class StripViewer {
  constructor(element) {
    this.element = element;
    this.box = element.querySelector("[data-strip-scroll]");
    this.row = element.querySelector("[data-strip-row]");
    this.axis = this.row.querySelector("img");
    this.pixelsPerS = Number(element.dataset.pixelsPerS);
    this.recordingS = Number(element.dataset.recordingS);
    this.paperS = Number(element.dataset.paperS);
    this.frame = null;
    this.timer = 0;
    this.words = new Map();
    for (const word of element.querySelector("[data-strip-words]").content.querySelectorAll("[data-word]")) {
      this.words.set(word.dataset.word, word.textContent);
    }
  }

  // Seconds from the start of the recording to the left edge of what is in sight, and how many of them are.
  get startS() {
    return this.box.scrollLeft / this.pixelsPerS;
  }

  get visibleS() {
    // While the page is not laid out yet the box has no width.
    return Math.max(0, this.box.clientWidth - this.axis.offsetWidth) / this.pixelsPerS;
  }

  get lastStartS() {
    return Math.max(0, this.paperS - this.visibleS);
  }

  go(seconds) {
    const startS = Math.min(Math.max(0, seconds), this.lastStartS);
    this.box.scrollLeft = startS * this.pixelsPerS;
  }

  // Where a place lies in the row, whose first piece is the axis.
  leftOf(seconds) {
    return this.axis.offsetWidth + seconds * this.pixelsPerS;
  }

  secondsAt(clientX) {
    return (clientX - this.row.getBoundingClientRect().left - this.axis.offsetWidth) / this.pixelsPerS;
  }

  say(words) {
    this.element.querySelector("[data-strip-said]").textContent = words;
  }

  // The address of this page with another place in it.
  urlAt(seconds, address = location.href) {
    const url = new URL(address, location.href);
    url.searchParams.set("start_s", String(Math.round(seconds)));
    url.searchParams.delete("at");
    // What is framed here stays framed at another scale.
    const shown = new URLSearchParams(location.search).get("shown");
    if (shown !== null && url.pathname === location.pathname) url.searchParams.set("shown", shown);
    // The name of a window leads browsers without a script to its left edge, which is up to ten minutes off.
    url.hash = "";
    return url;
  }

  // Puts a frame around a stretch, in place of the one that came with the page.
  frameStretch(beginS, endS) {
    for (const drawn of this.row.querySelectorAll(".viewer__frame")) drawn.remove();
    this.frame = this.row.appendChild(document.createElement("div"));
    this.frame.className = "viewer__frame";
    this.frame.style.left = `${this.leftOf(beginS)}px`;
    this.frame.style.width = `${Math.max(6, (endS - beginS) * this.pixelsPerS)}px`;
  }

  showStretch(beginS, endS) {
    this.frameStretch(beginS, endS);
    this.go(beginS - this.visibleS / 4);
  }

  follow() {
    const lower = this.element.querySelector("[data-strip-window]");
    lower.setAttribute("x", `${(100 * this.startS) / this.paperS}%`);
    lower.setAttribute("width", `${(100 * Math.min(this.visibleS, this.paperS)) / this.paperS}%`);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.rest(), REST_MS);
  }

  rest() {
    const startS = this.startS;
    history.replaceState(history.state, "", this.urlAt(startS));
    this.updateMoves(startS);
    for (const link of this.element.querySelectorAll("[data-keeps-place] a")) {
      link.href = this.urlAt(startS, link.href).href;
    }
    // A reading that is kept without a script comes back to the strip as it was looked at.
    for (const field of document.querySelectorAll("input[type=hidden][name=start_s]")) {
      field.value = String(Math.round(startS));
    }
    this.fetchNeighbours();
  }

  updateMoves(startS) {
    const isStart = startS < 1;
    const isEnd = startS > this.lastStartS - 1;
    const places = [
      isStart ? null : Math.max(0, startS - 600),
      isStart ? null : 0,
      isEnd ? null : this.lastStartS,
      isEnd ? null : Math.min(startS + 600, this.lastStartS),
    ];
    this.element.querySelectorAll("[data-strip-moves] li").forEach((item, number) => {
      const now = item.firstElementChild;
      const place = places[number];
      const had = document.activeElement === now;
      if (place === null && had) return; // A button must not vanish under the finger that presses it.
      const next = document.createElement(place === null ? "span" : "a");
      next.textContent = now.textContent;
      if (place !== null) {
        const url = this.urlAt(place, this.element.dataset.page);
        // With it the link would lead to what is framed, wherever that is.
        url.searchParams.delete("shown");
        next.href = url.href;
      }
      now.replaceWith(next);
      if (had) next.focus();
    });
  }

  // The windows beside those in sight come before somebody scrolls there.
  fetchNeighbours() {
    const tiles = [...this.row.querySelectorAll("img[loading]")];
    const first = Math.floor(this.startS / 600) - 1;
    const last = Math.floor((this.startS + this.visibleS) / 600) + 1;
    for (const image of tiles.slice(Math.max(0, first), last + 1)) image.loading = "eager";
  }
}

// With a script every window may be there, because only those in sight are fetched.
function placeAllTiles(strip) {
  for (const link of strip.row.querySelectorAll(".viewer__later")) {
    const image = document.createElement("img");
    const held = link.querySelector("svg");
    image.loading = "lazy";
    image.alt = link.dataset.alt;
    image.width = Number(held.getAttribute("width"));
    image.height = Number(held.getAttribute("height"));
    image.src = link.dataset.src;
    link.replaceWith(image);
  }
}

function watchTiles(strip) {
  const fail = (image) => {
    const tile = image.closest("li");
    if (tile === null || tile.querySelector(".viewer__failed")) return;
    const note = tile.appendChild(document.createElement("p"));
    note.className = "viewer__failed";
    const again = document.createElement("a");
    again.href = image.src;
    again.textContent = strip.words.get("again");
    again.addEventListener("click", (event) => {
      event.preventDefault();
      note.remove();
      image.src = again.href;
      strip.box.focus();
    });
    note.append(strip.words.get("failed"), " ", again);
  };
  strip.row.addEventListener("error", (event) => fail(event.target), true);
  for (const image of strip.row.querySelectorAll("img[loading]")) {
    if (image.complete && image.naturalWidth === 0) fail(image);
  }
}

function watchOverview(strip) {
  const overview = strip.element.querySelector("[data-strip-overview]");
  const centre = (event) => {
    const place = overview.getBoundingClientRect();
    strip.go(((event.clientX - place.left) / place.width) * strip.paperS - strip.visibleS / 2);
  };
  overview.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    overview.setPointerCapture(event.pointerId);
    centre(event);
  });
  overview.addEventListener("pointermove", (event) => {
    if (overview.hasPointerCapture(event.pointerId)) centre(event);
  });
  overview.addEventListener("dragstart", (event) => event.preventDefault());
  overview.addEventListener("click", (event) => event.preventDefault());
}

// Links to a place of this very strip, in its buttons and in the tables under it, move it where it stands.
function watchLinks(strip) {
  const withoutPlace = (url) => {
    const rest = new URLSearchParams(url.search);
    for (const name of ["start_s", "shown", "at", "minutes"]) rest.delete(name);
    rest.sort();
    return `${url.origin}${url.pathname}?${rest}`;
  };
  const view = new URL(strip.element.dataset.page, location.href);
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("a[href]");
    if (link === null || typeof link.href !== "string") return;
    const url = new URL(link.href);
    // Links say the whole view; the address that the page was opened with may say less of it, or more of the page.
    if (!url.searchParams.has("start_s") || withoutPlace(url) !== withoutPlace(view)) return;
    event.preventDefault();
    const shown = url.searchParams.get("shown");
    if (shown === null) {
      strip.go(Number(url.searchParams.get("start_s")));
      return;
    }
    const [beginS, endS] = shown.split("-").map(Number);
    const here = strip.urlAt(beginS);
    here.searchParams.set("shown", shown);
    history.replaceState(history.state, "", here);
    strip.showStretch(beginS, endS);
    strip.element.scrollIntoView();
    strip.box.focus({ preventScroll: true });
    strip.say(link.textContent.trim());
    strip.follow();
  });
}

// Stands where the address says. One with the name of a window is a link's: what it shows is brought into sight. One
// without is of a place that was looked at.
function begin(strip) {
  const asked = new URLSearchParams(location.search);
  const stretch = (asked.get("shown") ?? "").split("-").map(Number);
  const isLink = location.hash.startsWith("#at-");
  // The browser would still follow that name when everything is loaded, and away from the place.
  for (const anchor of strip.row.querySelectorAll(".viewer__anchor")) anchor.hidden = true;
  if (isLink) strip.element.scrollIntoView();
  if (stretch.length === 2) strip.frameStretch(...stretch);
  if (stretch.length === 2 && isLink) strip.showStretch(...stretch);
  else if (asked.has("start_s")) strip.go(Number(asked.get("start_s")));
}

for (const element of document.querySelectorAll("[data-strip]")) {
  const strip = new StripViewer(element);
  strips.set(element, strip);
  placeAllTiles(strip);
  begin(strip);
  strip.box.addEventListener("scroll", () => strip.follow(), { passive: true });
  new ResizeObserver(() => strip.follow()).observe(strip.box);
  watchTiles(strip);
  watchOverview(strip);
  watchLinks(strip);
  strip.follow();
}
