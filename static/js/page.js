// Small comforts; every page does its work without them.
"use strict";

// A print button is of no use without a script, so it is hidden until this one runs.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Leaving a form that asks for it, with words typed and not sent, is asked about first.
for (const form of document.querySelectorAll("form[data-guard-unsaved]")) {
  let unsaved = false;
  form.addEventListener("input", () => {
    unsaved = true;
  });
  form.addEventListener("submit", () => {
    unsaved = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
}

// An open menu closes by Escape and by a press elsewhere, as people expect of menus.
const closeMenus = (except) => {
  for (const menu of document.querySelectorAll(".topbar details[open]")) {
    if (menu !== except) menu.open = false;
  }
};
document.addEventListener("click", (event) => closeMenus(event.target.closest(".topbar details")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector(".topbar details[open]");
  if (menu === null) return;
  closeMenus(null);
  menu.querySelector("summary").focus();
});
