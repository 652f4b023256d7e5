# program: pysdmx (PyPI pysdmx)
# asks: data of scope by region, validated by their structures; global in Africa
# expects: 24 observations, 10 not stated, 82 global, 0 of them in Africa
import os

import pysdmx.io

site = os.environ["SITE"]
data, structures = f"{site}/reports/scope-by-region.sdmx.csv", f"{site}/sdmx/structures.json"
(found,) = pysdmx.io.get_datasets(data, structures)
rows = found.data.set_index(["SCOPE", "REGION"])["OBS_VALUE"]
print(len(rows), "observations,", rows.isna().sum(), "not stated,", end=" ")
print(rows["global", "_T"], "global,", rows["global", "africa"], "of them in Africa")
