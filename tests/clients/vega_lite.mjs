// program: Vega-Lite (npm vega-lite)
// asks: a bar chart of the CSV of areas, by its address
// expects: 8 bars, the longest 40
import * as vega from "vega";
import { compile } from "vega-lite";

const data = { url: `${process.env.SITE}/reports/priority-area.csv` };
const encoding = { x: { field: "number", type: "quantitative" }, y: { field: "slug" } };
const { spec } = compile({ data, mark: "bar", encoding });
const view = await new vega.View(vega.parse(spec), { renderer: "none" }).runAsync();
const bars = view.data("source_0");
console.log(bars.length, "bars, the longest", Math.max(...bars.map((bar) => bar.number)));
