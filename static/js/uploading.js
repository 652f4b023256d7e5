// A file on its way: how much of it is sent, and that it is being read then.
"use strict";

function say(text, sent) {
  const shown = document.querySelector("#sending");
  const bar = shown.querySelector("progress");
  shown.hidden = false;
  if (sent === undefined) bar.removeAttribute("value");
  else bar.value = sent;
  shown.querySelector("span").textContent = text;
}

function fail() {
  say(document.querySelector("#sending").dataset.failed, 0);
  dispatchEvent(new Event("unsent"));
}

// A page with faults stands in place of this one; where the answer is none of the desk's, a sentence.
function show(answer) {
  const shown = new DOMParser().parseFromString(answer, "text/html");
  const page = shown.querySelector("main");
  if (!page?.querySelector("#sending")) return fail();
  document.title = shown.title;
  document.querySelector("main").replaceWith(document.adoptNode(page));
  page.focus();
}

function send(form) {
  const request = new XMLHttpRequest();
  const { sending, reading } = document.querySelector("#sending").dataset;
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.upload.addEventListener("progress", (event) => {
    const percent = Math.floor((100 * event.loaded) / event.total);
    say(percent < 100 ? `${sending} ${percent} %` : reading, percent < 100 ? percent : undefined);
  });
  request.addEventListener("error", fail);
  request.addEventListener("load", () => {
    const isData = request.getResponseHeader("Content-Type")?.startsWith("application/json");
    if (isData) location.assign(JSON.parse(request.responseText).next);
    // Somebody who is no longer logged in was led to the login.
    else if (new URL(request.responseURL).pathname !== location.pathname) location.reload();
    else show(request.responseText);
  });
  request.send(new FormData(form));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.enctype !== "multipart/form-data" || "sent" in form.dataset) return;
  event.preventDefault();
  send(form);
});
