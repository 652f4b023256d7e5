# program: frictionless (PyPI frictionless)
# asks: /datapackage.json: every cell of its files
# expects: valid: True
import os

from frictionless import Package

package = Package(os.environ["SITE"] + "/datapackage.json")
report = package.validate()
print("valid:", report.valid)
