"""The SDMX files, as a statistical office's tools read them."""

import json

import pytest
from pysdmx.io import read_sdmx
from pysdmx.model import DataType

from reports.sdmx import TABLES

from .pages import body, csv_lines, csv_rows

pytestmark = pytest.mark.usefixtures("register")
KEYS = ("PRIORITY_AREA", "SCOPE", "REGION")


def rows(client, table: str, query: str = "") -> dict[tuple, dict[str, str]]:
    found = csv_rows(client.get(f"/reports/{table}.sdmx.csv{query}"))
    return {tuple(row[key] for key in KEYS): row for row in found}


def structures(client, name: str = "structures") -> str:
    return body(client.get(f"/sdmx/{name}.json")).decode()


def test_a_number_is_published_not_stated_or_ruled_out(client):
    response = client.get("/reports/scope-by-region.sdmx.csv")
    assert response["Link"] == '</sdmx/structures.json>; rel="describedby"'
    assert body(response).startswith(b"STRUCTURE,")  # no byte order mark
    head, *lines = csv_lines(client.get("/reports/scope-by-region.sdmx.csv"))
    assert head == [
        *("STRUCTURE", "STRUCTURE_ID", "ACTION", *KEYS, "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS"),
        *("COMPARATOR", "LOW", "HIGH", "WHY", "READING", "WORD_FOR_WORD_LOW"),
        *("WORD_FOR_WORD_HIGH", "WORD_FOR_WORD_WHY", "IN_MATRIX", "MAY_BE", "OTHERS"),
        *("REPORT", "PARAGRAPHS"),
    ]
    start = "dataflow,PVEMATRIX:PROJECTS(1.0.0),I"
    read = "regional-and-national"
    assert [",".join(lines[place]) for place in (0, 2, 7, 13)] == [
        f"{start},_T,_T,_T,2017-12-01,223,A,EQUAL,,,,,,,,0,12,0,a-72-621,22; 24",
        f"{start},_T,_T,mena,2017-12-01,55,A,EQUAL,,,,{read},,,same,0,1,0,a-72-621,25",
        f"{start},_T,global,africa,2017-12-01,0,M,,0,0,rule,{read},,,same,0,0,0,a-72-621,",
        f"{start},_T,regional,africa,2017-12-01,,L,,0,61,,{read},61,61,,0,0,0,a-72-621,",
    ]


def test_a_key_has_the_same_number_in_every_file(client):
    found: dict[tuple, dict[str, str]] = {}
    sizes = {}
    for table in TABLES:
        lines = rows(client, table)
        assert all(found.get(key, row) == row for key, row in lines.items())
        found |= lines
        sizes[table] = len(lines)
    assert sizes == {
        **{"priority-area": 9, "scope": 4, "region": 6, "priority-area-by-scope": 36},
        **{"priority-area-by-region": 54, "scope-by-region": 24},
    }
    assert {row["OBS_STATUS"] for row in found.values()} == {"A", "L", "M"}
    assert {row["OBS_VALUE"] for row in found.values() if row["OBS_STATUS"] == "L"} == {""}
    youth = found["youth", "_T", "africa"]
    assert (youth["LOW"], youth["HIGH"], youth["OBS_STATUS"]) == ("0", "27", "L")


def test_other_counts_break_the_series_and_define_it_otherwise(client):
    lines = csv_rows(client.get("/reports/series.sdmx.csv"))
    flags = {(row["REPORT"], row["OBS_STATUS"], row["OBS_STATUS_2"]) for row in lines}
    assert flags == {
        ("a-72-621", "A", ""),
        *((one, "B", "D") for one in ("hlc-2018", "mya-2019", "mya-2021", "joint-appeal-2023")),
    }
    more_than = next(row for row in lines if row["COMPARATOR"] == "MORE_THAN")
    assert (more_than["OBS_VALUE"], more_than["TIME_PERIOD"]) == ("270", "2018-06")


@pytest.mark.parametrize(
    ("address", "flow"), [("priority-area-by-scope", "PROJECTS"), ("series", "SERIES")]
)
def test_pysdmx_reads_the_structure_that_the_data_follow(client, address, flow):
    """It reads data with pyarrow only, whose 50 MB pandas would then use for all its texts."""
    message = read_sdmx(structures(client))  # by the official schema, too
    assert message.header.sender.id == "PVEMATRIX"
    (found,) = (one for one in message.get_dataflows() if one.id == flow)
    lines = csv_rows(client.get(f"/reports/{address}.sdmx.csv"))
    assert {row["STRUCTURE_ID"] for row in lines} == {found.short_urn.partition("=")[2]}
    assert list(lines[0])[3:] == [one.id for one in found.structure.components]
    for one in found.structure.components:
        values = {row[one.id] for row in lines}
        if one.enumeration:
            assert values <= {code.id for code in one.enumeration} | {""}, one.id
        elif one.dtype == DataType.INTEGER:
            assert all(value.isdigit() for value in values - {""}), one.id
        assert "" not in values or not one.required


def test_each_structure_has_an_address_of_its_own(client):
    assert '"id": "regional", "name": "Regional"' in structures(client, "CL_SCOPE")
    assert "DSD_PROJECTS" not in structures(client, "CL_SCOPE")
    concepts = json.loads(structures(client, "CONCEPTS"))["data"]
    assert [*concepts] == ["conceptSchemes"]
    assert [one["id"] for one in concepts["conceptSchemes"]] == ["CONCEPTS"]
    assert client.get("/sdmx/CL_NONE.json").status_code == 404
