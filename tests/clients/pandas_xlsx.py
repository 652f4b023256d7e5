# program: pandas (PyPI pandas)
# asks: the sheet Codes of the XLSX: rows, and cells that differ from the CSV
# expects: 223 rows, 0 cells differ
import os

import pandas

text = {"dtype": str, "keep_default_na": False}
address = os.environ["SITE"] + "/projects/export"
table = pandas.read_csv(f"{address}.csv", **text)
codes = pandas.read_excel(f"{address}.xlsx", sheet_name="Codes", **text)
print(len(codes), "rows,", (codes != table).sum().sum(), "cells differ")
