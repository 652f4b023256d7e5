// Presents a page's pictures, each on the whole screen: arrow keys go on and back, Escape ends.
// share.js loads it when it is asked for.
const stage = document.getElementById("stage");
let slides = [];
let place = 0;
let opener = null;

function collect() {
  slides = [...document.querySelectorAll("form[data-slide]")].map((form) => {
    const asked = new URLSearchParams(new FormData(form));
    asked.set("shape", "wide");
    return { title: form.dataset.slide, address: `${form.action}?${asked}` };
  });
}

function show(next) {
  if (next < 0 || next >= slides.length) return;
  place = next;
  const { title, address } = slides[place];
  const image = stage.querySelector("img");
  image.src = address;
  image.alt = title;
  stage.querySelector("[data-place]").textContent = `${place + 1} / ${slides.length}`;
  stage.querySelector("[data-step='-1']").disabled = place === 0;
  stage.querySelector("[data-step='1']").disabled = place === slides.length - 1;
}

// Begins with the picture that the button belongs to, if there are several.
export async function present(button) {
  opener = button;
  collect();
  stage.showModal();
  show(Math.max(0, [...document.querySelectorAll("form[data-slide]")].indexOf(button.form)));
  // A dialog itself may not; refused, it is as large as the window.
  await stage.firstElementChild.requestFullscreen().catch(() => {});
}

document.addEventListener("click", ({ target }) => {
  if (target.matches("#stage [data-step]")) show(place + Number(target.dataset.step));
});

document.addEventListener("keydown", (event) => {
  if (!stage.open) return;
  const on = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
  const back = document.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
  const step = { [on]: 1, [back]: -1, PageDown: 1, PageUp: -1 }[event.key];
  if (step) show(place + step);
  else if (event.key === "Home") show(0);
  else if (event.key === "End") show(slides.length - 1);
  else return;
  event.preventDefault();
});

// Escape leaves the whole screen or closes the dialog, as the browser likes: both end together.
async function end() {
  if (document.fullscreenElement) await document.exitFullscreen();
  stage.close();
  // The page is drawn again first: until then nothing of it takes the focus.
  requestAnimationFrame(() => opener.focus());
}
document.addEventListener("fullscreenchange", () => {
  if (!document.fullscreenElement && stage.open) end();
});
stage.addEventListener("cancel", (event) => {
  event.preventDefault();
  end();
});
