# program: python-docx (PyPI python-docx)
# asks: the Word briefing of national projects
# expects: 75 projects are national in scope (A/72/621, para. 25).
import io
import os
from urllib.request import urlopen

import docx

file = urlopen(os.environ["SITE"] + "/projects/export.docx?scope=national").read()
document = docx.Document(io.BytesIO(file))
print(document.paragraphs[1].text)
