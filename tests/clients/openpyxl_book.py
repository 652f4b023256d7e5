# program: openpyxl (PyPI openpyxl)
# asks: the XLSX: sheets, rows of Codes
# expects: Projects, Codes, Dictionary, About; 223 rows
import io
import os
from urllib.request import urlopen

import openpyxl

file = urlopen(os.environ["SITE"] + "/projects/export.xlsx").read()
book = openpyxl.load_workbook(io.BytesIO(file), read_only=True)
print(", ".join(book.sheetnames) + ";", sum(1 for _row in book["Codes"].rows) - 1, "rows")
