// Suggestions under a search box while typing, after the ARIA pattern of a combobox with a list,
// and a key: / goes to the search box. Without this it is an ordinary box.
const WAIT = 150; // milliseconds after the last letter
const list = document.createElement("div");
list.id = "suggestions";
list.hidden = true;
list.setAttribute("role", "listbox");
let box = null;
let latest = null;
let timer = null;

function close() {
  latest?.abort();
  clearTimeout(timer);
  list.hidden = true;
  point(null);
  box?.setAttribute("aria-expanded", "false");
}

function point(option) {
  list.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) box.setAttribute("aria-activedescendant", option.id);
  else box?.removeAttribute("aria-activedescendant");
}

function show(suggestions) {
  list.replaceChildren(...suggestions.map(({ kind, label, address }, place) => {
    const option = document.createElement("div");
    const small = document.createElement("small");
    option.id = `suggestion-${place}`;
    option.dataset.address = address;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    small.textContent = kind;
    option.append(label, " ", small);
    return option;
  }));
  point(null);
  list.hidden = !suggestions.length;
  box.setAttribute("aria-expanded", String(!list.hidden));
  const found = box.dataset.found.replace("{}", suggestions.length);
  document.getElementById("announcement").textContent = found;
}

async function ask() {
  latest?.abort();
  latest = new AbortController();
  const asked = new URLSearchParams({ q: box.value });
  const edition = box.form.elements.edition?.value;
  if (edition) asked.set("edition", edition);
  try {
    const response = await fetch(`${box.dataset.suggestions}?${asked}`, { signal: latest.signal });
    // What cannot be searched for is answered when it is sent.
    show(response.ok ? (await response.json()).suggestions : []);
  } catch (error) {
    if (error.name !== "AbortError") close();
  }
}

// On a narrow screen a button opens the box, which is typed into at once.
document.querySelector("[popovertarget=search]")?.addEventListener("click", (event) => {
  if (document.querySelector("#search:popover-open")) return;
  event.preventDefault();
  search();
});

document.addEventListener("focusin", ({ target }) => {
  if (!target.dataset?.suggestions) return;
  box = target;
  box.type = "text"; // which may be a combobox
  box.autocomplete = "off";
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  list.setAttribute("aria-label", box.dataset.label);
  box.after(list);
  close();
});
document.addEventListener("focusout", ({ target }) => target === box && close());
document.addEventListener("input", ({ target }) => {
  if (target !== box) return;
  clearTimeout(timer);
  if (box.value.trim()) timer = setTimeout(ask, WAIT);
  else close();
});
list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
list.addEventListener("click", ({ target }) => {
  const option = target.closest("[role=option]");
  if (option) location.assign(option.dataset.address);
});

document.addEventListener("keydown", (event) => {
  if (event.target !== box) return shortcut(event);
  if (list.hidden) return;
  const chosen = list.querySelector("[aria-selected=true]");
  if (event.key === "ArrowDown") point(chosen?.nextElementSibling ?? list.firstElementChild);
  else if (event.key === "ArrowUp") point(chosen?.previousElementSibling ?? list.lastElementChild);
  else if (event.key === "Escape") close();
  else if (event.key === "Enter" && chosen) location.assign(chosen.dataset.address);
  else return;
  event.preventDefault();
});

function shortcut(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.key !== "/") return;
  const typing = "input:not([type=checkbox]), textarea, select, [contenteditable]";
  if (event.target.closest?.(typing)) return;
  search();
  event.preventDefault();
}

function search() {
  const field = document.querySelector("[data-suggestions]");
  const panel = field?.closest("details");
  if (panel) panel.open = true;
  if (!field?.checkVisibility()) field?.closest("[popover]")?.showPopover();
  field?.focus();
}
