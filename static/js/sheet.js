// A table like a sheet is one stop of the Tab key: arrows go from cell to cell, Enter, F2 or a double
// click into one, Escape back out of it. What can be written into a cell, its name says; a field is
// there while somebody writes, and stays if something else was written.
"use strict";

const FIELDS = "input:not([type=hidden]), select, textarea, a[href]";
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
STEPS.PageUp = [-10, 0];
STEPS.PageDown = [10, 0];
STEPS.Home = [0, -Infinity];
STEPS.End = [0, Infinity];

// What of a cell is focused: a box that is ticked by the space bar, or the cell itself.
const stopOf = (cell) => cell.querySelector("[type=checkbox]") ?? cell;
const within = (number, most) => Math.max(0, Math.min(number, most - 1));

function write(cell) {
  const { cell: name, was, label } = cell.dataset;
  if (!name || cell.querySelector("textarea")) return;
  const field = document.createElement("textarea");
  Object.assign(field, { name, rows: 1, value: was, ariaLabel: label, tabIndex: -1 });
  cell.replaceChildren(field);
  field.addEventListener("blur", () => {
    if (field.value === was) cell.textContent = was;
  });
}

function lead(table) {
  const aside = getComputedStyle(table).direction === "rtl" ? -1 : 1;
  let before = "";
  let here = table.querySelector("[aria-invalid]")?.closest("td") ?? table.tHead.querySelector("th");

  function stopAt(cell, isFocused = true) {
    stopOf(here).tabIndex = -1;
    here = cell;
    stopOf(cell).tabIndex = 0;
    if (isFocused) stopOf(cell).focus();
  }

  function goInto(cell) {
    write(cell);
    const field = cell.querySelector(FIELDS);
    field?.focus();
    field?.select?.();
  }

  function goBy(key, isFar = false) {
    const [down, across] = STEPS[key];
    const row = table.rows[within(here.parentElement.rowIndex + (isFar ? across : down), table.rows.length)];
    const along = key.startsWith("Arrow") ? across * aside : across;
    stopAt(row.cells[within(here.cellIndex + along, row.cells.length)]);
  }

  table.setAttribute("role", "grid");
  table.parentElement.removeAttribute("tabindex");
  for (const one of table.querySelectorAll(`th, td, ${FIELDS}`)) one.tabIndex = -1;
  stopAt(here, false);
  table.addEventListener("focusin", ({ target }) => {
    const cell = target.closest("th, td");
    if (cell && cell !== here) stopAt(cell, false);
    before = target.value;
  });
  table.addEventListener("dblclick", ({ target }) => goInto(target.closest("th, td")));
  // A draft is put back into a field.
  table.addEventListener("write", ({ target }) => write(target));
  table.addEventListener("keydown", (event) => {
    const { key, target } = event;
    const isFar = event.ctrlKey && /^(Home|End)$/.test(key);
    if (event.altKey || event.metaKey || event.shiftKey || (event.ctrlKey && !isFar)) return;
    if (target === stopOf(here)) {
      if (STEPS[key]) goBy(key, isFar);
      else if (/^(Enter|F2)$/.test(key)) goInto(here);
      else return;
    } else if (key === "Escape") {
      target.value = before;
      target.dispatchEvent(new Event("change", { bubbles: true }));
      stopAt(here);
    } else if (key === "Enter" && target.matches("textarea")) goBy("ArrowDown");
    else return;
    event.preventDefault();
  });
}

for (const table of document.querySelectorAll("[data-grid]")) lead(table);
