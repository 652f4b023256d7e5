// What is typed into a form of the desk stays in this browser until it is saved: a closed window or
// a login in between loses nothing. Only what was changed is kept, with the revision that it was
// changed from, so that what others wrote meanwhile is not overwritten. Logging out clears it.
// Other forms with `data-draft`, such as that of a comment, only ask before they are left.
"use strict";

const DAYS = 7 * 24 * 60 * 60 * 1000;
const box = document.getElementById("drafts");
const form = box && document.querySelector(".change-form #content-main > form, form[data-draft]");
const ofUser = `draft:${box?.dataset.user}:`;
const key = ofUser + location.pathname;

for (const name of Object.keys(localStorage).filter((one) => one.startsWith("draft:"))) {
  const draft = JSON.parse(localStorage.getItem(name));
  if (Date.now() - draft.at > DAYS) localStorage.removeItem(name);
}
document.getElementById("logout-form")?.addEventListener("submit", () => {
  for (const name of Object.keys(localStorage)) if (name.startsWith("draft:")) localStorage.removeItem(name);
});

// Saved is what the next page says is saved: a login in between says nothing.
const sent = sessionStorage.getItem("draft-sent");
sessionStorage.removeItem("draft-sent");
if (sent && document.querySelector(".messagelist .success")) localStorage.removeItem(sent);

// A form's values by name, each a list of [value, words].
function valuesOf(typed) {
  const found = {};
  for (const one of typed.elements) {
    if (!one.name || one.readOnly || /^(hidden|password|file|submit|button)$/.test(one.type)) continue;
    if (/-__prefix__-/.test(one.name)) continue;
    found[one.name] ??= [];
    if (/^(checkbox|radio)$/.test(one.type)) {
      if (one.checked) found[one.name].push([one.value, ""]);
    } else if (one.selectedOptions) {
      for (const option of one.selectedOptions) found[one.name].push([option.value, option.text]);
    } else found[one.name].push([one.value, ""]);
  }
  return found;
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function put(name, values) {
  // A row that was added to the form is added again.
  const [, group] = /^(.+)-\d+-/.exec(name) ?? [];
  for (let left = 50; group && !form.elements[name] && left; left -= 1) {
    document.querySelector(`#${group}-group .add-row a`)?.click();
  }
  for (const one of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
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

// Leaving asks while something is changed, but for these forms: they send it.
function ask(isChanged, forms, onSubmit = () => {}) {
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

for (const one of document.querySelectorAll("form[data-draft]")) {
  const first = valuesOf(one);
  // What came back with faults is as it was sent, and nowhere else.
  if (one !== form) ask(() => one.querySelector(".errorlist") || !same(valuesOf(one), first), [one]);
}

if (form) {
  const first = valuesOf(form);
  const draft = JSON.parse(localStorage.getItem(key));
  // A form that came back with faults holds what was typed; it goes on from there.
  const back = draft && Object.entries(draft.fields).every(([name, values]) => same(first[name], values));
  // Nor is anything saved of one that another page sent.
  const isRefused = Boolean(document.getElementById("faults"));

  const changed = () => {
    const now = valuesOf(form);
    const isChanged = (name) => isRefused || !same(now[name], first[name]) || (back && name in draft.fields);
    const names = Object.keys(now).filter(isChanged);
    return Object.fromEntries(names.map((name) => [name, now[name]]));
  };
  const keep = () => {
    const fields = changed();
    if (!Object.keys(fields).length) return localStorage.removeItem(key);
    const seen = form.elements.seen?.value;
    return localStorage.setItem(key, JSON.stringify({ at: Date.now(), of: document.title, seen, fields }));
  };

  const sending = [form, ...document.querySelectorAll("form[data-sends-draft]")];
  ask(() => Object.keys(changed()).length, sending, () => sessionStorage.setItem("draft-sent", key));
  const [restore, discard] = box.querySelectorAll("button");
  if (draft && !back) {
    const at = new Date(draft.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    const words = box.querySelector("p");
    words.textContent = words.textContent.replace("{}", at);
    box.hidden = false;
  } else if (isRefused) {
    keep();
    // What another page kept of it, this one keeps.
    if (sent && sent !== key) localStorage.removeItem(sent);
  }
  const close = () => {
    box.hidden = true;
    form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  };
  restore.addEventListener("click", () => {
    if (form.elements.seen && draft.seen) form.elements.seen.value = draft.seen;
    for (const [name, values] of Object.entries(draft.fields)) put(name, values);
    keep();
    close();
  });
  discard.addEventListener("click", () => {
    localStorage.removeItem(key);
    close();
  });
  // A draft that is neither taken nor thrown away is not written over by the first key.
  form.addEventListener("input", () => box.hidden && keep());
  form.addEventListener("change", () => box.hidden && keep());
}
