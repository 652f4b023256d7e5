// The desk's first page names what was typed in this browser and not saved, with the way to its form.
"use strict";

const box = document.getElementById("unsaved");
const ofUser = `draft:${box?.dataset.user}:`;
const written = { dateStyle: "medium", timeStyle: "short" };

for (const name of box ? Object.keys(localStorage).filter((one) => one.startsWith(ofUser)) : []) {
  const draft = JSON.parse(localStorage.getItem(name));
  const path = name.slice(ofUser.length);
  const row = box.querySelector("tbody").insertRow();
  const title = document.createElement("th");
  const link = document.createElement("a");
  title.scope = "row";
  link.href = draft.page ?? path;
  link.textContent = draft.of?.split(" | ")[0] || path;
  title.append(link);
  row.append(title);
  row.insertCell().textContent = new Date(draft.at).toLocaleString(document.documentElement.lang, written);
  box.hidden = false;
}
