// What is typed into the forms of the desk stays in this browser until it is saved: a closed window or
// a login in between loses nothing. Only what was changed is kept: of a record's form with the revision
// that it was changed from, so that what others wrote meanwhile is not overwritten; of a field whose page
// says what it is about with that, so that it is not taken for another. Logging out clears it.
// A page without the place to offer it, such as one of personal data, only asks before it is left.
"use strict";

const DAYS = 7 * 24 * 60 * 60 * 1000;
const box = document.getElementById("drafts");
const ofUser = `draft:${box?.dataset.user}:`;
const here = location.pathname + location.search;
const read = (key) => JSON.parse(localStorage.getItem(key));
const format = { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: "UTC" };
// As the desk writes all times.
const inWords = (at) => new Date(at).toLocaleString("en-GB", format).replace(" at ", ", ");

for (const name of Object.keys(localStorage).filter((one) => one.startsWith("draft:"))) {
  if (Date.now() - read(name).at > DAYS) localStorage.removeItem(name);
}
document.getElementById("logout-form")?.addEventListener("submit", () => {
  for (const name of Object.keys(localStorage)) if (name.startsWith("draft:")) localStorage.removeItem(name);
});

// Saved is what the next page says is saved; of a form that is no record's, also what led from it to the
// next page without an error. A login in between does neither. A page that `sends-draft` sends on what it
// was sent.
const sent = sessionStorage.getItem("draft-sent");
if (sent && !document.querySelector("[data-sends-draft]")) sessionStorage.removeItem("draft-sent");
if (sent && (document.querySelector(".messagelist .success") || isLedOn(read(sent)))) {
  localStorage.removeItem(sent);
}

function isLedOn(draft) {
  const isRedirected = performance.getEntriesByType("navigation")[0]?.redirectCount > 0;
  const isFromIt = document.referrer === location.origin + draft?.page;
  return draft?.isOther && isRedirected && isFromIt && !document.querySelector(".messagelist .error");
}

// A field's name, and what its form or itself says that it is about.
function placeOf(field) {
  const about = field.dataset.about ?? field.form.elements[field.name.replace(/[^-]*$/, "about")]?.value;
  return about ? `${field.name} ${about}` : field.name;
}

// A form's values by place, each a list of [value, words].
function valuesOf(form) {
  const found = {};
  for (const one of form.elements) {
    if (!one.name || one.readOnly || /^(hidden|password|file|submit|button)$/.test(one.type)) continue;
    if (/-__prefix__-/.test(one.name)) continue;
    const values = (found[placeOf(one)] ??= []);
    if (/^(checkbox|radio)$/.test(one.type)) {
      if (one.checked) values.push([one.value, ""]);
    } else if (one.selectedOptions) {
      for (const option of one.selectedOptions) values.push([option.value, option.text]);
    } else values.push([one.value, ""]);
  }
  return found;
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// What was typed, as a line that distinguishes it from what else was typed into the same form.
function lineOf(form, fields) {
  const texts = Object.entries(fields).map(([place, values]) => {
    const [name] = place.split(" ", 1);
    const label = form.elements[name]?.labels?.[0]?.textContent.trim().replace(/:$/, "");
    return [label, values.map(([value, words]) => words || value).join(", ")].filter(Boolean).join(": ");
  });
  return texts.join(" · ").slice(0, 100);
}

function put(form, place, values) {
  const [name] = place.split(" ", 1);
  // A row that was added to the form is added again.
  const [, group] = /^(.+)-\d+-/.exec(name) ?? [];
  for (let left = 50; group && !form.elements[name] && left; left -= 1) {
    document.querySelector(`#${group}-group .add-row a`)?.click();
  }
  // A cell of a sheet is a field only while somebody writes in it.
  form.querySelector(`[data-cell="${CSS.escape(name)}"]`)?.dispatchEvent(new Event("write", { bubbles: true }));
  for (const one of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
    if (placeOf(one) !== place) continue;
    const chosen = values.map(([value]) => value);
    if (/^(checkbox|radio)$/.test(one.type)) one.checked = chosen.includes(one.value);
    else if (one.options) {
      for (const [value, words] of values) {
        if (![...one.options].some((option) => option.value === value)) one.add(new Option(words, value));
      }
      for (const option of one.options) option.selected = chosen.includes(option.value);
    } else one.value = chosen[0] ?? "";
    one.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

// Leaving asks while something of a form is changed, but for these: they send it.
function ask(isChanged, forms, onSubmit) {
  let isLeaving = false;
  for (const one of forms) {
    one.addEventListener("submit", () => {
      isLeaving = true;
      onSubmit();
    });
  }
  addEventListener("beforeunload", (event) => {
    if (!isLeaving && isChanged()) event.preventDefault();
  });
}

// Follows what is typed into a form; returns what was typed before and not saved, if it is to be offered.
// What is typed while that is offered is a draft of its own.
function follow(form) {
  const isRecord = !("draft" in form.dataset);
  const goesTo = new URL(form.getAttribute("action") ?? "", location);
  const first = valuesOf(form);
  const key = ofUser + (isRecord ? location.pathname : goesTo.pathname + goesTo.search);
  const keys = box ? Object.keys(localStorage).filter((one) => one === key || one.startsWith(`${key}#`)) : [];
  const drafts = keys.map((one) => ({ key: one, ...read(one) }));
  // Nor is anything saved of a record that another page sent, or that was checked; that is then kept here.
  const isRefused = isRecord && Boolean(document.querySelector("#faults, #checked"));
  // A form that came back with errors has what was typed; it goes on from there.
  const typed = drafts.find(({ fields }) => Object.keys(fields).every((place) => same(first[place], fields[place])));
  const back = typed ?? drafts.find((one) => isRefused && one.key === sent);
  // What was typed about something else is not offered.
  const isOfIt = ({ fields }) => Object.keys(fields).some((place) => !place.includes(" ") || place in first);
  const offered = drafts.filter((one) => one !== back && isOfIt(one));
  let free = key;
  for (let n = 1; offered.some((one) => one.key === free); n += 1) free = `${key}#${n}`;
  let current = back?.key ?? free;

  const changed = () => {
    const now = valuesOf(form);
    const isChanged = (place) => (typed ? place in typed.fields : isRefused) || !same(now[place], first[place]);
    return Object.fromEntries(Object.entries(now).filter(([place]) => isChanged(place)));
  };
  const keep = () => {
    if (!box) return null;
    const fields = changed();
    if (!Object.keys(fields).length) return localStorage.removeItem(current);
    const seen = isRecord ? form.elements.seen?.value : undefined;
    const of = form.dataset.of ?? document.title.replace(/^Error: /, "");
    const draft = { at: Date.now(), of, page: here, isOther: !isRecord, seen, line: lineOf(form, fields), fields };
    return localStorage.setItem(current, JSON.stringify(draft));
  };
  // A draft that has nothing else is the one that is sent.
  const send = () => {
    const fields = changed();
    const isPart = (one) => Object.keys(one.fields).every((place) => same(one.fields[place], fields[place]));
    for (const one of offered) if (one.key !== current && isPart(one)) localStorage.removeItem(one.key);
    sessionStorage.setItem("draft-sent", current);
  };

  const sending = [form, ...document.querySelectorAll("form[data-sends-draft]")];
  ask(() => Object.keys(changed()).length, sending, send);
  for (const name of ["input", "change"]) form.addEventListener(name, keep);
  // Who discards it is asked as anybody who leaves, and then it is gone.
  let isDiscarded = false;
  addEventListener("click", ({ target }) => {
    isDiscarded = form.contains(target) && Boolean(target.closest("[data-discards]"));
  });
  addEventListener("pagehide", () => isDiscarded && localStorage.removeItem(current));
  if (isRefused) {
    keep();
    if (sent && sent !== current) localStorage.removeItem(sent);
  }
  return offered.map((draft) => ({
    form,
    at: draft.at,
    line: draft.line ?? lineOf(form, draft.fields),
    restore() {
      // What was typed meanwhile stays where it is kept.
      current = draft.key;
      if (isRecord && form.elements.seen && draft.seen) form.elements.seen.value = draft.seen;
      for (const [place, values] of Object.entries(draft.fields)) put(form, place, values);
      keep();
    },
    discard: () => localStorage.removeItem(draft.key),
  }));
}

const forms = document.querySelectorAll(".change-form #content-main > form, form[data-draft]");
const isSecret = (form) => form.querySelector("[type=password], [autocomplete=one-time-code]");
const all = [...forms].filter((form) => !isSecret(form)).map(follow);
// The oldest of each form first; what several forms of a page have is one offer.
for (const found of all) found.sort((one, other) => one.at - other.at);
const offer = box?.querySelector("div");
for (let n = 0; all.some((found) => found[n]); n += 1) {
  const offered = all.flatMap((found) => found[n] ?? []);
  const written = inWords(Math.max(...offered.map((one) => one.at)));
  const row = offer.cloneNode(true);
  const [words, beginning] = row.querySelectorAll("p");
  words.textContent = words.textContent.replace("{}", written);
  beginning.textContent = offered.map((one) => one.line).join(" · ").slice(0, 100);
  const [restore, discard] = row.querySelectorAll("button");
  const close = (settle) => () => {
    offered.forEach(settle);
    row.remove();
    box.hidden = !box.querySelector("div");
    offered[0].form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  };
  restore.addEventListener("click", close((one) => one.restore()));
  discard.addEventListener("click", close((one) => one.discard()));
  box.append(row);
  box.hidden = false;
}
offer?.remove();

// The desk's first page names all of it, with the way to its form; but nothing of an import that is done.
const unsaved = document.getElementById("unsaved");
const isDone = (path) => {
  const [, number] = /\/(?:batch|record\/import)\/(\d+)\/(?!change|undo)/.exec(path) ?? [];
  return number && !unsaved.dataset.imports.split(" ").includes(number);
};

const own = unsaved ? Object.keys(localStorage).filter((one) => one.startsWith(ofUser)) : [];
for (const name of own.sort((one, other) => read(other).at - read(one).at)) {
  const draft = read(name);
  const path = name.slice(ofUser.length);
  if (isDone(path)) {
    localStorage.removeItem(name);
    continue;
  }
  const row = unsaved.querySelector("tbody").insertRow();
  const title = document.createElement("th");
  const link = document.createElement("a");
  title.scope = "row";
  link.href = draft.page ?? path;
  link.textContent = draft.of?.split(" | ")[0] || path;
  title.append(link);
  row.append(title);
  for (const text of [draft.line, inWords(draft.at)]) row.insertCell().textContent = text ?? "";
  unsaved.hidden = false;
}
