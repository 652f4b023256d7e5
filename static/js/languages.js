// Links to the same page in the language that the browser prefers; the page never depends on that.
const links = [...document.querySelectorAll("#languages a")];
const main = (code) => code.toLowerCase().split("-")[0];
const of = (code) => links.find((one) => main(one.lang) === main(code));
const first = navigator.languages.map(of).find(Boolean);
if (first && !first.matches("[aria-current]")) {
  const link = first.cloneNode();
  link.textContent = first.dataset.hint;
  link.className = "hint";
  document.querySelector("header.site").prepend(link);
}
