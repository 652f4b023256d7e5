"""What a response says, read the way a person or a script would."""

import csv
import io
import re
from html import unescape

from django.core.signals import request_finished
from django.db import close_old_connections, connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook, load_workbook

from projects.columns import PROJECT_TABLE

# Of the twelve activities, wherever their number is.
DESCRIBED = "activities that the report describes; it does not say whether they are among the 223"


def body(response) -> bytes:
    """The whole content, streamed or not; what it was read from is closed, as a server does."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    # As Django's own client does it: the test's connection to the database stays.
    request_finished.disconnect(close_old_connections)
    response.close()
    request_finished.connect(close_old_connections)
    return content


def csv_lines(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body(response).decode("utf-8-sig"), newline="")))


def csv_rows(response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(response).decode("utf-8-sig"), newline="")))


def objects(client, query: str = "") -> list[dict]:
    """The rows of the list's CSV, with a list where a cell may have several values."""
    rows = csv_rows(client.get(f"/projects/export.csv?{query}"))
    several = [column.name for column in PROJECT_TABLE.columns if column.several]
    for row in rows:
        row |= {name: [*filter(None, row[name].split(";"))] for name in several if name in row}
    return rows


def book_of(response) -> Workbook:
    return load_workbook(io.BytesIO(body(response)))


def text_of(client, address) -> str:
    """The page as text: tags dropped, white space collapsed."""
    html = client.get(address).content.decode().replace("</td>", " ").replace("</th>", " ")
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", html)))


def queries_of(client, address) -> int:
    """The number of queries that a page takes."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def total_of(html: str) -> int:
    """The number of rows that the list has on all its pages."""
    listed = re.search(r'id="listed" data-rows="(\d+)"', html)
    # A search that finds nothing has no list below its heading.
    return int((listed or re.search(r'activities\s*<span class="count">(0)<', html))[1])


def references_in(html: str) -> list[str]:
    """The references of the rows of a list."""
    return re.findall(r'class="reference">(PVE-\d+)<', html)


def facet_of(html: str, name: str) -> dict[str, int | str]:
    """The numbers that the list shows for a facet, by slug; a range is a text."""
    box = rf'type="checkbox"[^>]* name="{name}" value="([^"]+)"'
    found = re.findall(rf'{box}.*?<span class="count">([^<]+?) ?<', html, re.DOTALL)
    return {slug: int(shown) if shown.isdigit() else shown for slug, shown in found}


def submit(client, page: str, data: dict, to: str = "", **extra):
    """Open a page and submit a form of it, with the last revision that it says it shows."""
    html = client.get(page).content.decode()
    seen = re.findall(r'<input type="hidden" name="(seen[-0-9]*)" value="(\d+)"', html)
    return client.post(to or page, data | dict(seen), **extra)


def figures_of(client, address) -> list[dict]:
    """The Plotly figures that a page asks for."""
    html = client.get(address).content.decode()
    found = re.findall(r'<figure class="chart" data-figure="([^"]+)"', html)
    return [client.get(unescape(one)).json() for one in found]


def markup_of(client, address: str) -> str:
    """A page's HTML, whose lines may break wherever a tag has a space or ends."""
    html = " ".join(body(client.get(address)).decode().split())
    return html.replace(" >", ">")
