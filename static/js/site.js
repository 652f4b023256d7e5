// Progressive enhancement of the register: a change of filter applies itself, and links are copied.
// Without this script the filter form has its button and every link is an ordinary one.
"use strict";

let latest = null;

// Shows another state of the register without leaving the page, keeping focus and open panel.
async function show(address, remember) {
  latest?.abort();
  latest = new AbortController();
  let response;
  try {
    response = await fetch(address, { signal: latest.signal });
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
    return;
  }
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const focused = document.activeElement?.id;
  const open = document.getElementById("panel")?.open;
  document.querySelector("main").replaceWith(document.adoptNode(page.querySelector("main")));
  document.title = page.title;
  if (open && document.getElementById("panel")) document.getElementById("panel").open = true;
  if (remember) history.pushState(null, "", address);
  if (focused) document.getElementById(focused)?.focus();
  announce(document.getElementById("sentence")?.textContent ?? document.title);
}

function announce(text) {
  document.getElementById("announcement").textContent = text;
}

// The address of the form's present state; an empty search asks for nothing.
function addressOf(form) {
  const data = new URLSearchParams(new FormData(form));
  if (!data.get("q")) data.delete("q");
  const query = data.toString();
  return form.action.split("?")[0] + (query ? `?${query}` : "");
}

document.addEventListener("change", (event) => {
  if (event.target.form?.id === "filters") show(addressOf(event.target.form), true);
});

document.addEventListener("submit", (event) => {
  if (event.target.id !== "filters") return;
  event.preventDefault();
  show(addressOf(event.target), true);
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-copy]");
  if (!link || !navigator.clipboard) return;
  event.preventDefault();
  await navigator.clipboard.writeText(link.href);
  announce(link.dataset.copy);
  link.textContent = link.dataset.copy;
});

window.addEventListener("popstate", () => {
  if (document.getElementById("filters")) show(location.href, false);
});
