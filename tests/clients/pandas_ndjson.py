# program: pandas (PyPI pandas)
# asks: the NDJSON: rows of youth, and how many are described
# expects: 27 rows, 3 described
import os

import pandas

address = os.environ["SITE"] + "/projects/export.ndjson?priority_area=youth"
rows = pandas.read_json(address, lines=True)
print(len(rows), "rows,", sum(rows["provenance"] == "named"), "described")
