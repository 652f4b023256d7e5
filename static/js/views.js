// Views of the list that somebody saved under a name. They stay in this browser: nothing is sent.
// Without this script the box for them is hidden.
const KEY = "views";

// What is kept, as [{ name, query }]; whatever else stands there is nothing of ours.
function kept() {
  try {
    const views = JSON.parse(localStorage.getItem(KEY)) ?? [];
    return views.filter(({ name, query }) => typeof name === "string" && typeof query === "string");
  } catch {
    return [];
  }
}

function keep(views) {
  try {
    localStorage.setItem(KEY, JSON.stringify(views));
    return true;
  } catch {
    return false; // the browser keeps nothing, or has no room
  }
}

function say(text) {
  document.querySelector("#views output").textContent = text;
}

function item({ name, query }, words) {
  const line = document.createElement("li");
  const link = document.createElement("a");
  const button = document.createElement("button");
  link.href = query ? `?${query}` : location.pathname;
  link.textContent = name;
  button.type = "button";
  button.className = "plain-button";
  button.dataset.name = name;
  button.textContent = words.delete;
  button.setAttribute("aria-label", words.deleteNamed.replace("{}", name));
  line.append(link, " ", button);
  return line;
}

function show() {
  const box = document.getElementById("views");
  if (!box) return;
  box.hidden = false;
  box.querySelector("ul").replaceChildren(...kept().map((view) => item(view, box.dataset)));
}

document.addEventListener("submit", (event) => {
  if (event.target.id !== "save-view") return;
  event.preventDefault();
  const { query, saved, failed } = document.getElementById("views").dataset;
  const name = document.getElementById("view-name").value.trim();
  if (!name) return;
  // A name that is there already is taken over.
  const others = kept().filter((view) => view.name !== name);
  const done = keep([...others, { name, query }]);
  show();
  say(done ? saved.replace("{}", name) : failed);
});

document.addEventListener("click", ({ target }) => {
  const name = target.closest?.("#views button[data-name]")?.dataset.name;
  if (name === undefined) return;
  const box = document.getElementById("views");
  const done = keep(kept().filter((view) => view.name !== name));
  show();
  say(done ? box.dataset.deleted.replace("{}", name) : box.dataset.failed);
  document.getElementById("view-name").focus(); // the button is gone
});

document.addEventListener("swapped", show);
addEventListener("storage", show); // saved or deleted in another window
show();
