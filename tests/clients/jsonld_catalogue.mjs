// program: jsonld.js (npm jsonld)
// asks: the catalogue, expanded: its data sets
// expects: 3 data sets
import jsonld from "jsonld";

const catalogue = await (await fetch(`${process.env.SITE}/catalog.jsonld`)).json();
const [expanded] = await jsonld.expand(catalogue);
console.log(expanded["http://www.w3.org/ns/dcat#dataset"].length, "data sets");
