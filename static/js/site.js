// Progressive enhancement of the register: a change of filter or columns applies itself, and links
// are copied. Without this script the forms have their buttons and every link is an ordinary one.
"use strict";

let latest = null;
let shown = location.pathname + location.search;
let wanted = shown;
let released = null;

// Nothing is replaced while a pointer is down: its click would be lost.
document.addEventListener("pointerdown", () => {
  released = new Promise((done) => {
    document.addEventListener("pointerup", () => setTimeout(done), { once: true });
    setTimeout(done, 500);
  });
});

// Shows another state of the register without leaving the page, keeping focus and what is open.
// Which facets are open is a state of the page: no address has it.
async function show(address, remember) {
  latest?.abort();
  wanted = address;
  document.querySelector("main").setAttribute("aria-busy", "true");
  const own = (latest = new AbortController());
  const asked = new URL(address, location);
  for (const facet of opened()) asked.searchParams.append("open", facet);
  let page;
  try {
    const response = await fetch(asked, { signal: own.signal });
    page = new DOMParser().parseFromString(await response.text(), "text/html");
  } catch (error) {
    if (error.name === "AbortError") return;
  }
  await released;
  if (own !== latest) return;
  const main = page?.querySelector("main");
  if (!main) {
    // No page of this site came back: let the browser show whatever there is.
    location.assign(address.split("#")[0]);
    return;
  }
  const focused = document.activeElement?.id;
  const top = document.activeElement?.getBoundingClientRect().top;
  const states = [...document.querySelectorAll("details[id]")].map(({ id, open }) => [id, open]);
  document.querySelector("main").replaceWith(document.adoptNode(main));
  // The search box stays, with what is being typed; what it searches within is what is shown now.
  for (const field of document.querySelectorAll("#search [type=hidden]")) field.remove();
  document.getElementById("search")?.prepend(...page.querySelectorAll("#search [type=hidden]"));
  const box = document.getElementById("site-q");
  if (box && document.activeElement !== box) box.value = page.getElementById("site-q")?.value ?? "";
  document.getElementById("languages")?.replaceWith(page.getElementById("languages"));
  document.title = page.title;
  for (const [id, open] of states) document.getElementById(id)?.toggleAttribute("open", open);
  const before = shown;
  const now = new URL(address, location);
  shown = now.pathname + now.search;
  if (remember && shown !== before) history.pushState(null, "", address);
  const target = document.getElementById(focused);
  if (target?.checkVisibility()) {
    target.focus({ preventScroll: true });
    scrollBy(0, target.getBoundingClientRect().top - top); // it stays where it was
  } else document.getElementById("sentence")?.focus();
  count();
  const sentence = document.getElementById("sentence")?.textContent ?? page.title;
  if (shown !== before) announce(sentence);
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

// The facets that are here, but for the one that always is, and those asked for a moment ago.
function opened() {
  const here = document.querySelectorAll("#filters fieldset:not(#values-priority_area)");
  const asked = document.querySelectorAll("#filters [name=open]");
  const names = [...here].map(({ id }) => id.replace("values-", ""));
  return new Set(names.concat([...asked].map(({ value }) => value)));
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
  if (link.matches(".opens")) return openFacets(link);
  if (link.closest(".pager")) scrollTo(0, 0);
  show(link.href.replace(/\?$/, ""), true); // a link that takes the last filter away is a mere ?
});

// Opens facets, next to what was asked for a moment ago.
function openFacets(link) {
  for (const value of new URL(link.href).searchParams.getAll("open")) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "open", value });
    document.getElementById("filters").append(field);
  }
  show(wanted, true);
}

// A closed facet looks as an open one does, which the space bar closes.
document.addEventListener("keydown", (event) => {
  if (event.key !== " " || !event.target.matches(".opens")) return;
  event.preventDefault();
  event.target.click();
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button || !navigator.clipboard) return;
  await navigator.clipboard.writeText(button.dataset.text);
  announce(button.dataset.copy);
  const label = button.textContent;
  button.textContent = button.dataset.copy;
  setTimeout(() => (button.textContent = label), 3000);
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
  const address = location.pathname + location.search;
  if (address !== shown) show(address, false);
});
