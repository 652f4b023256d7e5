# program: DuckDB (PyPI duckdb)
# asks: a saved NDJSON: described activities by entity
# expects: UNESCO 4
import os
from urllib.request import urlretrieve

import duckdb

urlretrieve(os.environ["SITE"] + "/projects/export.ndjson", "rows.ndjson")
entities = "SELECT unnest(entities) AS entity FROM 'rows.ndjson'"
found = duckdb.sql(f"SELECT entity, count(*) FROM ({entities}) GROUP BY 1 ORDER BY 2 DESC")
print(*found.fetchall()[0])
