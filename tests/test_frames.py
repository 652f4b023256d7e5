"""Tables of two dimensions: the layer of pandas, against the exported rows tabulated again."""

import io
import json
import os
import shutil
import subprocess
import sys
from itertools import permutations
from urllib.parse import urlencode

import pandas as pd
import pytest
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st

from projects.cube import VOCABULARIES
from reports import frames

from .conftest import ROOT, SECRET_KEY
from .pages import body, csv_lines
from .servers import filled
from .test_agreement import queries

# The dimensions with their values as the CSV has them, and as the table calls them.
ENTITIES = sorted(
    (
        one["fields"]["acronym"]
        for one in json.loads((ROOT / "fixtures/entities.json").read_text(encoding="utf-8"))
    ),
    key=str.casefold,
)
LABELS = {name: dict(VOCABULARIES[name].choices) for name in ("priority_area", "scope", "region")}
LABELS["entity"] = {name: name for name in ENTITIES} | {"not-stated": "Not stated"}
LABELS |= {name: dict(VOCABULARIES[name].choices) for name in ("status", "provenance")}
TITLES = {name: name.replace("_", " ").capitalize() for name in LABELS}
BASES = {
    "priority_area": "priority_area_basis",
    "scope": "scope_basis",
    "region": "regions_basis",
}
SEVERAL = {"region", "entity", "country", "year"}
PAIRS = list(permutations(LABELS, 2))


# The oracle: rows of the exported CSV, exploded and tabulated by pandas, no cube anywhere


def exported(client) -> pd.DataFrame:
    """Every project of the register, a row each, with the lists of regions and entities."""
    file = io.BytesIO(body(client.get("/projects/export.csv")))
    table = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    dates = zip(table["start_date"], table["end_date"], strict=True)
    return table.assign(
        region=table["regions"].str.split(";"),
        entity=table["entities"].replace("", "not-stated").str.split(";"),
        country=table["countries"].replace("", "not-stated").str.split(";"),
        year=[years_of(*each) for each in dates],
    )


def years_of(start: str, end: str) -> list[str]:
    """The years from one date to the other; of one date alone, its own."""
    if not start and not end:
        return []
    first, last = int((start or end)[:4]), int((end or start)[:4])
    return [f"{year:04}" for year in range(first, last + 1)]


def narrowed(table: pd.DataFrame, query: dict[str, list[str]]) -> pd.DataFrame:
    for name, values in query.items():
        if name in SEVERAL:
            stated = table[name]
            if name == "region":
                # Asked for as "not-stated": what is not global and has none.
                missing = (table["regions"] == "") & (table["scope"] != "global")
                stated = stated.where(
                    ~missing, pd.Series([["not-stated"]] * len(table), table.index)
                )
            found = stated.map(lambda cell, asked=values: bool({*cell} & {*asked}))
            table = table[found.astype(bool)]
        else:
            table = table[table[name].isin(values)]
    return table


def tabulated(table: pd.DataFrame, rows: str, columns: str) -> list[list[str]]:
    """The table as the CSV of the cross-table has it."""
    if "region" in (rows, columns):
        table = table[table["regions"] != ""]
    spread = table
    for dimension in {rows, columns} & SEVERAL:
        spread = spread.explode(dimension)
    cells = pd.crosstab(spread[rows], spread[columns])
    cells = cells.reindex(index=[*LABELS[rows]], columns=[*LABELS[columns]], fill_value=0)
    by_row = spread.groupby(rows)["reference"].nunique()
    by_column = spread.groupby(columns)["reference"].nunique()
    many = bool({rows, columns} & SEVERAL)
    lines = [
        [f"{TITLES[rows]} / {TITLES[columns]}", *LABELS[columns].values(), "Projects"],
        *(
            [label, *cells.loc[slug], by_row.get(slug, 0)] + [cells.loc[slug].sum()] * many
            for slug, label in LABELS[rows].items()
        ),
        ["Projects", *(by_column.get(slug, 0) for slug in LABELS[columns]), len(table)],
    ]
    if many:
        lines[0].append("Counts")
        lines[-1].append(cells.to_numpy().sum())
        lines.append(["Counts", *cells.sum(), "", cells.to_numpy().sum()])
    return [[str(cell) for cell in line] for line in lines]


def shown(client, **query) -> list[list[str]]:
    """The table that the file has above its facts."""
    lines = csv_lines(client.get(f"/reports/cross-table.csv?{urlencode(query, doseq=True)}"))
    return lines[: lines.index([])]


@pytest.mark.long
def test_every_pair_of_dimensions_is_what_pandas_makes_of_the_exported_rows(register, client):
    table = exported(client)
    for rows, columns in PAIRS:
        given = shown(client, rows=rows, columns=columns)
        assert given == tabulated(table, rows, columns), (rows, columns)
    assert len(PAIRS) == 30


@pytest.mark.long
@example(query={"region": ["africa", "mena"]}, pair=("region", "entity"), documented=False)
@example(query={"entity": ["not-stated"]}, pair=("entity", "scope"), documented=True)
@example(query={"status": ["planned"]}, pair=("region", "scope"), documented=False)
@example(query={"region": ["not-stated", "mena"]}, pair=("scope", "status"), documented=True)
@example(query={"region": ["not-stated"]}, pair=("scope", "status"), documented=True)
@example(query={"scope": ["regional"]}, pair=("status", "provenance"), documented=True)
@given(query=queries, pair=st.sampled_from(PAIRS), documented=st.booleans())
def test_so_is_every_filtered_one(register, query, pair, documented):
    query = {name: values for name, values in query.items() if name not in ("q", "sort")}
    client, (rows, columns) = Client(), pair
    table = narrowed(exported(client), query)
    if documented:
        # By the table or by the filter: either way it is here by a value that was assigned.
        every = {"priority_area": {*LABELS["priority_area"]}, "scope": {*LABELS["scope"]}}
        if query.get("region"):
            every["scope"] -= {"global"}  # none has a region
        telling = {one for one in query if not {*query[one]} >= every.get(one, {""})}
        for dimension in BASES.keys() & telling.union(pair):
            known = table[BASES[dimension]].isin(["stated", "inferred"])
            # That no region is stated is known.
            known |= (dimension == "region") & (table["regions"] == "")
            table = table[known]
    view = "documented" if documented else "register"
    assert shown(client, rows=rows, columns=columns, view=view, **query) == tabulated(
        table, rows, columns
    )


@pytest.mark.long
def test_page_and_files_of_one_table_tabulate_it_once(register, client):
    frames.tabulate.cache_clear()
    query = "?rows=entity&columns=region&scope=regional"
    for address in ("/reports/cross-table/", "/reports/cross-table.csv"):
        # As what a cell says its number makes no other table; what is documented does.
        for shown_as in ("", "&view=range", "&percent=row", "&view=documented"):
            assert client.get(f"{address}{query}{shown_as}").status_code == 200
    info = frames.tabulate.cache_info()
    assert (info.misses, info.hits) == (2, 6)


# Not at all

LIGHT = """
import json, sys
import django
django.setup()
from django.test import Client
found = []
for address in json.loads(sys.argv[1]):
    response = Client().get(address)
    content = response.getvalue()
    heavy = [name for name in ("pandas", "plotly") if name in sys.modules]
    found.append([address, response.status_code, bool(content), heavy])
print(json.dumps(found))
"""


@pytest.mark.long
def test_list_overview_project_page_and_csv_load_neither_pandas_nor_plotly(tmp_path):
    """Asked in a process of its own: this one has loaded both."""
    light = [
        *("/", "/?scope=national", "/projects/", "/projects/?q=youth&entity=UNESCO&sort=title"),
        *("/projects/PVE-001/", "/projects/export.csv"),
    ]
    heavy = ["/reports/scope/figure.json", "/reports/cross-table/"]
    # The site's own settings but for static files, which nobody has collected here.
    own = {"DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_FOLDER": str(tmp_path)}
    shutil.copy(filled() / "db.sqlite3", tmp_path)
    own |= {"DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3", "SECRET_KEY": SECRET_KEY}
    own |= {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    ended = subprocess.run(
        [sys.executable, "-c", LIGHT, json.dumps([*light, *heavy])],
        cwd=ROOT,
        env=own | {"ALLOWED_HOSTS": "testserver"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout.splitlines()[-1]) == [
        *([address, 200, True, []] for address in light),
        # What needs them has them: it is loading that was looked for.
        [heavy[0], 200, True, ["plotly"]],
        [heavy[1], 200, True, ["pandas", "plotly"]],
    ]
