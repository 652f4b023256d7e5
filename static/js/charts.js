// Draws the charts beside the tables, from the figures that the page carries as data.
"use strict";

const CONFIG = { displayModeBar: false, responsive: true, showSendToCloud: false };

// If the library did not arrive, the tables with their bars are the page.
const charts = typeof Plotly === "undefined" ? [] : document.querySelectorAll("figure[data-chart]");

for (const chart of charts) {
  const figure = JSON.parse(document.getElementById(chart.dataset.chart).textContent);
  const plot = chart.querySelector(".plot");
  chart.hidden = false; // before drawing: Plotly measures the frame
  plot.style.height = `${figure.layout.height}px`; // and measures it again on every resize
  Plotly.newPlot(plot, figure.data, figure.layout, CONFIG).then(() => {
    plot.on("plotly_click", (event) => follow(event.points[0].customdata));
    chart.dataset.drawn = "true";
  });
  for (const button of chart.querySelectorAll("[data-download]")) {
    button.addEventListener("click", () => {
      const layout = { ...figure.layout, showlegend: true };
      Plotly.downloadImage({ data: figure.data, layout }, {
        format: button.dataset.download,
        filename: chart.dataset.name,
        width: 800,
        height: figure.layout.height,
        scale: 2,
      });
    });
  }
}

function follow(address) {
  if (address) location.assign(address);
}
