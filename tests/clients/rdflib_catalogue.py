# program: RDFLib (PyPI rdflib)
# asks: the catalogue: data sets, and titles that are none
# expects: 3 data sets, 0 without a title
import os

from rdflib import DCAT, DCTERMS, RDF, Graph

graph = Graph().parse(os.environ["SITE"] + "/catalog.jsonld", format="json-ld")
titles = [str(title) for title in graph.objects(None, DCTERMS.title)]
found = list(graph.subjects(RDF.type, DCAT.Dataset))
print(len(found), "data sets,", sum(title in ("", "None") for title in titles), "without a title")
