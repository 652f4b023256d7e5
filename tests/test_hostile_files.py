"""Hostile and broken files: each is refused by name, and what reads it takes little."""

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from types import SimpleNamespace

import pytest
from openpyxl import Workbook

from projects.imports import sandbox
from projects.imports.lines import Refused, kept_lines

from .files import NEW, csv_of, xlsx_of

pytestmark = [pytest.mark.long, pytest.mark.apart]


def rezipped(parts: dict[str, bytes], unpacked: int = 0, padded: str = "") -> bytes:
    """A good workbook with some parts replaced or added, one followed by so many blanks."""
    good = io.BytesIO(xlsx_of([*NEW], [*NEW.values()]))
    out = io.BytesIO()
    with (
        zipfile.ZipFile(good) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
    ):
        kept = {name: source.read(name) for name in source.namelist()}
        for name, content in (kept | parts).items():
            with target.open(name, "w") as file:
                file.write(content)
                for _million in range(unpacked // 1_000_000 if name == padded else 0):
                    file.write(b" " * 1_000_000)
    return out.getvalue()


def with_part(part: str, content: bytes) -> bytes:
    return rezipped({part: content})


def far_cell(place: str) -> bytes:
    book = Workbook()
    book.active.append([*NEW])
    book.active.append([*NEW.values()])
    book.active[place] = "far"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
HEAD = b"".join(b'<c t="inlineStr"><is><t>' + n.encode() + b"</t></is></c>" for n in NEW)


def sheet_of(rows: bytes) -> bytes:
    """A workbook of which the sheet has this markup as its rows."""
    sheet = b"<worksheet " + MAIN + b"><sheetData>" + rows + b"</sheetData></worksheet>"
    return with_part("xl/worksheets/sheet1.xml", sheet)


def styles_of(format_code: bytes) -> bytes:
    """A workbook with this number format."""
    parts = [
        b"<styleSheet " + MAIN + b'><numFmts><numFmt numFmtId="200" formatCode="',
        format_code,
        b'"/></numFmts><fonts><font/></fonts><fills><fill/></fills><borders><border/></borders>',
        b"<cellStyleXfs><xf/></cellStyleXfs><cellXfs>",
        b'<xf numFmtId="200" fontId="0" fillId="0" borderId="0"/></cellXfs></styleSheet>',
    ]
    return with_part("xl/styles.xml", b"".join(parts))


def strings_of(texts: Iterable[bytes]) -> bytes:
    """A workbook with texts that cells could share."""
    part = b"".join(b"<si><t>" + text + b"</t></si>" for text in texts)
    with zipfile.ZipFile(io.BytesIO(xlsx_of([*NEW], [*NEW.values()]))) as good:
        types = good.read("[Content_Types].xml")
    override = b"""<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.\
openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>"""
    parts = {
        "xl/sharedStrings.xml": b"<sst " + MAIN + b">" + part + b"</sst>",
        "[Content_Types].xml": types.replace(b"</Types>", override),
    }
    return rezipped(parts)


def endless_directory(size: int) -> bytes:
    """An archive that lists so many bytes of parts that are not there."""
    entry = b"PK\1\2" + b"\x14\0" * 2 + b"\0" * 20 + b"\1\0" + b"\0" * 16 + b"x"
    number = size // len(entry)
    end = b"PK\5\6" + b"\0" * 4 + b"\xff\xff" * 2 + (number * len(entry)).to_bytes(4, "little")
    return entry * number + end + b"\0" * 6


def part_of_another_name() -> bytes:
    """A workbook whose main part is not called what Excel calls it: nobody looks at its size."""
    types = b"""<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
    <Override PartName="/xl/evil.bin" ContentType="application/vnd.openxmlformats-officedocument.\
spreadsheetml.sheet.main+xml"/></Types>"""
    out = io.BytesIO(xlsx_of([*NEW], [*NEW.values()]))
    good = zipfile.ZipFile(out)
    kept = {n: good.read(n) for n in good.namelist() if n != "[Content_Types].xml"}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("[Content_Types].xml", types)
        for name, content in kept.items():
            target.writestr(name, content)
        rows = b"<row>" + b"<x/>" * 49_000 + b"</row>"
        target.writestr("xl/evil.bin", b"<workbook " + MAIN + b">" + rows * 300 + b"</workbook>")
    return out.getvalue()


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>
"""
LATE = b"<!--" + b"x" * 5000 + b"-->" + LAUGHS.partition(b"?>")[2]
HOSTILE = {
    # How to make it, and what is said of it; its name where that is not what its content is.
    "empty": (lambda: b"", "The file is empty."),
    "zip bomb": (lambda: rezipped({}, 160_000_000, "xl/worksheets/sheet1.xml"), "unpacks to 160"),
    "million cells": (
        lambda: sheet_of(b"<row>" + b"<c/>" * 5_000_000 + b"</row>"),
        "more than the 300000 cells that are allowed",
    ),
    "million rows": (lambda: sheet_of(b"<row/>" * 5_000_000), "more than the 10000 rows"),
    "number format": (lambda: styles_of(b"[" * 100_000), "broken"),
    "shared strings": (
        lambda: strings_of(b"%d" % n for n in range(310_000)),
        "more than the 300000 cells that are allowed",
    ),
    "late entities": (lambda: with_part("xl/worksheets/sheet1.xml", LATE), "broken"),
    "far row": (lambda: far_cell("A1048576"), "more than the 10000 rows"),
    "far column": (lambda: far_cell("XFD3"), "Row 3 has 16384 columns. At most 60 are allowed."),
    "entities": (lambda: with_part("xl/worksheets/sheet1.xml", LAUGHS), "broken"),
    "broken book": (lambda: with_part("xl/workbook.xml", b"nonsense"), "broken"),
    "cut off": (lambda: xlsx_of([*NEW])[:2000], "The file is broken. "),
    "old or encrypted": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99,
        "encrypted",
        "x.xlsx",
    ),
    "workbook as csv": (lambda: xlsx_of([*NEW]), "does not fit the content", "x.csv"),
    "NUL": (lambda: csv_of(NEW | {"title": "a\0b"}), "byte 0x00 in line 2"),
    "windows": (lambda: csv_of(NEW) + b"PVE-001,x\r\n" * 5000 + b"\xe9\r\n", "0xE9 in line 5003"),
    "no header": (lambda: b"a,b,c\r\n1,2,3\r\n", "No header was found"),
    "quotes": (lambda: csv_of(NEW) + b'"never closed', "cannot be read as CSV"),
    "huge cell": (lambda: csv_of(NEW | {"title": "x" * 40_000}), "cell of 40000 characters"),
    "huge row": (lambda: csv_of(NEW) + b"," * 100 + b"x\r\n", "101 columns. At most 60 are"),
    "too many rows": (lambda: csv_of(NEW) + b"PVE-001\r\n" * 10_001, "more than the 10000 rows"),
    "too big": (lambda: csv_of(NEW) + b" " * 40_000_000, "more than the 40000000 bytes"),
    "never shrinking": (
        lambda: (
            b"reference,title\r\n"
            + b"".join(b"," + os.urandom(1_900).hex().encode() + b"\r\n" for _row in range(10_000))
        ),
        "Reading the file takes more than 20000000 bytes.",
    ),
}


# It starts what reads, and says how that ended and what it took. It is small: a process counts the
# memory of what started it as its own.
MEASURING = """
import json, os, sys
reader = os.posix_spawn(sys.argv[2], sys.argv[2:], {})
_pid, status, used = os.wait4(reader, 0)
ended = os.waitstatus_to_exitcode(status)
with open(sys.argv[1], "w") as file:
    json.dump([ended, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000], file)
"""


@pytest.fixture
def read(settings, monkeypatch, tmp_path):
    """Return a function that has a file read: what was said, seconds of computing, megabytes."""
    path, measured = tmp_path / "file", tmp_path / "measured"

    def run(command, *, timeout, **options):
        # Whatever time it may have: however busy the machine is, its seconds of computing end it.
        command = [sys.executable, "-I", "-S", "-c", MEASURING, str(measured), *command]
        done = subprocess.run(command, **options)
        done.returncode = json.loads(measured.read_text())[0]
        return done

    def ask(content: bytes, name: str, **limits: int):
        settings.IMPORT_LIMITS = settings.IMPORT_LIMITS | {"seconds": 4} | limits
        path.write_bytes(content)
        try:
            with path.open("rb") as file:
                lines = kept_lines(sandbox.read_apart(name, file, mapped=None))
                said = sum(1 for _line in lines)
        except Refused as error:
            said = str(error)
        _ended, seconds, megabytes = json.loads(measured.read_text())
        return said, seconds, megabytes

    monkeypatch.setattr(sandbox, "subprocess", SimpleNamespace(**{**vars(subprocess), "run": run}))
    return ask


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_broken_file_is_refused_by_name_and_takes_little(name, read):
    make, message, *named = HOSTILE[name]
    content = make()
    (file_name,) = named or ["x.xlsx" if content.startswith(b"PK") else "x.csv"]
    said, seconds, megabytes = read(content, file_name)
    assert message in str(said)
    assert seconds < 3
    assert megabytes < 150


@pytest.mark.parametrize(
    ("make", "limit", "message"),
    [
        (
            lambda: endless_directory(39_000_000),
            {"memory": 200_000_000},
            "more than 200000000 bytes",
        ),
        (part_of_another_name, {"seconds": 2}, "more than 2 seconds"),
        (
            lambda: sheet_of(b'<row><c x="' + b"x" * 145_000_000 + b'"/></row>'),
            {"seconds": 2},
            "more than (2 seconds|300000000 bytes)",
        ),
        (
            lambda: sheet_of(
                b'<row><c t="inlineStr"><is><t>' + b"x" * 90_000_000 + b"</t></is></c></row>"
            ),
            {},
            "more than the 40000000 characters",
        ),
    ],
)
def test_what_the_bounds_do_not_foresee_is_refused_when_it_takes_too_much(
    make, limit, message, read
):
    said, seconds, megabytes = read(make(), "x.xlsx", **limit)
    # Of the attribute it depends on the version of expat which limit comes first.
    assert re.search(message, str(said))
    assert seconds < 5
    assert megabytes < 300
