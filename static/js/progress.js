// How far the work is, asked every second; when it is over the page leads on by itself.
"use strict";

const bar = document.querySelector("#progress");
const rows = document.querySelector("#rows");

async function look() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "application/json" } });
    // Whoever is no longer logged in finds the login; a server that is busy is asked again.
    if (answer.redirected) return location.reload();
    if (answer.ok) {
      const state = await answer.json();
      if (!state.isGoingOn) return location.reload();
      bar.value = state.done;
      rows.textContent = state.text;
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // no connection
  }
  setTimeout(look, 1000);
}

setTimeout(look, 1000);
