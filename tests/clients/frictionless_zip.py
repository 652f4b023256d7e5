# program: frictionless (PyPI frictionless)
# asks: an edition's zip: every cell, bytes and hashes
# expects: projects 223, quotations 32, valid: True
import os
from urllib.request import urlretrieve

from frictionless import Package

address = "/editions/reconstruction-2026-11/datapackage.zip"
urlretrieve(os.environ["SITE"] + address, "edition.zip")
package = Package("edition.zip")
rows = [f"{one.name} {len(one.read_rows())}" for one in package.resources]
print(", ".join(rows) + ", valid:", package.validate().valid)
