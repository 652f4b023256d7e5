// A box above a long list of values in the panel of filters, which leaves those that match it.
// Without this script there is no box, and all values are there.
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

function narrow(fieldset, wanted) {
  const more = fieldset.querySelector("details");
  if (more && wanted) more.open = true;
  let left = 0;
  for (const line of fieldset.querySelectorAll("li")) {
    line.hidden = !plain(line.querySelector("label").textContent).includes(wanted);
    if (!line.hidden) left += 1;
  }
  fieldset.querySelector("output").textContent = wanted
    ? fieldset.dataset.found.replace("{}", left)
    : "";
}

function box(fieldset) {
  const line = document.createElement("p");
  const input = document.createElement("input");
  const left = document.createElement("output");
  input.type = "search"; // without a name: it is no part of what is asked for
  input.placeholder = fieldset.dataset.find;
  input.setAttribute("aria-label", fieldset.dataset.find);
  left.className = "unseen";
  line.className = "find";
  line.append(input, left);
  input.addEventListener("input", () => narrow(fieldset, plain(input.value.trim())));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // which would send the filters
  });
  return line;
}

function show() {
  for (const fieldset of document.querySelectorAll("fieldset[data-find]")) {
    fieldset.querySelector("legend").after(box(fieldset));
  }
}

document.addEventListener("swapped", show);
show();
