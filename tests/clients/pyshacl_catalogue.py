# program: pySHACL (PyPI pyshacl)
# asks: the catalogue by the shapes of DCAT-AP 3.0.1
# expects: conforms: True
import os
from pathlib import Path

import pyshacl
from rdflib import Graph

shapes = Path(__file__).parents[1] / "data/dcat-ap-3.0.1-SHACL.ttl"
graph = Graph().parse(os.environ["SITE"] + "/catalog.jsonld", format="json-ld")
print("conforms:", pyshacl.validate(graph, shacl_graph=str(shapes))[0])
