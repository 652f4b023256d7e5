# program: pysdmx (PyPI pysdmx)
# asks: the structures, by the official schema
# expects: PVEMATRIX: PROJECTS, SERIES
import os

from pysdmx.io import read_sdmx

message = read_sdmx(os.environ["SITE"] + "/sdmx/structures.json")
dataflows = ", ".join(flow.id for flow in message.get_dataflows())
print(f"{message.header.sender.id}: {dataflows}")
