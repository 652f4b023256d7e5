# program: extruct (PyPI extruct)
# asks: JSON-LD of the overview, OpenGraph of the page on scope
# expects: Dataset; 82 of the 223 projects are global in scope (A/72/621, para. 25)
import os
from urllib.request import urlopen

import extruct

site = os.environ["SITE"]
linked = extruct.extract(urlopen(site).read(), syntaxes=["json-ld"])["json-ld"]
page = extruct.extract(urlopen(f"{site}/reports/scope/").read(), syntaxes=["opengraph"])
print(linked[0]["@type"] + ";", dict(page["opengraph"][0]["properties"])["og:title"])
