# program: pandas (PyPI pandas)
# asks: rows of the API by json_normalize
# expects: 223 rows, 82 global
import json
import os
from urllib.request import urlopen

import pandas

site = os.environ["SITE"] + "/api/v1"
rows = pandas.json_normalize(json.load(urlopen(f"{site}/projects/?per_page=500"))["results"])
areas = pandas.json_normalize(json.load(urlopen(f"{site}/answers/scope/"))["rows"])
print(len(rows), "rows,", areas.set_index("slug")["number"]["global"], "global")
