// The one script of an edition's file: it shows sentences that are there, and hides rows.
"use strict";
const find = (place, from = document) => from.querySelector(place);
const every = (place) => [...document.querySelectorAll(place)];

// The sentence for an area, a scope and a region: the site made all of them.
const ask = find("#ask");
const sentences = find("#answers").content;
const output = find("#ask output");

function answer() {
  const chosen = every("#ask select").map((select) => select.value).join(".");
  const said = find(`[data-of="${chosen}"]`, sentences);
  output.replaceChildren(said.cloneNode(true));
}

ask.addEventListener("change", answer);

// Rows with all the words that are typed stay; accents and capitals make no difference.
const words = find("#words");
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const rows = every("article, #entries tbody tr, #rows li, #elsewhere tbody tr");
const texts = new Map();

function filter() {
  const sought = fold(words.value).split(/\s+/);
  for (const row of rows) {
    if (!texts.has(row)) texts.set(row, fold(row.textContent));
    row.hidden = !sought.every((word) => texts.get(row).includes(word));
  }
  find("#none").hidden = rows.some((row) => !row.hidden);
}

words.addEventListener("input", filter);

// A link to a row that is hidden shows all of them.
window.addEventListener("hashchange", () => {
  const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!row || !row.closest("[hidden]")) return;
  words.value = "";
  filter();
  row.scrollIntoView();
});

// Without this script there is nothing to choose.
for (const one of every("[data-scripted]")) one.hidden = false;
