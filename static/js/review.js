// The keys of the page of a review: each presses, or goes to, what names it in aria-keyshortcuts.
// Anyone who dictates, or strikes keys by mistake, turns them off at the foot of the page.
"use strict";

const choice = document.querySelector("#keys input");
choice.closest("#keys").hidden = false;
choice.checked = localStorage.getItem("review-keys") !== "off";
choice.addEventListener("change", () => {
  localStorage.setItem("review-keys", choice.checked ? "on" : "off");
});

document.addEventListener("keydown", (event) => {
  if (!choice.checked) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
  const target = [...document.querySelectorAll("[aria-keyshortcuts]")].find(
    (one) => one.getAttribute("aria-keyshortcuts") === event.key,
  );
  if (!target) return;
  event.preventDefault();
  if (target.matches("input")) target.focus();
  else target.click();
});
