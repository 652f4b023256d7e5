# program: extruct (PyPI extruct)
# asks: the JSON-LD of the overview and of an edition
# expects: Dataset, Dataset
import os
from urllib.request import urlopen

import extruct

pages = [os.environ["SITE"] + path for path in ("/", "/editions/reconstruction-2017-12/")]
found = [extruct.extract(urlopen(page).read(), syntaxes=["json-ld"]) for page in pages]
print(", ".join(one["json-ld"][0]["@type"] for one in found))
