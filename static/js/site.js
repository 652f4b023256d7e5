// Progressive enhancement of the register: a change of filter or columns applies itself, and links
// are copied. Without this script the forms have their buttons and every link is an ordinary one.
"use strict";

let latest = null;
let shown = location.pathname + location.search;
let wanted = location.href;

// Shows another state of the register without leaving the page, keeping focus and what is open.
// Which facets are open is a state of the page: no address has it.
async function show(address, remember) {
  latest?.abort();
  wanted = address;
  document.querySelector("main").setAttribute("aria-busy", "true");
  latest = new AbortController();
  const asked = new URL(address, location);
  for (const { value } of opened()) asked.searchParams.append("open", value);
  let page;
  try {
    const response = await fetch(asked, { signal: latest.signal });
    page = new DOMParser().parseFromString(await response.text(), "text/html");
  } catch (error) {
    if (error.name === "AbortError") return;
  }
  const main = page?.querySelector("main");
  if (!main) {
    // No page of this site came back: let the browser show whatever there is.
    location.assign(address);
    return;
  }
  const focused = document.activeElement?.id;
  const states = [...document.querySelectorAll("details[id]")].map(({ id, open }) => [id, open]);
  const said = document.getElementById("sentence")?.textContent;
  document.querySelector("main").replaceWith(document.adoptNode(main));
  // The search box stays, with what is being typed; what it searches within is what is shown now.
  for (const field of document.querySelectorAll("#search [type=hidden]")) field.remove();
  document.getElementById("search")?.prepend(...page.querySelectorAll("#search [type=hidden]"));
  const box = document.getElementById("site-q");
  if (box && document.activeElement !== box) box.value = page.getElementById("site-q")?.value ?? "";
  document.getElementById("languages")?.replaceWith(page.getElementById("languages"));
  document.title = page.title;
  for (const [id, open] of states) document.getElementById(id)?.toggleAttribute("open", open);
  if (remember && new URL(address, location).href !== location.href) {
    history.pushState(null, "", address);
  }
  shown = location.pathname + location.search;
  const target = document.getElementById(focused);
  (target?.checkVisibility() ? target : document.getElementById("sentence"))?.focus();
  count();
  const sentence = document.getElementById("sentence")?.textContent ?? page.title;
  if (sentence !== said) announce(sentence);
  document.dispatchEvent(new Event("swapped"));
}

// What is chosen has applied itself: the button says what the list answers.
function count() {
  const button = document.querySelector("[data-show]");
  if (button) button.textContent = button.dataset.show;
}

function announce(text) {
  document.getElementById("announcement").textContent = text;
}

function opened() {
  return [...document.querySelectorAll("#filters [name=open]")];
}

// The address of the form's present state; an empty search asks for nothing.
function addressOf(form) {
  const data = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (value && name !== "open") data.append(name, value);
  }
  const query = data.toString();
  return form.action.split("?")[0] + (query ? `?${query}` : "");
}

document.addEventListener("change", (event) => {
  // What has no name asks for nothing.
  if (event.target.name && event.target.form?.matches("form[data-apply]")) {
    show(addressOf(event.target.form), true);
  }
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-apply]")) return;
  event.preventDefault();
  event.target.closest("#panel")?.removeAttribute("open"); // to what was found
  show(addressOf(event.target), true);
});

// Chips, headings and pages of the list stay on the page as well.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-swap] a[href^='?']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  if (link.matches(".opens")) return open(link);
  if (link.closest(".pager")) scrollTo(0, 0);
  show(link.href.replace(/\?$/, ""), true); // a link that takes the last filter away is a mere ?
});

// Opens facets, next to what was asked for a moment ago.
function open(link) {
  const known = opened().map(({ value }) => value);
  for (const value of new URL(link.href).searchParams.getAll("open")) {
    if (known.includes(value)) continue;
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "open", value });
    document.getElementById("filters").append(field);
  }
  show(wanted, true);
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-copy]");
  if (!link || !navigator.clipboard) return;
  event.preventDefault();
  // What has a text copies it, a link that names an address what is there, any other itself.
  try {
    let text = link.dataset.text ?? link.href;
    if (link.dataset.fetch) {
      const response = await fetch(link.dataset.fetch);
      if (!response.ok) throw new Error(response.statusText);
      text = await response.text();
    }
    await navigator.clipboard.writeText(text);
  } catch {
    // No text came, or the clipboard is closed to us: follow the link, as without this script.
    if (link.href) location.assign(link.href);
    return;
  }
  announce(link.dataset.copy);
  const label = link.textContent;
  link.textContent = link.dataset.copy;
  setTimeout(() => (link.textContent = label), 3000);
});

// A first tap on a citation shows its words, as a pointer does; a second one follows the link.
let shownCitation = null;
document.addEventListener("click", (event) => {
  const link = event.target.closest("a.cited[data-words]");
  if (link && event.pointerType === "touch" && link !== shownCitation) {
    event.preventDefault();
    link.focus();
  }
  shownCitation = link;
});

count();
window.addEventListener("popstate", () => {
  // A jump within the page changes nothing that is shown.
  if (location.pathname + location.search !== shown) show(location.href, false);
});
