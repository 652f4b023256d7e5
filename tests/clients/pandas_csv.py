# program: pandas (PyPI pandas)
# asks: the CSV: rows, and those whose scope a source states
# expects: 5 of 223
import os

import pandas

address = os.environ["SITE"] + "/projects/export.csv"
rows = pandas.read_csv(address, dtype=str, keep_default_na=False)
print(sum(rows["scope_basis"] != "not-stated"), "of", len(rows))
