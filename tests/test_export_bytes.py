"""The files of the shipped register: the same bytes on both databases, and after every change.

With WRITE=1 and -n 0 their digests are written, to be committed; without, they are compared.
"""

import hashlib
import io
import json
import os
import re

import pytest
from openpyxl import load_workbook

from .conftest import ROOT
from .pages import body

FILE = ROOT / "tests/data/exports.sha256"
# The SHA-256 of each file by its address, without the time at which it was made. Anyone who changes
# the description of the API on purpose reads in docs/contract.md what v1 keeps.
SERVED = {
    address: digest for digest, address in (line.split() for line in FILE.read_text().splitlines())
}
MADE = re.compile(rb'generated_at": "[^"]*|\d{4}-\d\d-\d\d \d\d:\d\d UTC')


@pytest.mark.postgresql
@pytest.mark.parametrize("address", SERVED)
def test_a_file_of_the_shipped_register_has_the_same_bytes(register, client, address):
    content = body(client.get(address))
    if ".xlsx" in address:
        content = cells_of(content)
    digest = hashlib.sha256(MADE.sub(b"", content)).hexdigest()
    if os.environ.get("WRITE"):
        SERVED[address] = digest
        FILE.write_text("".join(f"{one}  {served}\n" for served, one in SERVED.items()))
    assert digest == SERVED[address]


def cells_of(workbook: bytes) -> bytes:
    """What a workbook shows, without what the library that writes it decides."""
    sheets = [
        (
            sheet.title,
            sheet.freeze_panes,
            sheet.auto_filter.ref,
            {letter: column.width for letter, column in sheet.column_dimensions.items()},
            [[(cell.value, cell.data_type, cell.font.b) for cell in row] for row in sheet],
        )
        for sheet in load_workbook(io.BytesIO(workbook))
    ]
    return json.dumps(sheets).encode()
