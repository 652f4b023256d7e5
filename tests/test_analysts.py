"""What docs/analysts.md gives to be copied works: in Python, in R, in notebooks."""

import io
import json
import re
import shutil
import subprocess
from contextlib import redirect_stdout
from urllib.request import urlopen

import pytest
from openpyxl import load_workbook

from .conftest import ROOT
from .pages import body, csv_lines
from .servers import served

SITE = "http://127.0.0.1:8000"
PAGE = (ROOT / "docs/analysts.md").read_text()


def section(heading: str, of: str = "") -> str:
    """Return what stands below a heading, and asks a site of that address."""
    text = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return text.replace(SITE, of) if of else text


def blocks(language: str, text: str) -> list[str]:
    found = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return [block for one, block in found if one == language]


def missing(*programs: str) -> list[str]:
    return [name for name in programs if not shutil.which(name)]


QUESTIONS = "Five questions, in pandas and in R"
PRINTED = ["", *blocks("", section(QUESTIONS))]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The address of the site as its users get it, for all of these."""
    with served(tmp_path_factory.mktemp("site")) as address:
        yield address


def printed_by(*codes: str) -> list[str]:
    """What each block of Python prints, one run after the other."""
    known, printed = {}, []
    for code in codes:
        said = io.StringIO()
        with redirect_stdout(said):
            exec(code, known)
        printed.append(said.getvalue())
    return printed


@pytest.mark.long
def test_the_answers_in_pandas_and_from_the_api(site):
    assert printed_by(*blocks("python", section(QUESTIONS, site))) == PRINTED
    # Nothing was changed yet.
    api = section("The API", site)
    assert printed_by(*blocks("python", api)) == [*blocks("", api), ""]


# R is needed by nobody who works on the site, so that REQUIRE_ALL does not ask for it.
@pytest.mark.long
@pytest.mark.skipif(bool(missing("Rscript")), reason="no R on this machine (Debian: r-base-core)")
@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_the_answers_in_r(site, tmp_path, locale):
    script = tmp_path / "questions.R"
    codes = blocks("r", section(QUESTIONS, site))
    script.write_text("\nwriteLines('=====')\n".join(codes), encoding="utf-8")
    run = subprocess.run(
        ["Rscript", "--vanilla", script],
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": locale},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.split("=====\n") == PRINTED


# Its cells are Python and nothing else. Jupyter's own client would bring 27 packages for the same.
@pytest.mark.long
def test_the_notebook(site):
    notebook = json.loads((ROOT / "docs/analysts.ipynb").read_text())
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells)
    known = {}
    for cell in cells:
        exec("".join(cell["source"]).replace(SITE, site), known)
    assert known["bases"].loc["All"].to_dict() == {
        "inferred": 4,
        "not-stated": 218,
        "stated": 1,
        "All": 223,
    }
    assert list(known["known"].loc["communities"]) == [
        *("0 (0–18)", "1 (0–18)", "1 (0–18)", "0 (0–12)", "0 (0–3)")
    ]
    # A range is drawn from its least to its most, and nothing that was filled in.
    assert [(one.name, one.base, one.x) for one in known["chart"].data if one.type == "bar"] == [
        ("Not stated", (0, 0, 0), (27, 27, 27))
    ]


def test_the_addresses_for_spreadsheets(register, client):
    text = section("In a spreadsheet")
    (query,) = blocks("powerquery", text)
    assert f'"{SITE}"' in query
    path, name, value = re.search(
        r'RelativePath = "(\S+)", Query = \[(\w+) = "(\w+)"\]', query
    ).groups()
    imported = re.search(rf'IMPORTDATA\("{SITE}(\S+)"\)', text)[1]
    assert imported == f"/{path}?{name}={value}" == "/projects/export.csv?columns=scope"
    head, *rows = csv_lines(client.get(imported))
    # The fourth is what IMPORTDATA's condition speaks of.
    assert head == ["reference", "title", "scope", "scope_basis"]
    assert sum(row[3] != "not-stated" for row in rows) == 5


THREE = "Three questions"


@pytest.mark.long
def test_the_three_questions_in_pandas_and_duckdb(site, tmp_path, monkeypatch):
    import duckdb  # takes a while

    text = section(THREE, site)
    expected = blocks("", text)
    assert expected == [
        "range 0 27\n",
        "Young Peacebuilders\nYouth Solidarity Fund\n",
        "223 rows, 12 described\n",
    ]
    assert printed_by(*blocks("python", text)) == expected
    (saving,) = blocks("sh", text)
    subprocess.run(["sh", "-ec", saving], cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path)
    for query, said in zip(blocks("sql", text), expected, strict=True):
        assert [row for (row,) in duckdb.sql(query).fetchall()] == said.splitlines()


@pytest.mark.long
@pytest.mark.skipif(bool(missing("Rscript")), reason="no R on this machine (Debian: r-base-core)")
def test_the_three_questions_in_r(site, tmp_path):
    text = section(THREE, site)
    for code, said in zip(blocks("r", text), blocks("", text), strict=True):
        (tmp_path / "question.R").write_text(code, encoding="utf-8")
        command = ["Rscript", "--vanilla", tmp_path / "question.R"]
        assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == said


def test_the_three_questions_in_excel(register, client):
    rows = re.findall(r"^\| [a-z ]+ \| `(/\S+)` \| (\w+) \| (\w+) \| (.+?) \|$", PAGE, re.MULTILINE)
    assert [said for _file, _sheet, _cell, said in rows] == [
        *("0–27 (not stated)", "Youth Solidarity Fund", "PVE-223")
    ]
    for file, sheet, cell, said in rows:
        book = load_workbook(io.BytesIO(body(client.get(file))))
        assert book[sheet][cell].value == said


@pytest.mark.long
def test_the_register_in_polars_and_duckdb(site, tmp_path, monkeypatch):
    import duckdb  # takes a while

    text = section("In Polars and DuckDB", site)
    codes, (query,) = blocks("python", text), blocks("sql", text)
    assert printed_by(*codes) == ["5\n", "19\n"]
    monkeypatch.chdir(tmp_path)
    with urlopen(f"{site}/projects/export.csv") as file:
        (tmp_path / "projects.csv").write_bytes(file.read())
    assert duckdb.sql(query).fetchall() == [("global", 2), ("national", 1), ("regional", 2)]
