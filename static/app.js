/* What a page cannot say in HTML: focus on an error summary, and the inbox's keys (j k o / ?). */
document.documentElement.classList.add("scripted");

// Groups that somebody opened or closed stay so when a part of the page is renewed.
if (window.htmx) htmx.config.morphIgnore = [...(htmx.config.morphIgnore ?? []), "open", "hidden"];

const narrow = window.matchMedia("(max-width: 48rem)");

document.addEventListener("DOMContentLoaded", () => {
  document.querySelector(".error-summary")?.focus();
  if (narrow.matches) document.querySelector(".filters")?.removeAttribute("open");
  for (const button of document.querySelectorAll("[data-opens]")) button.hidden = false;
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  const words = event.target.closest(".words");
  if (words) markCurrent(words);
});

// An opened comment takes the focus where it covers the list; beside the list, the reader stays in the list.
document.addEventListener("htmx:after:swap", () => {
  const panel = document.getElementById("opened");
  if (panel?.childElementCount && getComputedStyle(panel).position === "fixed") panel.querySelector("h2")?.focus();
});

function markCurrent(words) {
  for (const other of document.querySelectorAll(".words[aria-current]")) other.removeAttribute("aria-current");
  words.setAttribute("aria-current", "true");
}

function step(by) {
  const all = [...document.querySelectorAll(".words")];
  const from = all.findIndex((words) => words === document.activeElement);
  const at = from === -1 ? all.findIndex((words) => words.hasAttribute("aria-current")) : from;
  const next = all[at === -1 ? 0 : at + by];
  if (!next) return;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  if (document.getElementById("opened")?.childElementCount) next.click();
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  o: () => (document.activeElement.matches(".words") ? document.activeElement : document.querySelector(".words"))?.click(),
  "/": () => {
    document.getElementById("filters-fold")?.setAttribute("open", "");
    document.getElementById("q")?.focus();
  },
  "?": () => document.getElementById("keys")?.showModal(),
  Escape: () => document.querySelector(".opened .close")?.click(),
};

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input:not([type=checkbox]), select, textarea, dialog");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !document.getElementById("inbox")) return;
  const key = KEYS[event.key];
  if (!key) return;
  event.preventDefault();
  key();
});
