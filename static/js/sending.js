// A form that takes a while is sent once: its buttons are locked until the answer is there.
"use strict";

function lock(form, isSent) {
  form.toggleAttribute("data-sent", isSent);
  for (const button of form.querySelectorAll("[type=submit]")) button.ariaDisabled = isSent;
}

document.addEventListener("submit", (event) => {
  if ("sent" in event.target.dataset) event.preventDefault();
  else lock(event.target, true);
});

// Who comes back by the browser's button finds the page as it was; so does who could not send.
for (const name of ["pageshow", "unsent"]) {
  addEventListener(name, () => {
    for (const form of document.querySelectorAll("[data-sent]")) lock(form, false);
  });
}
