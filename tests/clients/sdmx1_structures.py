# program: sdmx1 (PyPI sdmx1)
# asks: the structures
# expects: 2 dataflows
import io
import os
from urllib.request import urlopen

import sdmx

message = sdmx.read_sdmx(io.BytesIO(urlopen(os.environ["SITE"] + "/sdmx/structures.json").read()))
print(len(message.dataflow), "dataflows")
