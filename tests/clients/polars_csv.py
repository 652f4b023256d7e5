# program: polars (PyPI polars)
# asks: the CSV by its address: the areas of its rows
# expects: governance 40, other 33, education 31
import os

import polars

rows = polars.scan_csv(os.environ["SITE"] + "/projects/export.csv")
areas = rows.group_by("priority_area").len().sort("len", descending=True).collect()
print(", ".join(f"{area} {number}" for area, number in areas.rows()[:3]))
