// Draws the charts, from figures that it asks for when a chart comes near the screen or is chosen.
// Without this script, or if anything does not arrive, tables are the page; anyone who chose the
// chart reads that it did not arrive.
const CONFIG = { displayModeBar: false, responsive: true, showSendToCloud: false };
const NEAR = "400px";
const LIBRARY = document.querySelector("script[data-plotly]").dataset.plotly;
const figures = new WeakMap();
let library = null;

// Loads Plotly once, for whichever chart comes first.
function plotly() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = LIBRARY;
    script.onload = resolve;
    script.onerror = () => {
      library = null;
      reject(new Error("Plotly did not arrive"));
    };
    document.head.append(script);
  });
  return library;
}

// One figure after another: of a search each worker answers two at once, and refuses the next.
let before = Promise.resolve();

async function ask(chart) {
  const asked = before.then(async () => {
    const response = await fetch(chart.dataset.figure);
    if (!response.ok) throw new Error(response.statusText);
    return response.json();
  });
  before = asked.catch(() => {});
  const [figure] = await Promise.all([asked, plotly()]);
  return figure;
}

// What a chart needs to be drawn, asked for until it arrives.
function figureOf(chart) {
  if (!figures.has(chart)) {
    figures.set(chart, ask(chart));
    figures.get(chart).catch(() => figures.delete(chart));
  }
  return figures.get(chart);
}

// Where writing runs to the left, bars do too.
function turn({ data, layout }) {
  const other = (place) => (place.endsWith("left") ? "middle right" : "middle left");
  Object.assign(layout.xaxis, { autorange: "reversed" });
  Object.assign(layout.yaxis, { side: "right", ticksuffix: "", tickprefix: " " });
  Object.assign(layout.margin, { l: layout.margin.r, r: 170 }); // no room is made of itself here
  for (const trace of data) {
    const place = trace.textposition;
    if (place) trace.textposition = Array.isArray(place) ? place.map(other) : other(place);
  }
}

// In the colours of the page, which the dark has others of.
function paint({ data, layout }) {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  Object.assign(layout, { paper_bgcolor: colour("paper"), plot_bgcolor: colour("paper") });
  layout.font.color = colour("ink");
  layout.xaxis.gridcolor = colour("line");
  for (const trace of data) {
    const { meta, marker } = trace;
    if (!meta) continue;
    trace.outlined ??= marker.color === "#ffffff";
    const [hue, second] = meta.split(" "); // the second of two is lighter
    marker.color = trace.outlined ? colour("paper") : colour(hue) + (second ? "66" : "");
    marker.line.color = colour(hue);
  }
}

// Over each bar is its link, for the keyboard; the pointer presses the bar, where it reads more.
function place(chart) {
  const links = chart.querySelectorAll(".presses li");
  const frame = chart.getBoundingClientRect();
  const area = chart.querySelector(".nsewdrag").getBoundingClientRect();
  const height = area.height / links.length;
  links.forEach(({ style }, row) => {
    style.left = `${area.left - frame.left}px`;
    style.top = `${area.top - frame.top + row * height}px`;
    style.width = `${area.width}px`;
    style.height = `${height}px`;
  });
}

function point(chart, bar) {
  const links = chart.querySelectorAll(".presses li");
  const rows = bar && links.length / bar.data.y.length; // links of a row, one below the other
  const at = bar && bar.pointIndex * rows + Number(bar.data.offsetgroup);
  links.forEach((one, place) => one.classList.toggle("pointed", place === at));
}

async function draw(chart) {
  const figure = await figureOf(chart);
  if (document.dir === "rtl") turn(figure);
  paint(figure);
  if (chart.hidden || chart.dataset.drawn) return; // Plotly measures the frame: it has to be seen
  chart.dataset.drawn = "true";
  const plot = chart.querySelector(".plot");
  plot.style.height = `${figure.layout.height}px`; // and is measured again on every resize
  await Plotly.newPlot(plot, figure.data, figure.layout, CONFIG);
  place(chart);
  plot.on("plotly_afterplot", () => place(chart)); // as wide as the window, which may change
  plot.on("plotly_hover", ({ points: [bar] }) => point(chart, bar));
  plot.on("plotly_unhover", () => point(chart));
  plot.on("plotly_click", ({ points: [{ customdata }] }) => {
    if (customdata) location.assign(customdata);
  });
}

// A hidden chart has no place on the page: what is watched is the breakdown that it belongs to.
const watcher = new IntersectionObserver((seen) => {
  for (const { isIntersecting, target } of seen) {
    if (!isIntersecting) continue;
    watcher.unobserve(target);
    const chart = target.querySelector("figure[data-figure]");
    figureOf(chart)
      .then(() => chart.dispatchEvent(new Event("ready", { bubbles: true })))
      .catch(() => {});
  }
}, { rootMargin: NEAR });

async function show(chart) {
  const failed = chart.querySelector(".failed");
  failed.hidden = true;
  try {
    await draw(chart);
  } catch {
    delete chart.dataset.drawn;
    failed.hidden = false;
  }
}

document.addEventListener("shown", ({ target }) => {
  if (target.matches("figure[data-figure]")) show(target);
});
// To try again is to choose the chart again: its tab has the focus then, since the button goes.
document.addEventListener("click", ({ target }) => {
  if (!target.matches(".chart .failed button")) return;
  const tab = document.getElementById(target.closest("figure").getAttribute("aria-labelledby"));
  tab.focus();
  tab.click();
});

// On a telephone the table serves until somebody chooses the chart, which costs it seconds.
function watch() {
  if (matchMedia("(max-width: 60rem) and (pointer: coarse)").matches) return;
  // The closed ones wait until somebody chooses them.
  for (const one of document.querySelectorAll(".breakdown:not([data-closed])")) {
    if (!one.querySelector("[data-drawn]")) watcher.observe(one);
  }
}

watch();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const chart of document.querySelectorAll("[data-drawn]")) {
    delete chart.dataset.drawn;
    show(chart);
  }
});
