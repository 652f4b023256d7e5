// The search of the desk's header: "/" or Ctrl-K, Command-K on a Mac, goes to it.
const box = document.querySelector("#find");
const TYPED_INTO = "input, select, textarea, [contenteditable]";

document.addEventListener("keydown", (event) => {
  const together = event.ctrlKey || event.metaKey;
  const isSlash = event.key === "/" && !together && !event.altKey && !event.target.matches(TYPED_INTO);
  const isK = event.key.toLowerCase() === "k" && together && !event.shiftKey && !event.altKey;
  if (isSlash || isK) {
    event.preventDefault();
    box.focus();
    box.select();
  }
});
