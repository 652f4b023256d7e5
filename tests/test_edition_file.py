"""An edition, or the register as it is, in one HTML file that needs no network."""

import base64
import hashlib
import re
import time
from html import unescape
from itertools import product

import pytest
from django.core.cache import caches

from projects.editions import publish
from projects.history import unrecorded
from projects.history.data_version import cached_in_process
from projects.models import Edition, Project
from projects.vocabulary import PriorityArea, Region, Scope

from .browser import is_accessible_and_fits
from .conftest import describe, saved, unsaved
from .pages import body, queries_of

LIVE = "/projects/edition.html"
FIRST = "/editions/reconstruction-2017-12/edition.html"
# The sizes that were measured are in docs/contract.md.
LARGEST = 400 * 1024
CHAPTERS = ["overview", "figures", "tables", "entries", "rows", "statements", "elsewhere"]
CHAPTERS += ["certainty", "sources"]


def read(client, address: str = LIVE) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def sentences_of(html: str) -> dict[str, str]:
    """The sentences by what is chosen: area, scope and region, with points between them."""
    found = re.findall(r'<span data-of="([^"]*)"\s+class="\w+">([^<]*)', html)
    return {chosen: unescape(sentence).strip() for chosen, sentence in found}


def chapter(html: str, name: str) -> str:
    return re.search(rf'<(section|aside) id="{name}".*?</\1>', html, re.DOTALL)[0]


# What is sent


def test_it_is_a_file_to_download_that_no_crawler_keeps(register, client):
    response = client.get(FIRST)
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert response["Content-Disposition"] == (
        'attachment; filename="pve-edition-reconstruction-2017-12.html"'
    )
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    # Again, from the cache.
    again = client.get(FIRST)
    assert again.content == response.content
    assert (again["X-Robots-Tag"], again["ETag"]) == ("noindex", response["ETag"])
    assert client.get("/editions/none/edition.html").status_code == 404
    assert client.get(f"{LIVE}?scope=national").status_code == 400


@pytest.mark.long
@pytest.mark.parametrize("prefix", ["", "/fr", "/es", "/ru", "/zh", "/ar"])
def test_it_has_at_most_400_kib(register, client, prefix):
    for address in (LIVE, FIRST):
        html = read(client, f"{prefix}{address}")
        assert 200_000 < len(html.encode()) <= LARGEST
        assert re.findall(r'<(?:section|aside) id="(\w+)"', html) == CHAPTERS
        assert len(sentences_of(html)) == 216


def test_it_asks_for_nothing_and_runs_nothing_but_its_one_script(register, client):
    html = read(client)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    hashes = []
    for element in ("style", "script"):
        (text,) = re.findall(rf"<{element}>(.*?)</{element}>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        hashes.append(f"{element}-src 'sha256-{digest}'")
        assert len(re.findall(rf"<{element}\b", html)) == 1
    assert unescape(policy) == (
        f"default-src 'none'; {hashes[0]}; {hashes[1]}; base-uri 'none'; form-action 'none'"
    )
    assert not re.findall(r"<(?:link|img|iframe|object|form|base|source)\b|\ssrc=|\sstyle=", html)
    assert "@import" not in html
    assert "url(" not in re.sub(r"url\(#\w+\)", "", html)
    # What the file has is linked within it, anything else by its whole address.
    links = set(re.findall(r'href="([^"]*)"', html))
    assert all(re.match(r"#\w|https?://\w", one) for one in links)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert {one[1:] for one in links if one[0] == "#"} <= {*ids}
    assert "http://testserver/projects/?priority_area=youth" in links
    assert "#PVE-004" in links


@pytest.mark.long
def test_it_has_the_hash_of_the_csv(register, client):
    content = body(client.get("/projects/export.csv"))
    assert f"<code>{hashlib.sha256(content).hexdigest()}</code>" in read(client)
    edition = Edition.objects.get(slug="reconstruction-2017-12")
    assert f"<code>{edition.sha256}</code>" in read(client, FIRST)


# What it says


@pytest.mark.long
def test_its_sentences_are_those_of_the_site(register, client, settings):
    settings.API_ANSWERS_A_MINUTE = 0
    for address, edition in ((LIVE, ""), (FIRST, "reconstruction-2017-12")):
        found = sentences_of(read(client, address))
        choices = [["", *one.values] for one in (PriorityArea, Scope, Region)]
        chosen = [".".join(one) for one in product(*choices)]
        assert [*found] == chosen
        for one in chosen:
            named = zip(("priority_area", "scope", "region"), one.split("."), strict=True)
            query = {name: value for name, value in named if value}
            query |= {"edition": edition} if edition else {}
            assert found[one] == client.get("/api/v1/answers/", query).json()["sentence"], one


@pytest.mark.long
def test_some_of_them_are_known(register, client):
    found = sentences_of(read(client))
    assert found[".."] == "223 projects (A/72/621, paras. 22 and 24)."
    assert found["youth.."] == "27 projects on empowering youth (A/72/621, para. 24)."
    assert found[".national."] == "75 projects are national in scope (A/72/621, para. 25)."
    assert found["youth..africa"] == (
        "Projects on empowering youth in Africa: not stated; A/72/621's totals allow 0 to 27."
    )
    assert found[".global.asia"] == (
        "Projects in Asia, global in scope: 0; in this register a global project has no region. "
        "Report: A/72/621."
    )
    first = sentences_of(read(client, FIRST))
    assert first["youth.."] == (
        "In the edition “Reconstruction of A/72/621 (December 2017)”: 27 projects on empowering "
        "youth (A/72/621, para. 24)."
    )
    french = sentences_of(read(client, f"/fr{LIVE}"))
    assert french["youth.."].endswith("(A/72/621, par. 24).")


@pytest.mark.long
def test_it_has_the_pages_tables(register, client):
    html = read(client)
    bare = re.compile(r'http://testserver| data-words="[^"]*"|\s*\n\s*')
    for slug in ("priority-area", "scope", "region"):
        page = read(client, f"/reports/{slug}/")
        table = re.search(r'<table class="bars">.*?</table>', page, re.DOTALL)[0]
        assert bare.sub("", table) in bare.sub("", html)
    for rows, columns in (("priority_area", "scope"), ("priority_area", "region")):
        page = read(client, f"/reports/cross-table/?rows={rows}&columns={columns}")
        table = re.search(r"<tbody>.*?</tbody>", page, re.DOTALL)[0]
        assert bare.sub("", table) in bare.sub("", html)
    assert chapter(html, "tables").count("<table") == 3


def test_it_has_every_entry_and_nothing_that_no_source_states(register, client):
    html = read(client)
    entries, rows = chapter(html, "entries"), chapter(html, "rows")
    assert re.findall(r'<article id="(PVE-\d+)">', entries) == [
        f"PVE-{number:03}" for number in range(1, 13)
    ]
    assert "Is it one of the 223?" in entries
    assert len(re.findall(r"<li>PVE-\d+ ", rows)) == 211
    assert "211 placeholders" in rows
    # Of a placeholder its area is known, which is the heading.
    assert re.findall(r"<li>(PVE-013 [^<]+)</li>", rows) == ["PVE-013 Unidentified project 1 of 40"]
    assert not re.search("National|Regional|Africa", rows)
    assert len(re.findall(r'<article id="[A-Z]\d+">', chapter(html, "statements"))) == 292


def test_projects_elsewhere_are_apart_and_have_their_own_date(register, client):
    html = read(client)
    part = chapter(html, "elsewhere")
    assert part.startswith('<aside id="elsewhere" data-elsewhere')
    assert part.count("<tr>") == 73
    assert "They are not counted here." in part
    assert part.count("Read on: ") == 72
    assert "Read on: 1 December 2026" in part
    without = re.sub(r"<(\w+)[^>]*\sdata-elsewhere.*?</\1>", "", html, flags=re.DOTALL)
    assert "/elsewhere/" not in without
    assert 'href="#elsewhere"' not in without


@pytest.mark.long
def test_an_editions_file_has_the_editions_numbers(register, client):
    before = read(client, FIRST)
    describe(3, priority_area="youth", title="A youth project of today")
    cached_in_process.cache_clear()
    for cache in caches.all():
        cache.clear()
    assert read(client, FIRST) == before
    live = read(client)
    assert live.count("A youth project of today") == 3
    assert "208 placeholders" in live
    assert "211 placeholders" in before


@pytest.mark.long
def test_hostile_text_is_shown_as_text(register, client):
    words = '</script></style><script>alert(1)</script>" onclick=\'x\' href="/x"'
    saved("PVE-224", title=words, summary=words, source=words, provenance="confirmed")
    html = read(client)
    assert html.count("<script") == html.count("</script>") == 1
    assert html.count("<style") == html.count("</style>") == 1
    assert "&lt;/script&gt;&lt;/style&gt;&lt;script&gt;alert(1)" in html
    assert "http://testserver/x" not in html
    edition = Edition(slug="hostile", name='"} </style><b>', date="2026-12", note=words)
    publish(edition)
    html = read(client, "/editions/hostile/edition.html")
    assert html.count("</style>") == 1
    assert r'content: "\22 \7d \20 \3c \2f style\3e \3c b\3e "' in html


def test_an_empty_register_has_a_file(make_project, client):
    html = read(client)
    assert 'id="entries"' not in html
    assert 'id="rows"' not in html
    assert len(sentences_of(html)) == 216
    make_project(title="The only one")
    html = read(client)
    assert len(re.findall(r'<article id="PVE-', html)) == 1


# Large registers


@pytest.fixture
def large(register):
    """The register with 10,000 rows, all but those that ship made up and described."""
    fill(10_000)


def fill(rows: int, there: int = 223) -> None:
    """Add entries outside of the matrix to those that are there, up to a number of rows."""
    made = [
        unsaved(
            f"PVE-{number + 1}",
            ["africa"],
            **{"in_matrix": "no", "provenance": "confirmed", "source": "A/73/1, para. 2"},
            title=f"Made up for tests {number}",
        )
        for number in range(there, rows)
    ]
    with unrecorded("the tests describe what nobody has described"):
        Project.every.bulk_create(made)
    cached_in_process.cache_clear()


SAID = "Of the {} rows it has described entries only, with totals and ranges; the CSV file has all."


@pytest.mark.long
def test_of_more_than_1000_rows_it_has_those_that_are_described(register, client):
    fill(1_000)
    html = read(client)
    assert SAID.format(1000) not in html
    assert len(re.findall(r'<article id="PVE-', html)) == 789
    assert len(re.findall("<li>PVE-", chapter(html, "rows"))) == 211
    describe(1, first=1_001, priority_area="youth", in_matrix="not-stated")
    html = read(client)
    assert SAID.format(1001) in html
    assert 'id="rows"' not in html
    assert 'href="#rows"' not in html
    assert not re.findall(r'<article id="PVE-', html)
    lines = chapter(html, "entries")
    assert lines.count('<td class="reference">PVE-') == 790
    assert "placeholder" not in lines
    assert len(sentences_of(html)) == 216


@pytest.mark.long
def test_10_000_rows_take_seconds(large, client):
    start = time.process_time()
    html = read(client)
    assert time.process_time() - start < 15
    assert SAID.format("10000") in html
    assert chapter(html, "entries").count('<td class="reference">PVE-') == 9_789


@pytest.mark.long
def test_the_number_of_queries_does_not_grow(register, client):
    found = []
    for there, rows in ((223, 240), (240, 990), (990, 1_010), (1_010, 1_990)):
        fill(rows, there)
        found.append(queries_of(client, LIVE))
    assert found[0] == found[1] <= 30
    assert found[2] == found[3] <= 30


# In a browser, from a disk and without a network


@pytest.fixture
def opened(chromium, client, register, tmp_path):
    """Return a function that saves a file and opens it; no request and no error may follow."""
    wrong, contexts = [], []

    def open_(address=LIVE, width=1280, **options):
        path = tmp_path / "edition.html"
        path.write_text(read(client, address), encoding="utf-8")
        context = chromium.new_context(offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda one: one.url == path.as_uri() or wrong.append(one.url))
        page.goto(path.as_uri())
        return page

    yield open_
    for one in contexts:
        one.close()
    assert wrong == []


def choose(page, area: str = "", scope: str = "", region: str = "") -> str:
    selects = page.locator("#ask select")
    for place, value in enumerate((area, scope, region)):
        selects.nth(place).select_option(value)
    return page.locator("#ask output").inner_text()


@pytest.mark.long
def test_what_is_chosen_has_the_sites_sentence(opened, client):
    page = opened()
    assert page.locator("#ask output").inner_text() == "223 projects (A/72/621, paras. 22 and 24)."
    assert choose(page, "youth", region="africa") == (
        "Projects on empowering youth in Africa: not stated; A/72/621's totals allow 0 to 27."
    )
    query = "priority_area=gender&scope=national&region=asia"
    said = client.get(f"/api/v1/answers/?{query}").json()["sentence"]
    assert choose(page, "gender", "national", "asia") == said
    # What may be among them is next to the number, as on the site.
    assert choose(page, "youth").split("\n") == [
        "27 projects on empowering youth (A/72/621, para. 24).",
        "3 described activities may be among them.",
    ]
    page = opened(f"/ar{FIRST}")
    assert choose(page, "youth").startswith(sentences_of(read(client, f"/ar{FIRST}"))["youth.."])


@pytest.mark.long
def test_the_words_hide_rows_and_change_no_number(opened):
    page = opened()
    tables = page.locator("#tables").inner_text()
    page.locator("#words").fill("NÉT-MED")
    assert page.locator("#entries article:visible").count() == 1
    assert page.locator("#rows li:visible").count() == 0
    assert page.locator("#tables").inner_text() == tables
    assert page.locator("#none").is_hidden()
    page.locator("#words").fill("zzzz")
    assert page.locator("#none").inner_text() == "No row has these words."
    assert not re.search(r"\d", page.locator(".find").inner_text())
    # A link to what is hidden shows it.
    page.evaluate("location.hash = 'PVE-001'")
    page.locator("#PVE-001").wait_for(state="visible")
    assert page.locator("#words").input_value() == ""


@pytest.mark.long
def test_without_scripts_all_is_shown(opened):
    page = opened(java_script_enabled=False)
    assert page.locator("#ask").is_hidden()
    assert page.locator(".find").is_hidden()
    counts = {one: page.locator(f"{one}:visible").count() for one in ("article", "#rows li")}
    assert counts == {"article": 304, "#rows li": 211}
    assert page.locator("table:visible").count() == 7
    assert page.locator("#elsewhere tbody tr:visible").count() == 72


@pytest.mark.long
@pytest.mark.parametrize("address", [LIVE, f"/ar{FIRST}"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible_and_fits(opened, address, scheme):
    page = opened(address, color_scheme=scheme, bypass_csp=True)
    is_accessible_and_fits(page, 1280, 390)


@pytest.mark.long
def test_it_prints_as_a_booklet(opened, tmp_path):
    page = opened(FIRST)
    page.locator("#words").fill("zzzz")
    path = tmp_path / "booklet.pdf"
    page.pdf(path=path, prefer_css_page_size=True)
    pages = pages_of(path)
    assert 20 < len(pages) < 60
    foot = "Reconstruction of A/72/621 (December 2017)"
    for number, text in enumerate(pages, start=1):
        assert f"{number} / {len(pages)}" in text
        assert foot in text
    heads = [text.split("\n")[0].strip() for text in pages]
    assert list(dict.fromkeys(heads)) == [
        *("Overview", "Figures", "Two-way tables", "Described activities", "211 placeholders"),
        *("Statements", "Projects elsewhere", "How sure is a number?", "Sources"),
    ]
    # What is hidden on the screen is on paper; what cannot be pressed there is not.
    assert any("PVE-001" in text for text in pages)
    assert not any("How many projects" in text for text in pages)


def pages_of(path) -> list[str]:
    """The texts of the pages of a PDF."""
    import pdfplumber

    with pdfplumber.open(path) as pdf:
        return [page.extract_text() for page in pdf.pages]
