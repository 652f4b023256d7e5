// Tabs over what shows the same thing in several ways, after the ARIA pattern of tabs. Without this
// script everything but the chart, which needs scripts, simply stands there.
const chosen = new Map(); // what somebody chose, by the id of the tabs, also after the page changed

function select(tab, isChosen) {
  const tabs = document.getElementById(tab.getAttribute("aria-controls")).closest("[data-tabs]");
  if (isChosen) chosen.set(tabs.id, tab.textContent);
  for (const one of tab.parentElement.children) {
    const isSelected = one === tab;
    const panel = document.getElementById(one.getAttribute("aria-controls"));
    one.setAttribute("aria-selected", String(isSelected));
    one.tabIndex = isSelected ? 0 : -1;
    panel.hidden = !isSelected;
    panel.querySelector("details")?.setAttribute("open", ""); // closed without tabs only
    if (isSelected) panel.dispatchEvent(new Event("shown", { bubbles: true }));
  }
}

function tabOf(panel, place, id) {
  const tab = document.createElement("button");
  tab.type = "button";
  tab.id = `${id}-tab-${place}`;
  tab.textContent = panel.dataset.panel;
  tab.setAttribute("role", "tab");
  panel.id = `${id}-panel-${place}`;
  panel.setAttribute("role", "tabpanel");
  panel.setAttribute("aria-labelledby", tab.id);
  tab.setAttribute("aria-controls", panel.id);
  tab.addEventListener("click", () => select(tab, true));
  return tab;
}

function make(tabs) {
  const panels = [...tabs.querySelectorAll("[data-panel]")];
  const list = document.createElement("div");
  list.className = "tab-list";
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", tabs.dataset.tabs);
  list.append(...panels.map((panel, place) => tabOf(panel, place, tabs.id)));
  list.addEventListener("keydown", move);
  const tools = tabs.previousElementSibling; // the row that they are in, if it is there
  (tools?.matches(".tools") ? tools : tabs).prepend(list);
  tabs.dataset.ready = "";
  const first = panels.findIndex((panel) => panel.dataset.panel === chosen.get(tabs.id));
  select(list.children[first < 0 ? panels.findIndex((panel) => "first" in panel.dataset) : first]);
}

function move(event) {
  const all = [...event.currentTarget.children];
  const back = document.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
  const place = all.indexOf(event.target);
  let next = { Home: 0, End: all.length - 1 }[event.key];
  if (["ArrowLeft", "ArrowRight"].includes(event.key)) {
    next = (place + (event.key === back ? -1 : 1) + all.length) % all.length;
  }
  if (next === undefined) return;
  event.preventDefault();
  all[next].focus();
  select(all[next], true);
}

// A chart that could be drawn now takes the place of its table, unless somebody chose otherwise.
document.addEventListener("ready", ({ target }) => {
  const id = target.closest("[data-tabs]").id;
  if (!chosen.has(id)) select(document.getElementById(target.getAttribute("aria-labelledby")));
});

function makeAll() {
  for (const tabs of document.querySelectorAll("[data-tabs]:not([data-ready])")) make(tabs);
}

makeAll();
