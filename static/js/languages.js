// Links to the same page in the language that the browser prefers; the page never depends on that.
// Here, for a page would be larger by the six of them.
const HINTS = {
  ar: "هذه الصفحة متاحة بالعربية",
  en: "This page exists in English",
  es: "Esta página existe en español",
  fr: "Cette page existe en français",
  ru: "Эта страница есть на русском языке",
  zh: "本页有中文版",
};
const links = [...document.querySelectorAll("#languages a")];
const main = (code) => code.toLowerCase().split("-")[0];
const of = (code) => links.find((one) => main(one.lang) === main(code));
const first = navigator.languages.map(of).find(Boolean);
if (first && !first.matches("[aria-current]")) {
  const link = first.cloneNode();
  link.textContent = HINTS[main(first.lang)];
  link.className = "hint";
  document.querySelector("header.site").prepend(link);
}
