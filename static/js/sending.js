// A form that takes a while is sent once: its buttons are locked, and it says that it works, until
// the answer is there.
"use strict";

function lock(form, isSent) {
  form.toggleAttribute("data-sent", isSent);
  for (const button of form.querySelectorAll("[type=submit]")) button.ariaDisabled = isSent;
  for (const said of form.querySelectorAll("[data-working]")) {
    said.textContent = isSent ? said.dataset.working : "";
  }
}

document.addEventListener("submit", (event) => {
  if ("sent" in event.target.dataset) event.preventDefault();
  else lock(event.target, true);
});

// If you come back by the browser's button, you find the page as it was.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-sent]")) lock(form, false);
});
