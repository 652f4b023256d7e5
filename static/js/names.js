// What Django's admin leaves without a name, or out of order, for those who listen: its menus with a
// search of their own (Select2), whenever one is drawn again, and heads of columns without words.
"use strict";

function mend(menu) {
  const select = menu.previousElementSibling;
  const label = document.querySelector(`label[for="${CSS.escape(select?.id ?? "")}"]`);
  if (!label) return;
  label.id ||= `${select.id}-label`;
  menu.querySelector(".select2-search__field")?.setAttribute("aria-labelledby", label.id);
  const single = menu.querySelector(".select2-selection--single");
  if (single && !single.getAttribute("aria-labelledby").startsWith(label.id)) {
    single.setAttribute("aria-labelledby", `${label.id} ${single.getAttribute("aria-labelledby")}`);
    single.querySelector("[role=textbox]")?.setAttribute("aria-labelledby", label.id);
  }
  for (const one of menu.querySelectorAll("ul, li")) one.role = "presentation";
}

function mendAll() {
  for (const menu of document.querySelectorAll(".select2-container--admin-autocomplete")) mend(menu);
}

for (const head of document.querySelectorAll("thead th:empty")) {
  const cell = document.createElement("td");
  cell.className = head.className;
  head.replaceWith(cell);
}
mendAll();
new MutationObserver(mendAll).observe(document.getElementById("content"), {
  childList: true,
  subtree: true,
});

// An error links to its field; the answer to the next try is read from its top again.
document.addEventListener("submit", () => {
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
});

// Leaving a menu closes it: it would take the next click, as a button moves away under it.
document.addEventListener("focusin", ({ target }) => {
  if (target.closest(".select2-container")) return;
  for (const one of document.querySelectorAll(".select2-container--open")) {
    if (one.previousElementSibling?.matches("select")) django.jQuery(one.previousElementSibling).select2("close");
  }
});

// A field that the kind of a statement does not have is hidden; what was typed into it stays.
const kind = document.getElementById("id_kind");
kind?.addEventListener("change", () => {
  for (const one of document.querySelectorAll("[data-kinds]")) {
    one.toggleAttribute("data-of-others", !one.dataset.kinds.split(" ").includes(kind.value));
  }
});
