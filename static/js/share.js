// What a page gives away: texts to copy. Without this script they are there to be selected.
function reveal() {
  for (const button of document.querySelectorAll("[data-copies]")) {
    button.hidden = false;
  }
  // The phone's own way of sharing, where there is one.
  for (const button of document.querySelectorAll("[data-share]")) {
    button.hidden = !navigator.share;
  }
}

function say(button) {
  document.getElementById("announcement").textContent = button.dataset.done;
  const label = button.textContent;
  button.textContent = button.dataset.done;
  setTimeout(() => (button.textContent = label), 3000);
}

async function copyText(button) {
  const field = document.getElementById(button.dataset.copies);
  field.select(); // where the clipboard is closed to us, one key does the rest
  await navigator.clipboard.writeText(field.value);
  say(button);
}

document.addEventListener("click", ({ target }) => {
  if (target.matches("[data-copies]")) copyText(target).catch(() => {});
  if (target.matches("[data-share]")) {
    const url = document.getElementById("link").value;
    navigator.share({ title: document.title, url }).catch(() => {}); // nobody was chosen
  }
  // A menu closes when something else is pressed.
  for (const menu of document.querySelectorAll(".tools > details[open], #languages[open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
});

reveal();
document.addEventListener("swapped", reveal);
