"""What other sites show of a page: a card, charts as SVG, and a Dataset for searches."""

import hashlib
import io
import json
import re
import struct
from html import unescape
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from django.utils import translation
from openpyxl import load_workbook
from pybtex.database import parse_string

from projects.asking.answer import State
from projects.models import Edition
from reports.breakdowns import Bar, Line
from reports.images import Caption, lines_of, picture

from .conftest import ROOT
from .pages import DESCRIBED, body, text_of

SVG = "{http://www.w3.org/2000/svg}"
EDITION = "/editions/reconstruction-2017-12/"
# What the register says that it is.
REGISTER = (
    "223 United Nations-supported projects on preventing violent extremism. A table of 223 entries "
    f"made to fit the totals in A/72/621: 211 placeholders and 12 {DESCRIBED}."
)


def metas(client, address: str) -> dict[str, str]:
    html = client.get(address).content.decode()
    return dict(re.findall(r'<meta (?:property|name)="([\w:]+)" content="([^"]*)">', html))


def linked_data(client, address: str) -> list[dict]:
    html = client.get(address).content.decode()
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    return [json.loads(block) for block in blocks]


def texts(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("address", ["/", "/fr/reports/scope/?region=africa", "/projects/PVE-001/"])
def test_a_page_has_the_one_card(register, client, address):
    found = metas(client, address)
    assert found["og:image"] == "http://testserver/static/card.png"
    assert found["og:image:alt"]
    assert found["twitter:card"] == "summary_large_image"
    card = (ROOT / "static/card.png").read_bytes()
    assert card[:8] == b"\x89PNG\r\n\x1a\n" and len(card) < 150_000
    size = found["og:image:width"], found["og:image:height"]
    assert tuple(map(str, struct.unpack(">II", card[16:24]))) == size


@pytest.mark.long
def test_a_page_a_project_and_an_entity_have_a_sentence_of_their_own(register, client):
    found = metas(client, "/entities/")
    assert found["og:title"] == "Organizations"
    assert found["og:description"] == f"Who is named, and for what. {REGISTER}"
    found = metas(client, "/projects/PVE-109/")
    assert found["og:description"] == (
        "Is it one of the 223? It is a placeholder for one of the 27 on empowering youth "
        "(A/72/621, para. 24). Nothing else is known of it."
    )
    found = metas(client, "/entities/UNESCO/")
    assert found["og:title"] == "United Nations Educational, Scientific and Cultural Organization"
    assert found["og:image:alt"] == f"{REGISTER} The projects by priority area, one square each."


def test_another_language_of_a_filtered_page_is_the_same_page(register, client):
    """The second filter would be a parameter named “amp;region”, which is refused."""
    html = client.get("/projects/?scope=national&region=africa").content.decode()
    links = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', html))
    assert len(links) == 7
    assert links["fr"] == "http://testserver/fr/projects/?scope=national&amp;region=africa"
    for address in links.values():
        assert client.get(unescape(address)).status_code == 200


@pytest.mark.parametrize("address", ["/nothing/", "/?scope=galactic", "/projects/?page=99"])
def test_a_page_that_is_none_has_no_card(register, client, address):
    html = client.get(address).content.decode()
    assert "og:image" not in html
    assert "canonical" not in html
    page = client.get("/about/").content.decode()
    assert '<link rel="canonical" href="http://testserver/about/">' in page


@pytest.mark.long
@pytest.mark.parametrize("language", ["", "/fr", "/es", "/ru", "/zh", "/ar"])
def test_every_line_is_within_its_picture_and_none_is_small(register, client, language):
    for address in (
        *("/reports/region/picture.svg", "/reports/priority-area/picture.svg?scope=national"),
        "/reports/scope/picture.svg?q=%C3%A9cole&scope=global",
    ):
        svg = client.get(f"{language}{address}").content.decode()
        root = ElementTree.fromstring(svg)
        assert root.get("viewBox") == "0 0 1600 900"
        for line in root.iter(f"{SVG}text"):
            assert float(line.get("font-size")) >= 16, address
            assert 0 < float(line.get("x")) < 1600 and 0 < float(line.get("y")) < 900
        for mark in root.iter(f"{SVG}rect"):
            x, y, width, height = (
                float(mark.get(name) or 0) for name in ("x", "y", "width", "height")
            )
            assert x >= 0 and y >= 0 and x + width <= 1600 and y + height <= 900, address
        assert f"testserver{language}/" in texts(svg)[-1]


def test_a_picture_of_more_lines_than_have_room_says_how_many_there_are():
    lines = [
        Line(str(one), (Bar(State.PUBLISHED, 0, one, ("", str(one)), "", ""),)) for one in range(60)
    ]
    words = texts(picture(lines, Caption("T", "S", "Source", "H")))
    assert words[:2] == ["T", "H"]
    assert "48 more" in words and "11" in words and "12" not in words


def test_a_line_is_as_long_as_there_is_room():
    assert lines_of("61 projects (para. 25).", 8) == ["61 projects", "(para. 25)."]
    assert lines_of("has 61 (40 %)", 5) == ["has 61", "(40\u00a0%)"]
    assert "".join(lines_of("testserver/reports/", 5)) == "testserver/reports/"
    assert lines_of("最大数目为加强善治", 5) == ["最大数目为", "加强善治"]


def test_a_picture_says_what_it_shows_how_it_is_known_and_when(register, client):
    response = client.get("/reports/priority-area/picture.svg?region=africa")
    words = texts(response.content.decode())
    assert words[0] == "Projects by priority area: Projects in Africa"
    # No total is printed of these areas, so the label is the headline.
    assert " ".join(words[1:3]) == (
        "61 projects in Africa (A/72/621, para. 25). The report does not say what they work on. "
        "For each part, its totals allow a range."
    )
    # Both ends of a range are written.
    governance = words.index("Strengthening good governance,")
    assert {"0", "40"} <= {*words[governance - 2 : governance]}
    assert "Outlined: not stated; from the least to the most that the totals allow" in words
    assert re.fullmatch(r"PVE matrix, \d+ \w+ \d{4}", words[-2])
    assert words[-1] == "testserver/reports/priority-area/?region=africa"
    # A text is shown as it is.
    svg = client.get("/reports/scope/picture.svg?q=%3Cb%3E%26").content.decode()
    assert "Projects by scope: Search: “<b>&”" in texts(svg)


def test_the_register_is_a_dataset(register, client):
    (data,) = linked_data(client, "/")
    assert (data["@context"], data["@type"]) == ("https://schema.org", "Dataset")
    assert data["name"] == "Register of United Nations projects on preventing violent extremism"
    assert data["description"] == REGISTER
    assert data["dateModified"] == "2026-11-28T00:00:00Z"
    assert data["isBasedOn"]["url"] == "https://undocs.org/A/72/621"
    assert data["usageInfo"]["url"] == "http://testserver/about/#terms"
    assert data["usageInfo"]["text"].endswith("grants no licence to the data.")
    addresses = [one["contentUrl"] for one in data["distribution"]]
    assert [one.removeprefix("http://testserver") for one in addresses] == [
        *("/projects/export.csv", "/projects/export.xlsx", "/datapackage.json", "/statements.csv"),
        *("/entities.csv", "/countries.csv", "/figures.csv", "/api/v1/"),
    ]
    assert [place["name"] for place in data["spatialCoverage"]] == [
        *("Africa", "Middle East and North Africa", "Asia", "Europe", "Americas")
    ]


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "code", "locale", "name", "feed"),
    [
        (
            *("", "en", "en_GB"),
            "Register of United Nations projects on preventing violent extremism",
            "PVE matrix: Changes of the register: Projects in Africa",
        ),
        (
            *("/fr", "fr", "fr_FR"),
            "Registre des projets des Nations Unies pour la prévention de l’extrémisme violent",
            "Matrice PVE\u00a0: Modifications du registre\u00a0: Projets en Afrique",
        ),
        (
            *("/zh", "zh-hans", "zh_CN"),
            "联合国防止暴力极端主义项目登记册",
            "PVE 矩阵：登记册的改动：在非洲的项目",
        ),
        (
            *("/ar", "ar", "ar_AR"),
            "سجل مشاريع الأمم المتحدة لمنع التطرف العنيف",
            "مصفوفة PVE: تغييرات السجل: المشاريع في أفريقيا",
        ),
    ],
)
def test_what_programs_read_is_in_the_language_of_the_page(
    register, client, language, code, locale, name, feed
):
    (data,) = linked_data(client, f"{language}/")
    assert (data["inLanguage"], data["name"]) == (code, name)
    # It is the same set of data in all languages, with a page and files in each.
    assert data["@id"] == "http://testserver/"
    assert data["url"] == f"http://testserver{language}/"
    file = f"http://testserver{language}/projects/export.csv"
    assert data["distribution"][0]["contentUrl"] == file
    for address in ("/", "/statements/", "/projects/"):
        assert metas(client, f"{language}{address}")["og:locale"] == locale
    found = client.get(f"{language}/projects/changes.atom?region=africa").content.decode()
    assert re.findall(r"<title>(.*?)</title>", found)[0] == feed
    assert f'xml:lang="{code}"' in found
    for extension in ("/projects/export", "/reports/cross-table", "/statements"):
        book = load_workbook(io.BytesIO(body(client.get(f"{language}{extension}.xlsx"))))
        turned = [sheet.sheet_view.rightToLeft or False for sheet in book]
        assert turned == [language == "/ar"] * len(turned)


@pytest.mark.long
@pytest.mark.parametrize("address", ["/", EDITION])
def test_a_dataset_is_of_types_and_keys_of_schema_org_and_offers_what_is_there(
    register, client, address
):
    (data,) = linked_data(client, address)
    assert data["@id"] == data["url"] == f"http://testserver{address}"
    if address == EDITION:
        assert data["identifier"]["@type"] == "PropertyValue"
        edition = Edition.objects.get(slug="reconstruction-2017-12")
        assert data["identifier"]["value"] == edition.sha256
    for one in data["distribution"]:
        assert one["@type"] == "DataDownload"
        answer = client.get(one["contentUrl"].removeprefix("http://testserver"))
        assert answer.status_code == 200
        assert answer["Content-Type"].partition(";")[0] == one["encodingFormat"]
        content = body(answer)
        assert content
        if "sha256" in one:
            assert hashlib.sha256(content).hexdigest() == one["sha256"]
    fingerprints = ["sha256" in one for one in data["distribution"]]
    assert fingerprints == ([True, False] if address == EDITION else [False] * 8)
    terms = client.get(data["usageInfo"]["url"].removeprefix("http://testserver"))
    assert terms.status_code == 200
    assert 'id="terms"' in terms.content.decode()
    # A part of the register is no dataset.
    for part in ("/about/", "/projects/", "/reports/scope/"):
        assert linked_data(client, part) == []


def test_a_dataset_ends_where_it_ends(register, client):
    from reports.data_package import dataset

    edition = Edition.objects.get(slug="reconstruction-2017-12")
    edition.name = "</script><script>alert(1)</script>"
    block = dataset("http://testserver{}".format, edition)
    assert block.count("</script>") == 1
    assert "\\u003C/script\\u003E" in block
    assert (
        json.loads(block[block.index("{") : block.rindex("}") + 1])["alternateName"] == edition.name
    )


def test_where_writing_runs_to_the_left_bars_do_too():
    lines = [Line("A", (Bar(State.PUBLISHED, 0, 5, ("", "5"), "5 projects", ""),))]
    with translation.override("ar"):
        drawn = ElementTree.fromstring(picture(lines, Caption("T", "S", "")))
    marks = [mark for mark in drawn.iter(f"{SVG}rect") if mark.get("fill") == "#0a5a94"]
    ends = [float(one.get("x")) + float(one.get("width")) for one in marks]
    # The key's mark begins at the right, the bar next to its name.
    assert ends[0] == 1600 - 45
    assert ends[1] < 1600 - 45 - 540
    # Not every program takes a direction: a label ends at the right, and has its own isolated.
    labels = [(one.get("text-anchor"), one.text) for one in drawn.iter(f"{SVG}text")]
    assert ("end", "\u2066A\u2069") in labels and ("end", "\u20665\u2069") in labels


def test_a_dataset_names_its_publisher(register, client, settings):
    assert "publisher" not in linked_data(client, EDITION)[0]
    settings.PUBLISHER = "https://www.undp.org United Nations Development Programme"
    (data,) = linked_data(client, "/")
    agent = {"name": "United Nations Development Programme", "url": "https://www.undp.org"}
    assert data["publisher"] == data["creator"] == {"@type": "Organization"} | agent
    assert (data["temporalCoverage"], data["license"]) == (
        "2017-12-01",
        "http://testserver/about/#terms",
    )


def bibtex_of(client, address: str) -> str:
    html = client.get(address).content.decode()
    found = re.search(r'<a href="data:[^,]*,([^"]*)" download="pvematrix.bib">BibTeX</a>', html)
    return unquote(unescape(found[1]))


def test_a_citation_is_a_file_for_programs_that_manage_references(register, client):
    address = "/projects/?q=a%22b%26%7Bx%7D&scope=global&edition=reconstruction-2017-12"
    (entry,) = parse_string(bibtex_of(client, address), "bibtex").entries.values()
    assert [str(one) for one in entry.persons["author"]] == ["{PVE matrix}"]
    assert entry.fields["title"] == "PVE matrix: “a b\\& x ” · Global"
    assert entry.fields["url"] == f"http://testserver{address}"
    assert "Reconstruction of A/72/621 (December 2017), SHA-256 " in entry.fields["note"]


def test_citations_of_a_day_are_one_file_with_the_author_and_the_report_of_each(
    register, client, settings
):
    settings.PUBLISHER = "https://www.undp.org Crime & Justice, {Office} and Sons"
    edition = "/reports/scope/?edition=reconstruction-2017-12"
    cited = ["/", "/fr/", "/projects/?entity=UNESCO", "/reports/hlc-2018/", edition]
    # It refuses a key that comes twice.
    entries = parse_string("".join(bibtex_of(client, one) for one in cited), "bibtex").entries
    assert len(entries) == len(cited)
    for address, (key, entry) in zip(cited, entries.items(), strict=True):
        version = r"reconstruction-2017-12" if address == edition else r"\d{4}-\d\d-\d\d"
        assert re.fullmatch(rf"pvematrix-{version}-[0-9a-f]{{12}}", key)
        (author,) = entry.persons["author"]
        assert str(author) == r"{Crime \& Justice, Office and Sons}"
        assert ("HLC 2018" if "hlc" in address else "A/72/621") in entry.fields["note"], address
    assert (
        "Crime & Justice, {Office} and Sons. PVE matrix, register of United Nations projects on "
        "preventing violent extremism, current register. 4 described activities of UNESCO. "
    ) in text_of(client, "/projects/?entity=UNESCO")


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/projects/?priority_area=youth&region=africa", "Youth · Africa"),
        ("/reports/scope/?priority_area=youth", "Projects by scope · Youth"),
        (
            "/projects/PVE-001/?region=africa",
            "PVE-001: Networks of Mediterranean Youth (NET-MED Youth)",
        ),
        ("/reports/hlc-2018/", "HLC 2018"),
    ],
)
def test_a_citation_has_a_title(register, client, address, title):
    (entry,) = parse_string(bibtex_of(client, address), "bibtex").entries.values()
    assert entry.fields["title"] == f"PVE matrix: {title}"
