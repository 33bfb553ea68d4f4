// Keeps what is typed into a reading on the server; without this script the button "Save draft" does.
"use strict";

const PAUSE_MS = 1500;

for (const form of document.querySelectorAll("form[data-draft-url]")) {
  const note = form.querySelector("[data-draft-note]");
  let timer = 0;
  let isSaving = false;
  let isChangedMeanwhile = false;

  const typed = () => {
    const fields = new FormData(form);
    fields.delete("password");
    fields.delete("csrf_token");
    return fields;
  };

  const send = () =>
    fetch(form.dataset.draftUrl, {
      method: "POST",
      body: new URLSearchParams(typed()),
      headers: { Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value },
      credentials: "same-origin",
      redirect: "manual",
    });

  // After a sign-in in another tab the form belongs to the old one: the page, asked for again, has the token of the new.
  const takeNewToken = async () => {
    const answer = await fetch(form.action, { credentials: "same-origin", redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    form.elements.csrf_token.value = page.querySelector("input[name=csrf_token]").value;
  };

  const save = async () => {
    // One at a time: an older draft must never arrive after a newer one.
    if (isSaving) {
      isChangedMeanwhile = true;
      return;
    }
    isSaving = true;
    try {
      let answer = await send();
      if (answer.type === "opaqueredirect" || answer.status === 400 || answer.status === 403) {
        await takeNewToken();
        answer = await send();
      }
      // 409: another tab has kept something since this one was opened.
      if (!answer.ok && answer.status !== 409) throw new Error(String(answer.status));
      const { saved, changed } = await answer.json();
      note.textContent = saved ?? changed;
      document.dispatchEvent(new Event("dopply:used"));
    } catch {
      note.textContent = form.dataset.draftFailed;
    }
    isSaving = false;
    if (isChangedMeanwhile) {
      isChangedMeanwhile = false;
      save();
    }
  };

  form.addEventListener("input", (event) => {
    if (event.target.type === "password") return;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE_MS);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
}
