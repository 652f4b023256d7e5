# program: frictionless (PyPI frictionless)
# asks: /datapackage.json: every cell of its files
# expects: 9 resources, valid: True
import os

from frictionless import Package

package = Package(os.environ["SITE"] + "/datapackage.json")
report = package.validate()
print(len(package.resources), "resources, valid:", report.valid)
