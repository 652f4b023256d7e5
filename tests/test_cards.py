"""What other sites show of a page: cards as PNG, pictures as SVG, and a Dataset for searches."""

import hashlib
import io
import json
import re
import struct
import zipfile
from collections import Counter
from html import unescape
from itertools import combinations
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import numpy as np
import pytest
from django.utils import translation
from openpyxl import load_workbook
from PIL import Image, ImageFont
from pybtex.database import parse_string

from projects.asking import Asked, Selection
from projects.asking.answer import State
from projects.models import Edition
from reports.breakdowns import Bar, Line, breakdown
from reports.cards import blocks_image, png_of
from reports.images import CARD, FONTS, SHAPES, Caption, bars, lines_of, width_of
from reports.overview import blocks

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


@pytest.mark.long
@pytest.mark.parametrize(
    ("address", "card"),
    [
        ("/", "/cards/matrix.png"),
        ("/library/", "/cards/matrix.png"),
        ("/reports/compare/?a=region%3Dafrica", "/cards/matrix.png"),
        ("/projects/PVE-001/?region=africa", "/cards/matrix.png"),
        ("/entities/UNESCO/", "/cards/matrix.png"),
        ("/reports/scope/?region=africa", "/cards/scope.png"),
        ("/fr/reports/scope/", "/fr/cards/scope.png"),
        ("/reports/series/", "/cards/series.png"),
        (EDITION, "/cards/matrix.png"),
        # It has the numbers of today.
        ("/reports/scope/?edition=reconstruction-2017-12", "/cards/matrix.png"),
    ],
)
def test_a_page_has_a_card_that_shows_no_filter(register, client, address, card):
    found = metas(client, address)
    assert found["og:image"] == f"http://testserver{card}"
    assert found["og:image:width"] == "1200"
    assert found["og:image:height"] == "630"
    assert found["og:image:alt"]
    assert found["twitter:card"] == "summary_large_image"
    response = client.get(card)
    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == "public, max-age=3600"
    assert response.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", response.content[16:24]) == (1200, 630)
    assert len(response.content) < 150_000


@pytest.mark.long
def test_a_page_a_project_and_an_entity_have_a_sentence_of_their_own(register, client):
    found = metas(client, "/library/")
    assert found["og:title"] == "What was learned"
    assert found["og:description"] == f"Practices, lessons and experiences. {REGISTER}"
    # Three pages of one view.
    assert metas(client, "/reports/region/")["og:description"] == (
        f"Projects counted in each region. {REGISTER}"
    )
    # A page without a sentence has its own title.
    for address, title in {
        "/reports/a-72-621/text/1/": "Paragraph 1 of A/72/621",
        "/statements/E07/changes/": "Changes to E07",
        f"{EDITION}changes/live/": "What changed",
    }.items():
        assert metas(client, address)["og:title"] == title
    found = metas(client, "/projects/PVE-109/")
    assert found["og:description"] == (
        "Is it one of the 223? It is a placeholder for one of the 27 on empowering youth "
        "(A/72/621, para. 24). Nothing else is known of it."
    )
    found = metas(client, "/entities/UNESCO/")
    assert found["og:title"] == "United Nations Educational, Scientific and Cultural Organization"
    assert found["og:image:alt"] == f"{REGISTER} The projects by priority area, one square each."
    assert metas(client, "/reports/scope/")["og:image:alt"] == (
        "82 of the 223 projects are global in scope, A/72/621"
    )


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


def fills(svg: str) -> Counter:
    return Counter(mark.get("fill") for mark in ElementTree.fromstring(svg).iter(f"{SVG}rect"))


def test_the_matrix_is_the_overview_as_a_picture(register, client):
    svg = client.get("/reports/matrix/picture.svg").content.decode()
    words = texts(svg)
    assert words[0] == "223 United Nations-supported projects on preventing violent extremism"
    assert words[1] == (
        "A/72/621 prints 17 totals of these projects. It also describes 12 activities, and does "
        "not say whether they are among the 223."
    )
    assert words[2:4] == [
        "One square is one project",
        "A circle below is a described activity. No source says whether it is one of the 223.",
    ]
    assert words[4:6] == ["Strengthening good governance, human rights and the rule of law", "40"]
    assert re.fullmatch(r"Source: A/72/621, paras. 22 and 24; PVE matrix, \d+ \w+ \d{4}", words[-2])
    assert words[-1] == "testserver/"
    # Placeholders are no part of what is counted, and no number is added to another.
    assert not {"12", "211", "223"} & {*words}
    # Squares of one colour and the key's; a circle for each activity below, and the key's.
    assert fills(svg)["#0a5a94"] == 223 + 1
    assert fills(svg)["#d0700e"] == 12 + 1


def test_circles_are_inside_the_squares_of_what_its_source_counts(register):
    selection = Selection(Asked())
    squares, _each = blocks(breakdown("priority-area", selection))
    # On the day on which all are described.
    described = [(row, cells, cells, None) for row, cells, _inside, _below in squares]
    key = [("published", "A square"), ("described inside", "Described")]
    marks = ElementTree.fromstring(
        blocks_image(described, key, Caption("T", "S", "Source"), SHAPES["wide"])
    ).iter(f"{SVG}rect")
    drawn = [
        (mark.get("fill"), *(float(mark.get(name)) for name in ("x", "y", "width")))
        for mark in marks
        if mark.get("rx")
    ]
    blue = [one for one in drawn if one[0] == "#0a5a94"]
    warm = [one for one in drawn if one[0] == "#d0700e"]
    assert (len(blue), len(warm)) == (223 + 1, 223 + 1)
    middles = [
        {(round(x + w / 2), round(y + w / 2)) for _fill, x, y, w in some[1:]}
        for some in (blue, warm)
    ]
    assert middles[0] == middles[1]


SLIDES = [
    *("/reports/matrix/picture.svg", "/reports/region/picture.svg", "/reports/scope/picture.svg"),
    *("/reports/priority-area/picture.svg", "/reports/compare/picture.svg"),
    *("/reports/priority-area/picture.svg?scope=national&region=africa",),
    *("/elsewhere/charts/country.svg", "/elsewhere/charts/dates.svg"),
]


@pytest.mark.long
@pytest.mark.parametrize("language", ["", "/fr", "/es", "/ru", "/zh", "/ar"])
def test_no_letter_of_a_slide_is_small_and_each_has_its_source_and_address(
    register, client, language
):
    for address in SLIDES:
        answer = client.get(f"{language}{address}")
        svg = ElementTree.fromstring(answer.content)
        sizes = [float(text.get("font-size")) for text in svg.iter(f"{SVG}text")]
        assert min(sizes) >= 20, address
        assert f"testserver{language}/" in texts(answer.content.decode())[-1]


LANGUAGES = ("", "/fr", "/es", "/ru", "/zh", "/ar")
FONT_FILES = sorted(str(path) for path in FONTS.glob("*.ttf"))
# Signs that set a direction are never drawn.
UNSEEN = {"\u2066", "\u2067", "\u2068", "\u2069", "\u200e", "\u200f"}


def signs_of(path: str) -> set[str]:
    """Return the signs that a font has, by its table "cmap"."""
    font = Path(path).read_bytes()
    tables = (font[12 + 16 * place :][:16] for place in range(struct.unpack(">H", font[4:6])[0]))
    start = next(struct.unpack(">4xLLL", one)[1] for one in tables if one[:4] == b"cmap")
    table = font[start + struct.unpack(">L", font[start + 8 : start + 12])[0] :]
    number = struct.unpack(">H", table[6:8])[0] // 2
    assert struct.unpack(">H", table[:2])[0] == 4
    ends = struct.unpack(f">{number}H", table[14 : 14 + 2 * number])
    starts = struct.unpack(f">{number}H", table[16 + 2 * number : 16 + 4 * number])
    ranges = zip(starts, ends, strict=True)
    return {chr(code) for first, last in ranges for code in range(first, last + 1)}


@pytest.fixture
def drawn(client, monkeypatch):
    """Return a picture as SVG, a card too."""
    from reports import illustrations

    monkeypatch.setattr(illustrations, "png_of", lambda svg: svg.encode())
    return lambda address: client.get(address).content.decode()


CARDS = [f"/cards/{name}.png" for name in ("matrix", "series", "region", "scope", "priority-area")]
OTHERS = [
    *(f"{one}?shape={shape}" for one in SLIDES[:5] for shape in ("square", "page")),
    "/reports/region/picture.svg?region=africa&region=asia&priority_area=youth",
    "/reports/scope/picture.svg?q=%C3%A9cole&shape=square",
]


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_font_has_every_sign_of_a_line(register, drawn, language):
    fonts = [signs_of(path) | UNSEEN for path in FONT_FILES]
    missing = {
        (address, line): min((set(line) - font for font in fonts), key=len)
        for address in (*CARDS, *SLIDES, *OTHERS)
        for line in lines_in(drawn(f"{language}{address}"))
    }
    # A line that no font has all signs of is drawn without some, in Arabic without its letters.
    assert sum(map(len, missing.values())) == 0, {key: one for key, one in missing.items() if one}
    assert len(missing) > 300


def lines_in(svg: str) -> list[str]:
    spans = ElementTree.fromstring(svg).iter(f"{SVG}tspan")
    return ["".join(span.itertext()) for span in spans]


def boxes(svg: str) -> list[tuple[str, float, tuple[int, int, int, int]]]:
    """Return each line, its size, and where it is drawn: left, top, right, bottom.

    The PNG has half the width and height, which takes a third of the time.
    """
    picture = ElementTree.fromstring(svg)
    texts = [one for one in picture if one.tag == f"{SVG}text"]
    for one in [*picture]:
        if one not in texts:
            picture.remove(one)
    lines = [(float(text.get("font-size")), span) for text in texts for span in text]
    for place, (_size, span) in enumerate(lines, start=1):
        span.set("fill", f"#{place % 64 * 4:02x}{place // 64 * 64:02x}00")
    # What is outside of the picture is drawn too.
    width, height = float(picture.get("width")) + 400, float(picture.get("height")) + 400
    picture.set("viewBox", f"-200 -200 {width:.0f} {height:.0f}")
    picture.set("width", f"{width / 2:.0f}")
    picture.set("height", f"{height / 2:.0f}")
    drawn = png_of(ElementTree.tostring(picture, "unicode"))
    red, green, _blue, alpha = np.moveaxis(np.asarray(Image.open(io.BytesIO(drawn))), 2, 0)
    down, across = np.nonzero(alpha > 127)
    places = np.rint(red[down, across] / 4) + np.rint(green[down, across] / 64) * 64
    found = []
    for place, (size, span) in enumerate(lines, start=1):
        x, y = across[places == place] * 2 - 200, down[places == place] * 2 - 200
        assert x.size, f"nothing is drawn of {span.text}"
        box = int(x.min()), int(y.min()), int(x.max()) + 1, int(y.max()) + 1
        found.append(("".join(span.itertext()), size, box))
    return found


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_runs_out_of_its_picture_or_over_another(register, drawn, language):
    for address in (*CARDS, *SLIDES, *OTHERS):
        svg = drawn(f"{language}{address}")
        picture = ElementTree.fromstring(svg)
        lines = boxes(svg)
        for text, _size, (left, top, right, bottom) in lines:
            assert 0 <= left <= right < float(picture.get("width")), (address, text)
            assert 0 <= top <= bottom < float(picture.get("height")), (address, text)
        for (text, size, one), (other, _size, two) in combinations(lines, 2):
            wide = min(one[2], two[2]) - max(one[0], two[0])
            high = min(one[3], two[3]) - max(one[1], two[1])
            # Marks above and below Arabic letters are between two lines.
            assert wide < 1 or high < 0.25 * size, (address, text, other)


def test_the_widths_of_signs_are_those_of_the_fonts():
    """Pictures are measured with widths.json, which tests/fonts.py writes."""
    for path in FONT_FILES:
        font = ImageFont.truetype(path, 1000, layout_engine=ImageFont.Layout.BASIC)
        for sign in signs_of(path) - UNSEEN - {"\u00ad", "\uffff"}:
            # Letters of Arabic are narrower where they are joined.
            if not "\u0600" <= sign <= "\u06ff":
                assert width_of(sign) * 1000 >= font.getlength(sign) - 4, (path, sign)
    assert (width_of("Africa"), width_of("非洲"), width_of("\u2067\u2069")) == (2.817, 2, 0)


def test_a_card_has_what_a_page_says_and_is_mirrored_in_arabic(register, drawn):
    pictures = (drawn(f"{language}/cards/region.png") for language in ("", "/ar"))
    english, arabic = map(ElementTree.fromstring, pictures)
    bars = [
        [mark for mark in picture.iter(f"{SVG}rect") if mark.get("fill") == "#0a5a94"][1:]
        for picture in (english, arabic)
    ]
    for left, right in zip(*bars, strict=True):
        assert left.get("width") == right.get("width")
    ends = [float(one.get("x")) + float(one.get("width")) for one in bars[1]]
    # Bars begin at the right, next to their names, and grow to the left.
    assert len({round(end) for end in ends}) == 1 and ends[0] < 1200 - 0.36 * 1128
    assert {round(float(one.get("x"))) for one in bars[0]} == {round(1200 - ends[0])}
    assert {text.get("text-anchor") for text in arabic.iter(f"{SVG}text")} == {"end"}
    assert "\u2067أفريقيا\u2069" in lines_in(drawn("/ar/cards/region.png"))
    # A day is not torn from its month, nor a text in English turned round.
    source = lines_in(drawn("/ar/cards/region.png"))[-2]
    assert re.search("PVE، \u2068\\d+ .+ 2026\u2069", source)
    names = lines_in(drawn("/ar/elsewhere/charts/dates.svg"))
    assert " \u2066community security\u2069" in names


def test_a_sentence_of_a_picture_is_whole(register, drawn):
    """Its headline was cut out of it in Chinese: （37 %）（A/72/621，第25段）。"""
    words = "".join(texts(drawn("/zh/cards/scope.png")))
    assert "223个项目中，范围为全球一级的有82个（37%）（A/72/621，第25段）。" in words


def test_a_slide_of_more_lines_than_have_room_says_how_many_there_are():
    lines = [
        Line(str(one), (Bar(State.PUBLISHED, 0, one, ("", str(one)), "", ""),)) for one in range(60)
    ]
    words = texts(bars(lines, Caption("T", "S", "Source", "H"), SHAPES["wide"]))
    drawn = [one for one in words if one.isdigit()]
    assert words[:2] == ["T", "H"]
    assert f"{60 - len(drawn) // 2} more" in words


def test_a_line_ends_where_its_language_lets_it_end():
    assert lines_of("61 projects (para. 25).", 12 * 0.55, 1) == ["61 projects", "(para. 25)."]
    # A share has its sign; an address that is too long ends anywhere.
    assert lines_of("has 61 (40 %)", 5, 1) == ["has 61", "(40 %)"]
    assert "".join(lines_of("testserver/reports/", 5, 1)) == "testserver/reports/"
    assert lines_of("最大数目为40（加强善治）。", 9, 1) == ["最大数目为40（加", "强善治）。"]
    # Neither an opening bracket at the end nor a full stop at the beginning.
    assert lines_of("我们（的）。", 4, 1) == ["我们", "（的）。"]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_picture_is_as_large_as_its_shape(register, client, shape):
    svg = client.get(f"/reports/priority-area/picture.svg?shape={shape}&region=africa").content
    if shape == "wide":  # as without it
        assert client.get("/reports/priority-area/picture.svg?region=africa").content == svg
    picture = ElementTree.fromstring(svg)
    sizes = {"wide": "0 0 1600 900", "square": "0 0 1080 1080", "page": "0 0 1240 1754"}
    assert picture.get("viewBox") == sizes[shape]
    _zero, _nil, width, height = map(int, sizes[shape].split())
    for text in picture.iter(f"{SVG}tspan"):
        assert 0 < float(text.get("y")) < height
        assert 0 < float(text.get("x")) < width


def test_a_picture_says_what_it_shows_how_it_is_known_and_when(register, client):
    response = client.get("/reports/priority-area/picture.svg?region=africa&shape=square")
    assert response["Content-Type"] == "image/svg+xml"
    assert re.fullmatch(
        r'attachment; filename="pve-priority-area-\d{4}-\d\d-\d\d-region-africa-square\.svg"',
        response["Content-Disposition"],
    )
    words = texts(response.content.decode())
    assert words[0] == "Projects by priority area: Projects in Africa"
    # No total is printed of these areas, so the label is the headline.
    assert words[1] == (
        "61 projects in Africa (A/72/621, para. 25). The report does not say what they work on. "
        "For each part, its totals allow a range."
    )
    # Both ends of a range are written.
    governance = words.index("Strengthening good governance, human rights and the rule of law")
    assert words[governance + 1 : governance + 3] == ["0", "40"]
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
    assert [(one["encodingFormat"], one["contentUrl"]) for one in data["distribution"]] == [
        ("text/csv", "http://testserver/projects/export.csv"),
        ("application/x-ndjson", "http://testserver/projects/export.ndjson"),
        (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "http://testserver/projects/export.xlsx",
        ),
        ("application/json", "http://testserver/datapackage.json"),
        ("text/csv", "http://testserver/statements.csv"),
        ("text/csv", "http://testserver/entities.csv"),
        ("text/csv", "http://testserver/countries.csv"),
        ("text/csv", "http://testserver/figures.csv"),
        ("application/json", "http://testserver/api/v1/"),
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
            *("/es", "es", "es_ES"),
            "Registro de proyectos de las Naciones Unidas para prevenir el extremismo violento",
            "Matriz PVE: Cambios en el registro: Proyectos en África",
        ),
        (
            *("/ru", "ru", "ru_RU"),
            "Реестр проектов Организации Объединенных Наций по предупреждению воинствующего "
            "экстремизма",
            "Матрица PVE: Изменения реестра: Проекты в Африке",
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
    for address in ("/", "/library/", "/projects/"):
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
    assert (data["inLanguage"], data["isAccessibleForFree"]) == ("en", True)
    types = ("isBasedOn", "usageInfo")
    assert [data[name]["@type"] for name in types] == ["Report", "CreativeWork"]
    assert [one["@type"] for one in data["spatialCoverage"]] == ["Place"] * 5
    assert data["isBasedOn"]["datePublished"] == "2017-12-01"
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
    assert fingerprints == (
        [True, False, False, False, False] if address == EDITION else [False] * 10
    )
    terms = client.get(data["usageInfo"]["url"].removeprefix("http://testserver"))
    assert terms.status_code == 200
    assert 'id="terms"' in terms.content.decode()
    # A part of the register is no dataset.
    for part in ("/about/", "/projects/", "/reports/scope/"):
        assert linked_data(client, part) == []


def test_a_dataset_ends_where_it_ends(register, client):
    from reports.linked_data import dataset

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
        drawn = ElementTree.fromstring(bars(lines, Caption("T", "S", ""), CARD))
    marks = [mark for mark in drawn.iter(f"{SVG}rect") if mark.get("fill") == "#0a5a94"]
    # The key's mark begins at the right, the bar next to its name.
    assert float(marks[0].get("x")) + float(marks[0].get("width")) == 1200 - 36
    assert float(marks[1].get("x")) + float(marks[1].get("width")) < 1200 - 36 - 0.36 * 1128
    # What makes PNG takes no direction: a label ends at the right, and has its own isolated.
    assert drawn.get("direction") == "ltr"
    labels = [(one.get("text-anchor"), one[0].text) for one in drawn.iter(f"{SVG}text")]
    assert ("end", "\u2066A\u2069") in labels
    assert ("end", "\u20665\u2069") in labels


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib warns of its own classes
def test_a_catalogue_has_the_register_and_its_editions_once_it_has_a_publisher(
    register, client, settings
):
    from pyshacl import validate
    from rdflib import Graph

    refused = client.get("/catalog.jsonld")
    assert (refused.status_code, refused.content.decode()) == (
        404,
        "There is no catalogue: the site does not say who publishes it (PUBLISHER).\n",
    )
    assert "publisher" not in linked_data(client, EDITION)[0]
    settings.PUBLISHER = "https://www.undp.org United Nations Development Programme"
    (data,) = linked_data(client, "/")
    agent = {"name": "United Nations Development Programme", "url": "https://www.undp.org"}
    assert data["publisher"] == data["creator"] == {"@type": "Organization"} | agent
    assert (data["temporalCoverage"], data["license"]) == (
        "2017-12-01",
        "http://testserver/about/#terms",
    )
    assert (data["keywords"][0], len(data["keywords"]), len(data["variableMeasured"])) == (
        *("preventing violent extremism", 9, 3),
    )
    response = client.get("/catalog.jsonld")
    assert response["Content-Type"] == "application/ld+json"
    # The official shapes of DCAT-AP 3.0.1.
    shapes = Graph().parse(ROOT / "tests/data/dcat-ap-3.0.1-SHACL.ttl")
    catalog = json.loads(response.content)
    assert [one["@id"] for one in catalog["dcat:dataset"]] == [
        *("http://testserver/", "http://testserver/editions/reconstruction-2026-11/"),
        f"http://testserver{EDITION}",
    ]
    register_title = "Register of United Nations projects on preventing violent extremism"
    titles = [
        register_title,
        "Reconstruction of A/72/621, corrected (November 2026)",
        "Reconstruction of A/72/621 (December 2017)",
    ]
    others = ["Statements", "Entities", "Countries", "Published figures", "The register as data"]
    assert [one["dct:title"] for one in catalog["dcat:dataset"]] == titles
    files = [one["dcat:distribution"] for one in catalog["dcat:dataset"]]
    assert [[file["dct:title"] for file in one] for one in files] == [
        [register_title] * 3 + ["Data Package", *others],
        [titles[1]] * 3 + ["Data Package"],
        [titles[2]] * 3 + ["Data Package"],
    ]
    for without, is_valid in ("", True), ("dct:publisher", False):
        known = {name: one for name, one in catalog.items() if name != without}
        graph = Graph().parse(data=json.dumps(known), format="json-ld")
        assert validate(graph, shacl_graph=shapes)[0] is is_valid


def test_a_citation_is_a_file_for_programs_that_manage_references(register, client):
    address = "/projects/?q=a%22b%26%7Bx%7D&scope=global&edition=reconstruction-2017-12"
    html = client.get(address)
    found = re.findall(r'<a href="data:[^,]*,([^"]*)" download="([^"]*)"', html.content.decode())
    files = {name: unquote(unescape(text)) for text, name in found}
    assert list(files) == ["pvematrix.bib", "pvematrix.ris", "pvematrix.json"]
    (csl,) = json.loads(files["pvematrix.json"])
    assert csl["title"].startswith("In the edition “Reconstruction of A/72/621 (December 2017)”: ")
    assert '“a"b&{x}”' in csl["title"]
    assert csl["URL"] == f"http://testserver{address}"
    assert csl["type"] == "webpage"
    assert len(csl["issued"]["date-parts"][0]) == len(csl["accessed"]["date-parts"][0]) == 3
    (entry,) = parse_string(files["pvematrix.bib"], "bibtex").entries.values()
    register_name = "Register of United Nations projects on preventing violent extremism"
    assert [str(one) for one in entry.persons["author"]] == ["{PVE matrix}"]
    assert (csl["author"], csl["container-title"]) == ([{"literal": "PVE matrix"}], register_name)
    assert "“a b\\& x ”" in entry.fields["title"] and entry.fields["url"] == csl["URL"]
    ris = files["pvematrix.ris"]
    assert ris.startswith(f"TY  - ELEC\nAU  - PVE matrix\nTI  - {csl['title']}\n")
    assert "N1  - Reconstruction of A/72/621 (December 2017), SHA-256 " in ris


CITED = [
    *("/", "/fr/", "/projects/?entity=UNESCO", "/projects/?entity=UNDP", "/projects/PVE-001/"),
    *("/reports/scope/", "/reports/region/", "/reports/region/?priority_area=youth"),
    *("/reports/cross-table/", "/reports/compare/", "/reports/series/"),
    *("/reports/a-72-621/", "/reports/hlc-2018/", "/reports/scope/?edition=reconstruction-2017-12"),
]


def test_citations_of_a_day_are_one_file_with_the_author_and_the_report_of_each(
    register, client, settings
):
    settings.PUBLISHER = "https://www.undp.org Crime & Justice, {Office} and Sons"
    files = []
    for address in CITED:
        html = client.get(address).content.decode()
        found = re.search(r'<a href="data:[^,]*,([^"]*)" download="pvematrix.bib"', html)
        files.append(unquote(unescape(found[1])))
    # It refuses a key that comes twice.
    entries = parse_string("".join(files), "bibtex").entries
    assert len(entries) == len(CITED)
    for address, (key, entry) in zip(CITED, entries.items(), strict=True):
        version = r"reconstruction-2017-12" if "edition" in address else r"\d{4}-\d\d-\d\d"
        assert re.fullmatch(rf"pvematrix-{version}-[0-9a-f]{{12}}", key)
        (author,) = entry.persons["author"]
        assert str(author) == r"{Crime \& Justice, Office and Sons}"
        named = "HLC 2018" if "hlc" in address else "A/72/621"
        assert named in f"{entry.fields['title']} {entry.fields.get('note', '')}", address
    (unesco,) = [one for one in entries.values() if one.fields["url"].endswith("UNESCO")]
    assert unesco.fields["title"] == (
        "4 described activities of UNESCO. How many of the 223 projects are UNESCO's is not "
        "stated. Report: A/72/621."
    )
    assert unesco.fields["howpublished"] == (
        "PVE matrix, register of United Nations projects on preventing violent extremism"
    )
    (project,) = [one for one in entries.values() if one.fields["url"].endswith("/PVE-001/")]
    assert project.fields["note"] == "Source: A/72/621, para. 34"
    assert (
        "Crime & Justice, {Office} and Sons. PVE matrix, register of United Nations projects on "
        "preventing violent extremism, current register. 4 described activities of UNESCO. "
    ) in text_of(client, "/projects/?entity=UNESCO")


@pytest.mark.parametrize(
    "address",
    [
        *("/", "/ar/", "/about/", "/reports/scope/", "/embed/scope/"),
        *("/projects/changes.atom", "/projects/export.docx", "/reports/scope/picture.svg"),
        *("/llms.txt", "/api/v1/openapi.json", "/datapackage.json", "/accounts/login/"),
    ],
)
def test_readers_know_the_site_by_one_name(register, client, address):
    content = body(client.get(address))
    if content.startswith(b"PK"):
        archive = zipfile.ZipFile(io.BytesIO(content))
        content = b"".join(archive.read(name) for name in archive.namelist())
    text = unquote(content.decode("utf-8", "ignore"))
    # The names of files, of entries of BibTeX and of feeds are for programs.
    text = re.sub(r"pvematrix(\.(bib|ris|json)|-[\w-]+|,2026:)", "", text)
    assert "pvematrix" not in text
