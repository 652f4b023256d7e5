# program: Python (Debian python3)
# asks: the CSV with csv.DictReader and utf-8-sig
# expects: 223 rows, reference first
/usr/bin/python3 - <<'PYTHON'
import csv, io, os
from urllib.request import urlopen

address = os.environ["SITE"] + "/projects/export.csv"
rows = csv.DictReader(io.TextIOWrapper(urlopen(address), "utf-8-sig", newline=""))
print(len(list(rows)), "rows,", rows.fieldnames[0], "first")
PYTHON
