# program: DuckDB (PyPI duckdb)
# asks: a saved CSV of breakdowns: the sum of the areas
# expects: 8 areas, 223 projects
import os
from urllib.request import urlretrieve

import duckdb

urlretrieve(os.environ["SITE"] + "/reports/priority-area.csv", "areas.csv")
found = duckdb.sql("SELECT count(*), sum(number) FROM 'areas.csv'").fetchall()[0]
print(f"{found[0]} areas, {found[1]} projects")
