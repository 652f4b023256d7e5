// Answers the overview's question as it is chosen, in the list's words. Without this script, or
// when no answer comes, a button opens the list.
const form = document.querySelector("form.ask");
const answer = form.querySelector("output");
let latest = null;

async function ask() {
  latest?.abort();
  latest = new AbortController();
  const { signal } = latest;
  answer.setAttribute("aria-busy", "true");
  try {
    const asked = new URLSearchParams(new FormData(form));
    const response = await fetch(`${form.action}?${asked}`, { signal });
    if (!response.ok) throw new Error(response.statusText);
    answer.textContent = (await response.json()).answer;
    answer.classList.remove("old");
  } catch (error) {
    if (error.name === "AbortError") return;
    // The words of the answer before stay, marked as such.
    if (!answer.classList.contains("old")) answer.append(` ${form.dataset.failed}`);
    answer.classList.add("old");
  }
  answer.removeAttribute("aria-busy");
}

form.addEventListener("change", ask);
// Back from another page the browser may have chosen again what was chosen before.
addEventListener("pageshow", () => {
  const options = [...form.querySelectorAll("option")];
  if (options.some((one) => one.selected !== one.defaultSelected)) ask();
});
