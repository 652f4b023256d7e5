# program: pyarrow (PyPI pyarrow)
# asks: the CSV of regions
# expects: africa 61, mena 55, asia 22, europe 12, americas 3
import os
from urllib.request import urlopen

from pyarrow import csv

table = csv.read_csv(urlopen(os.environ["SITE"] + "/reports/region.csv"))
print(", ".join(f"{row['slug']} {row['number']}" for row in table.to_pylist()))
