"""What other people's bookmarks, scripts and spreadsheets rely on, literally."""

import csv
import io
import json
import re

import pytest

from .pages import body

pytestmark = pytest.mark.usefixtures("register")

COLUMNS = [
    "reference",
    "title",
    "summary",
    "priority_area",
    "priority_area_basis",
    "scope",
    "scope_basis",
    "regions",
    "regions_basis",
    "countries",
    "entities",
    "status",
    "start_date",
    "end_date",
    "methodology",
    "link",
    "provenance",
    "source",
    "updated_at",
]


def table(client, query="") -> list[dict]:
    text = body(client.get(f"/projects/export.csv{query}")).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/", "text/html"),
        ("/projects/", "text/html"),
        ("/projects/PVE-001/", "text/html"),
        ("/projects/export.csv", "text/csv"),
        (
            "/projects/export.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        ("/projects/export.json", "application/json"),
        ("/reports/priority-area/", "text/html"),
        ("/reports/scope/", "text/html"),
        ("/reports/region/", "text/html"),
        ("/reports/scope.json", "application/json"),
        ("/reports/scope.csv", "text/csv"),
        ("/reports/", "text/html"),
        ("/reports/cross-table/", "text/html"),
        ("/reports/cross-table/?rows=region&columns=status", "text/html"),
        ("/reports/cross-table.csv", "text/csv"),
        ("/reports/a-72-621/", "text/html"),
        ("/about/", "text/html"),
        ("/editions/", "text/html"),
        ("/editions/a-72-621/", "text/html"),
        ("/editions/a-72-621/changes/live/", "text/html"),
        ("/editions/a-72-621/changes/live.csv", "text/csv"),
        ("/editions/a-72-621/changes/live.json", "application/json"),
        ("/admin/login/", "text/html"),
        ("/healthz", "text/plain"),
        ("/readyz", "text/plain"),
    ],
)
def test_addresses_and_methods(client, address, kind):
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"].split(";")[0] == kind
    head = client.head(address)
    assert head.status_code == 200
    assert body(head) == b""
    if not address.startswith("/admin/"):
        assert client.options(address).status_code == 200
        strict = type(client)(enforce_csrf_checks=True)
        for method in ("post", "put", "patch", "delete"):
            assert getattr(strict, method)(address).status_code == 405, method


@pytest.mark.parametrize(
    "address", ["/projects/PVE-999/", "/projects/PVE-01/", "/projects/x/", "/reports/nothing/"]
)
def test_unknown_addresses_are_404_with_a_page_of_our_own(client, address):
    response = client.get(address)
    assert response.status_code == 404
    assert "Page not found" in response.content.decode()


def test_health(client):
    assert client.get("/healthz").content == b"ok"
    assert client.get("/readyz").content == b"ok"
    assert client.get("/healthz", HTTP_HOST="10.0.0.7").status_code == 200


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("", 223),
        ("?scope=global", 82),
        ("?scope=regional", 66),
        ("?scope=national", 75),
        ("?priority_area=governance", 40),
        ("?priority_area=education", 31),
        ("?priority_area=dialogue", 29),
        ("?priority_area=youth", 27),
        ("?priority_area=communications", 23),
        ("?priority_area=gender", 22),
        ("?priority_area=communities", 18),
        ("?priority_area=other", 33),
        ("?region=africa", 61),
        ("?region=mena", 55),
        ("?region=asia", 22),
        ("?region=europe", 12),
        ("?region=americas", 3),
        ("?provenance=counted", 211),
        ("?provenance=named", 12),
        ("?provenance=confirmed", 0),
        ("?status=ongoing", 5),
        ("?status=not-stated", 218),
        ("?status=completed", 0),
        ("?status=planned", 0),
        ("?entity=UNESCO", 4),
        ("?entity=not-stated", 211),
        ("?entity=UNESCO&entity=not-stated", 215),
        ("?entity=CTC&entity=CTED", 2),
        ("?scope=regional&scope=national", 141),
        ("?region=africa&region=mena&region=asia&region=europe&region=americas", 141),
        ("?scope=global&region=africa", 0),
        ("?q=youth", 27),
        ("?q=YOUTH+med", 1),
        ("?q=unesco", 4),
        ("?q=Educational,+Scientific", 4),
        ("?q=PVE-01", 10),
        ("?q=", 223),
        ("?q=tech&q=solidarity", 2),
        ("?sort=-title&per_page=100&page=2", 223),
    ],
)
def test_one_query_has_one_answer(client, query, total):
    page = client.get(f"/projects/{query}")
    noun = "project" if total == 1 else "projects"
    assert re.search(rf"id=\"sentence\" tabindex=\"-1\">{total} {noun}", page.content.decode())
    assert len(table(client, query)) == total
    data = json.loads(body(client.get(f"/projects/export.json{query}")))
    assert data["count"] == len(data["results"]) == total
    scope = client.get(f"/reports/scope.json{query}").json()
    assert scope["total"] == sum(row["count"] for row in scope["rows"]) == total


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("scope=galactic", ["scope", "“galactic”", "global, regional, national"]),
        ("scope=", ["scope", "“”", "global, regional, national"]),
        ("scoep=national", ["“scoep=national”", "q, priority_area, scope"]),
        ("regions=africa", ["“regions=africa”"]),
        ("entity=NASA", ["entity", "“NASA”", "UNESCO"]),
        ("entity=unesco", ["entity", "“unesco”"]),
        ("sort=colour", ["sort", "“colour”", "title, -title"]),
        ("sort=", ["sort", "“”"]),
        ("sort=title&sort=scope", ["sort", "given 2 times"]),
        ("page=0", ["page", "“0”", "a whole number from 1"]),
        ("page=x", ["page", "“x”"]),
        ("page=-1", ["page", "“-1”"]),
        ("page=99999999999999999999", ["page", "a whole number from 1"]),
        ("page=%C2%B2", ["page"]),
        ("per_page=10", ["per_page", "“10”", "25, 50, 100"]),
        ("q=a%00b", ["q", "character 2", "U+0000"]),
        ("q=a%1bb", ["q", "character 2", "U+001B"]),
        ("q=%1f", ["q", "character 1", "U+001F"]),
        ("q=a%09b", ["q", "character 2", "U+0009"]),
        ("q=%C2%85", ["q", "character 1", "U+0085"]),
        ("q=%CC%81", ["q", "has nothing to search for"]),
        ("q=" + "%EF%B7%BA" * 4, ["q", "13 words"]),  # one character that folds to four words
        ("q=" + "p%C2%A8" * 12, ["q", "12 words"]),
        ("scope=galactic&scope=local", ["“galactic” and “local” are not allowed"]),
        ("q=" + "a" * 201, ["q", "201", "200 characters"]),
        ("q=a+b+c+d+e+f+g+h+i+j+k", ["q", "11 words", "10 words"]),
    ],
)
def test_a_wrong_value_is_named_and_nothing_is_shown(client, query, said):
    page = client.get(f"/projects/?{query}")
    text = page.content.decode()
    assert page.status_code == 400
    assert "PVE-" not in text
    for address in ("/", "/reports/scope/", "/projects/PVE-001/"):
        assert client.get(f"{address}?{query}").status_code == 400
    plain = client.get(f"/projects/export.csv?{query}")
    assert plain.status_code == 400
    assert plain["Content-Type"].startswith("text/plain")
    assert client.get(f"/projects/export.xlsx?{query}")["Content-Type"].startswith("text/plain")
    assert client.get(f"/reports/scope.csv?{query}").status_code == 400
    for address in ("/projects/export.json", "/reports/scope.json"):
        data = client.get(f"{address}?{query}")
        assert data.status_code == 400
        assert data["Content-Type"] == "application/json"
        assert data.json()["errors"]
    for words in said:
        assert words in text
        assert words in plain.content.decode()


def test_several_faults_are_all_named(client):
    text = client.get("/projects/?scope=galactic&x=1&page=0").content.decode()
    assert "“galactic”" in text
    assert "“x=1”" in text
    assert "“0”" in text


@pytest.mark.parametrize("address", ["/about/", "/reports/", "/reports/a-72-621/"])
def test_pages_without_parameters_refuse_them(client, address):
    response = client.get(f"{address}?scope=national")
    assert response.status_code == 400
    assert "“scope=national” is not a parameter. Allowed: no parameter." in (
        response.content.decode()
    )


@pytest.mark.parametrize("extension", ["csv", "xlsx", "json"])
def test_files_have_the_date_in_their_names(client, extension):
    name = client.head(f"/projects/export.{extension}")["Content-Disposition"]
    assert re.fullmatch(
        rf'attachment; filename="pve-projects-\d{{4}}-\d\d-\d\d\.{extension}"', name
    )


def test_a_page_beyond_the_last_is_404_with_a_link_to_the_last(client):
    response = client.get("/projects/?page=10&scope=global")
    assert response.status_code == 404
    assert 'href="?page=4&amp;scope=global"' in response.content.decode()
    assert client.get("/projects/?page=9").status_code == 200


def test_breakdowns_as_data(client):
    assert client.get("/reports/region.json").json() == {
        "total": 153,
        "unit": "mentions",
        "rows": [
            {"slug": "africa", "label": "Africa", "count": 61},
            {"slug": "mena", "label": "Middle East and North Africa", "count": 55},
            {"slug": "asia", "label": "Asia", "count": 22},
            {"slug": "europe", "label": "Europe", "count": 12},
            {"slug": "americas", "label": "Americas", "count": 3},
        ],
    }
    assert client.get("/reports/scope.csv").content.decode("utf-8-sig") == (
        "slug,label,projects\r\nglobal,Global,82\r\nregional,Regional,66\r\nnational,National,75\r\n"
    )
    areas = client.get("/reports/priority-area.json?scope=national").json()
    assert (areas["total"], areas["unit"]) == (75, "projects")


def test_csv_is_bom_comma_crlf(client):
    response = client.get("/projects/export.csv?q=net-med")
    assert re.fullmatch(
        r'attachment; filename="pve-projects-\d{4}-\d\d-\d\d\.csv"',
        response["Content-Disposition"],
    )
    content = body(response)
    assert content.startswith(b"\xef\xbb\xbfreference,title,summary,")
    header, row, end = content.decode("utf-8-sig").split("\r\n")
    assert header.split(",") == COLUMNS
    assert end == ""
    assert row.rsplit(",", 1)[0] == (
        "PVE-001,Networks of Mediterranean Youth (NET-MED Youth),"
        "Gives young people skills and openings for civic engagement in 10 countries around the "
        "Mediterranean.,youth,inferred,regional,inferred,mena;europe,inferred,,UNESCO,not-stated,"
        ",,Skills development and civic engagement,,named,"
        '"A/72/621, para. 34"'
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", row.rsplit(",", 1)[1])


def test_json_has_arrays_and_the_filters(client):
    data = json.loads(body(client.get("/projects/export.json?entity=CTC&scope=regional&q=asia")))
    assert list(data) == ["count", "filters", "generated_at", "results"]
    assert data["count"] == 1
    assert data["filters"] == {"q": ["asia"], "scope": ["regional"], "entity": ["CTC"]}
    project = data["results"][0]
    assert list(project) == COLUMNS
    assert project["regions"] == ["mena", "asia"]
    assert project["entities"] == ["CTC", "CTED"]
    assert project["countries"] == []
    assert project["start_date"] == "2017"


@pytest.mark.parametrize(
    ("sort", "first", "second"),
    [
        ("reference", "PVE-001", "PVE-002"),
        ("-reference", "PVE-223", "PVE-222"),
        ("title", "PVE-009", "PVE-012"),  # Compilation of ..., Counter-Terrorism Committee ...
        ("-title", "PVE-005", "PVE-002"),  # Youth Solidarity Fund, Young Peacebuilders
        ("priority_area", "PVE-013", "PVE-014"),  # governance, in the order of the report
        ("-priority_area", "PVE-223", "PVE-222"),  # other areas
        ("scope", "PVE-003", "PVE-005"),  # the first two global ones
        ("status", "PVE-004", "PVE-006"),  # none is planned; the first two ongoing ones
        ("-status", "PVE-223", "PVE-222"),
        ("updated", "PVE-001", "PVE-002"),
    ],
)
def test_sorting(client, sort, first, second):
    rows = table(client, f"?sort={sort}")
    assert len(rows) == 223
    assert [rows[0]["reference"], rows[1]["reference"]] == [first, second]
    page = client.get(f"/projects/?sort={sort}").content.decode()
    assert page.index(f">{first}<") < page.index(f">{second}<")


def test_titles_sort_by_letters_not_bytes(client):
    titles = [row["title"] for row in table(client, "?sort=title&provenance=named")]
    assert titles[:3] == [
        "Compilation of good practices in countering terrorist narratives",
        "Counter-Terrorism Committee workshops on comprehensive approaches",
        "Education for Justice",
    ]
    assert titles[-2:] == ["Young Peacebuilders", "Youth Solidarity Fund"]
    assert [r["title"] for r in table(client, "?sort=-title&provenance=named")] == titles[::-1]


def test_the_data_dictionary_on_about_is_the_list_of_columns(client):
    text = client.get("/about/").content.decode()
    found = re.findall(r"<th scope=\"row\"><code>(\w+)</code></th>", text)
    assert found == COLUMNS
