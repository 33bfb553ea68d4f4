// Says two minutes before it happens that the sign-in ends. It asks the server nothing until somebody presses.
"use strict";

const WARNED_BEFORE_MS = 2 * 60 * 1000;

for (const notice of document.querySelectorAll("[data-idle-limit-s]")) {
  const limitMs = Number(notice.dataset.idleLimitS) * 1000;
  const [soon, over] = notice.querySelectorAll("p");
  let endsAt = 0;
  let timer = 0;

  const show = () => {
    clearTimeout(timer);
    const leftMs = endsAt - Date.now();
    notice.hidden = leftMs > WARNED_BEFORE_MS;
    soon.hidden = leftMs <= 0;
    over.hidden = leftMs > 0;
    if (leftMs > 0) timer = setTimeout(show, leftMs > WARNED_BEFORE_MS ? leftMs - WARNED_BEFORE_MS : leftMs);
  };
  const used = () => {
    endsAt = Date.now() + limitMs;
    show();
  };

  soon.querySelector("a").addEventListener("click", async (event) => {
    event.preventDefault();
    try {
      const answer = await fetch(event.currentTarget.href, { credentials: "same-origin", redirect: "error" });
      if (answer.ok) used();
    } catch {
      endsAt = Date.now();
      show();
    }
  });
  // A machine that slept has counted nothing meanwhile.
  document.addEventListener("visibilitychange", show);
  // A draft that was saved is a use like any other.
  document.addEventListener("dopply:used", used);
  used();
}
