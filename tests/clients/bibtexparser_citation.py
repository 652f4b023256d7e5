# program: bibtexparser (PyPI bibtexparser)
# asks: the BibTeX of the page on scope: its title
# expects: 82 of the 223 projects are global in scope (A/72/621, para. 25)
import os
import re
from urllib.parse import unquote
from urllib.request import urlopen

import bibtexparser

page = urlopen(os.environ["SITE"] + "/reports/scope/").read().decode()
(file,) = re.findall(r'href="data:[^,"]*,([^"]*)" download="pvematrix.bib"', page)
(entry,) = bibtexparser.parse_string(unquote(file)).entries
print(entry["title"].strip("{}"))
