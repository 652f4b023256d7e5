# program: pyarrow (PyPI pyarrow)
# asks: the NDJSON: rows by provenance
# expects: counted 211, named 12
import os
from urllib.request import urlopen

from pyarrow import json

table = json.read_json(urlopen(os.environ["SITE"] + "/projects/export.ndjson"))
counts = table.group_by("provenance").aggregate([([], "count_all")]).to_pylist()
print(", ".join(sorted(f"{row['provenance']} {row['count_all']}" for row in counts)))
