# program: polars (PyPI polars)
# asks: the statements, all columns as text
# expects: 292 statements
import os

import polars

rows = polars.read_csv(os.environ["SITE"] + "/statements.csv", infer_schema=False)
print(rows.height, "statements")
