// What a page gives away: texts to copy, pictures as PNG. The server draws pictures as SVG; without
// this script these are there to be saved, and texts to be selected.
function reveal() {
  for (const button of document.querySelectorAll("[data-copies], [data-picture]")) {
    button.hidden = false;
  }
  for (const button of document.querySelectorAll("[data-present]")) {
    button.hidden = !document.fullscreenEnabled;
  }
  // The phone's own way of sharing, where there is one.
  for (const button of document.querySelectorAll("[data-share]")) {
    button.hidden = !navigator.share;
  }
}

function say(button) {
  document.getElementById("announcement").textContent = button.dataset.done;
  const label = button.textContent;
  button.textContent = button.dataset.done;
  setTimeout(() => (button.textContent = label), 3000);
}

// The picture of a form as PNG, and the name of its file.
async function picture(form) {
  const response = await fetch(`${form.action}?${new URLSearchParams(new FormData(form))}`);
  if (!response.ok) throw new Error(response.statusText);
  const [, name] = response.headers.get("Content-Disposition").match(/filename="(.+)\.svg"/);
  const image = new Image();
  image.src = URL.createObjectURL(await response.blob());
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  canvas.getContext("2d").drawImage(image, 0, 0);
  URL.revokeObjectURL(image.src);
  const png = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  return { png, name: `${name}.png` };
}

async function save(form) {
  const { png, name } = await picture(form);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(png);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function copy(button) {
  // A promise, since some browsers want the clipboard asked for at once.
  const png = picture(button.form).then((made) => made.png);
  await navigator.clipboard.write([new ClipboardItem({ "image/png": png })]);
  say(button);
}

async function copyText(button) {
  const field = document.getElementById(button.dataset.copies);
  field.select(); // where the clipboard is closed to us, one key does the rest
  await navigator.clipboard.writeText(field.value);
  say(button);
}

document.addEventListener("click", (event) => {
  const { target } = event;
  if (target.matches("[data-present]")) {
    import(target.dataset.present).then(({ present }) => present(target));
  }
  if (target.matches("[data-copies]")) copyText(target).catch(() => {});
  if (target.matches("[data-share]")) {
    const url = document.getElementById("link").value;
    navigator.share({ title: document.title, url }).catch(() => {}); // nobody was chosen
  }
  // A menu closes when something else is pressed.
  for (const menu of document.querySelectorAll(".tools > details[open], #languages[open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
  // If no PNG comes, the SVG does.
  const asSvg = () => target.form.requestSubmit();
  if (target.matches("[data-picture]")) event.preventDefault();
  if (target.matches("[data-picture=save]")) save(target.form).catch(asSvg);
  if (target.matches("[data-picture=copy]")) copy(target).catch(asSvg);
});

reveal();
document.addEventListener("swapped", reveal);
