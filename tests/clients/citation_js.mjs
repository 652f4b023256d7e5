// program: Citation.js (npm @citation-js/core)
// asks: BibTeX, RIS and CSL-JSON of the page on scope: their titles
// expects: 3 times: 82 of the 223 projects are global in scope (A/72/621, para. 25)
import { Cite } from "@citation-js/core";
import "@citation-js/plugin-bibtex";
import "@citation-js/plugin-ris";

const page = await (await fetch(`${process.env.SITE}/reports/scope/`)).text();
const files = [...page.matchAll(/href="data:[^,"]*,([^"]*)" download="pvematrix/g)];
const read = (text) => Cite.async(text.replaceAll("&#x27;", "'"));
const cited = await Promise.all(files.map((file) => read(decodeURIComponent(file[1]))));
console.log(cited.length, "times:", ...new Set(cited.map((one) => one.data[0].title)));
