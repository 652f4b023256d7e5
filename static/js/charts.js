// Draws the charts beside the tables, from figures that it asks for when a chart comes near.
// Without this script, or if anything does not arrive, the tables with their bars are the page.
"use strict";

const CONFIG = { displayModeBar: false, responsive: true, showSendToCloud: false };
const NEAR = "400px";
const LIBRARY = document.currentScript.dataset.plotly;
let library = null;

// Loads Plotly once, for whichever chart comes first.
function plotly() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = LIBRARY;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
  return library;
}

async function draw(chart) {
  const [response] = await Promise.all([fetch(chart.dataset.figure), plotly()]);
  if (!response.ok) return;
  const figure = await response.json();
  const plot = chart.querySelector(".plot");
  chart.hidden = false; // before drawing: Plotly measures the frame
  plot.style.height = `${figure.layout.height}px`; // and measures it again on every resize
  await Plotly.newPlot(plot, figure.data, figure.layout, CONFIG);
  plot.on("plotly_click", (event) => follow(event.points[0].customdata));
  for (const button of chart.querySelectorAll("[data-download]")) {
    button.addEventListener("click", () => download(chart, figure, button.dataset.download));
  }
  chart.dataset.drawn = "true";
}

function download(chart, figure, format) {
  const layout = { ...figure.layout, showlegend: true };
  Plotly.downloadImage({ data: figure.data, layout }, {
    format,
    filename: chart.dataset.name,
    width: 800,
    height: figure.layout.height,
    scale: 2,
  });
}

function follow(address) {
  if (address) location.assign(address);
}

// A hidden chart has no place on the page: what is watched is the breakdown that it belongs to.
const watcher = new IntersectionObserver((seen) => {
  for (const { isIntersecting, target } of seen) {
    if (!isIntersecting) continue;
    watcher.unobserve(target);
    draw(target.querySelector("figure[data-figure]")).catch(() => {});
  }
}, { rootMargin: NEAR });

function watch() {
  for (const chart of document.querySelectorAll("figure[data-figure]:not([data-drawn])")) {
    watcher.observe(chart.closest(".breakdown"));
  }
}

watch();
document.addEventListener("swapped", watch);
