"""Other languages: every string can be translated, and pages turn with the direction of writing.

Two languages that nobody speaks are made of what translators get (`tests/translations.py`), each
text between two marks. Text without marks is not marked for translation, or not collected.
"""

import csv
import gettext
import io
import json
import os
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import django
import docx
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from django.apps import apps
from django.template.loader import render_to_string
from django.utils import translation

from projects.columns import PROJECT_TABLE
from projects.models import Country, Edition, Entity, Project
from projects.vocabulary import Basis, Region
from reports.models import Document, Report, Statement

from .conftest import ROOT
from .pages import body
from .test_browser import PAGES
from .test_words import problems
from .translations import (
    LOCALE,
    catalogue,
    collect,
    fill,
    fuzzy,
    key_of,
    one_of,
    public,
    read,
    wrong,
)

# The codes that CLDR gives such languages; Django takes the direction from the part before the "-".
MARKED, RIGHT_TO_LEFT = "en-xa", "ar-xb"
MARKS = {MARKED: "⟦⟧", RIGHT_TO_LEFT: "سص"}

PUBLIC = [
    *("/", "/projects/", *(page for page in PAGES if page != "/api/")),
    "/projects/?scope=regional&scope_basis=allocated&status=not-stated&entity=not-stated",
    "/projects/?columns=regions_basis&columns=updated_at&columns=status&columns=end_date",
    "/projects/?columns=size",
    "/projects/?q=%00",
    "/projects/PVE-001/",
    "/projects/PVE-109/?priority_area=youth",
    "/projects/changes/",
    "/projects/changes/?scope=regional&q=united",
]
# In English only, whatever the address or the browser asks for.
ENGLISH = ("/api/", "/api/v1/", "/accounts/login/", "/llms.txt")
# Written alike in every language.
NAMES = {
    "pvematrix": "the name of the site",
    "PVE": "of a reference, and what the addresses above search for",
    "CSV": "a kind of file",
    "XLSX": "a kind of file",
    "PNG": "a kind of file",
    "SVG": "a kind of file",
    "Atom": "a kind of file",
    "JSON": "a kind of file",
    "BibTeX": "a kind of file",
    "UTC": "the time zone",
    **dict.fromkeys(["Python", "R", "curl", "Excel"], "software"),
    "united": "what the addresses above search for",
    "A": "a side of a comparison, as in the address",
    "B": "a side of a comparison, as in the address",
}


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """What `makemessages` printed, and the catalogue that it made."""
    if not shutil.which("xgettext"):
        reason = "no xgettext on this machine (Debian: apt-get install gettext)"
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    printed = io.StringIO()
    path = collect(tmp_path_factory.mktemp("languages"), printed)
    return printed.getvalue(), path


@pytest.fixture(scope="module")
def catalogues(collected):
    """The folder of the two languages, compiled."""
    _printed, path = collected
    messages = [one for texts in (public(path), *foreign_catalogues()) for one in texts if one.id]
    for code, (opening, closing) in MARKS.items():
        catalogue = Catalog()
        for one in messages:
            if not catalogue.get(one.id, one.context):
                texts = one.id if isinstance(one.id, tuple) else (one.id,)
                # A note has paragraphs, which are put into elements of their own.
                marked = tuple(
                    "\n\n".join(f"{opening}{part}{closing}" for part in text.split("\n\n"))
                    for text in texts
                )
                catalogue.add(one.id, marked if len(texts) > 1 else marked[0], context=one.context)
        language, country = code.split("-")
        made = path.parents[2] / f"{language}_{country.upper()}/LC_MESSAGES/django.mo"
        made.parent.mkdir(parents=True, exist_ok=True)
        with made.open("wb") as file:
            write_mo(file, catalogue)
    return path.parents[2]


@pytest.fixture
def languages(catalogues, settings):
    """The two languages, with their codes as prefixes of addresses."""
    settings.LOCALE_PATHS = [catalogues]
    settings.LANGUAGES = [("en", "English"), *((code, "") for code in MARKS)]


def foreign_catalogues() -> list[Catalog]:
    """The English messages of Django and of the packages, which their translators start from."""
    places = [f"{django.__path__[0]}/conf", *(app.path for app in apps.get_app_configs())]
    catalogues = [Path(place, "locale/en/LC_MESSAGES/django.po") for place in places]
    return [read(path) for path in catalogues if path.exists()]


class Shown(HTMLParser):
    """The texts that a page shows or says, each with where it stands.

    Without those inside an element with another language than the page's.
    """

    SAID = (
        *("title", "aria-label", "placeholder", "alt", "data-label", "data-copy", "data-show"),
        *("data-find", "data-found", "data-saved", "data-deleted", "data-delete", "data-failed"),
        "data-delete-named",
    )
    # Parts of a sentence.
    INLINE = (
        *("a", "abbr", "b", "bdi", "code", "del", "ins", "small", "span", "strong", "time"),
        *("mark", "tspan"),
    )
    # Code, and what JavaScript reads.
    SILENT = ("script", "style", "code")

    def __init__(self, html: str):
        super().__init__()
        self.texts, self.sentence, self.block, self.silent = [], [], "", ""
        self.language, self.foreign = "", []
        self.feed(html)
        self.close()

    def end_sentence(self, block):
        text = " ".join("".join(self.sentence).split())
        if text:
            self.texts.append((self.block, text))
        self.sentence, self.block = [], block

    def handle_starttag(self, tag, attrs):
        if tag not in self.INLINE:
            self.end_sentence(tag)
        if tag in self.SILENT:
            self.silent = tag
        attrs = dict(attrs)
        self.language = self.language or attrs.get("lang", "")
        if tag == (self.foreign or [tag])[0] and (
            self.foreign or attrs.get("lang", self.language) != self.language
        ):
            self.foreign.append(tag)
        if self.foreign:
            return
        said = [attrs[name] for name in self.SAID if name in attrs]
        if attrs.get("name") == "description":
            said.append(attrs["content"])
        if tag == "input" and attrs.get("type") in ("submit", "button"):
            said.append(attrs.get("value", ""))
        self.texts += [(f"attribute of {tag}", text) for text in said]

    def handle_endtag(self, tag):
        if tag not in self.INLINE:
            self.end_sentence("")
        if tag == self.silent:
            self.silent = ""
        if self.foreign and tag == self.foreign[0]:
            self.foreign.pop()

    def handle_data(self, data):
        if not (self.silent or self.foreign):
            self.sentence.append(data)


@pytest.fixture
def unmarked(languages, register, client):
    """Return a function that lists which texts in the marked language have words without marks."""
    project = Project.live.get(reference="PVE-001")
    project.summary = "Other words"  # so that there is a change to show
    project.save()
    # Names that are no words, and in attributes, titles and boxes, which take no element of another
    # language, the data too.
    names = {
        Project.every: ("reference", "start_date"),
        Entity.objects: ("acronym",),
        Country.objects: ("name", "code"),
        Edition.objects: ("sha256", "slug"),
        Report.published: ("symbol",),
        Document.objects: ("symbol",),
        Statement.published: ("code", "source"),
    }
    texts = {
        Project.every: ("title", "summary", "methodology", "source"),
        Entity.objects: ("name",),
        Edition.objects: ("name",),
        Report.published: ("title", "called"),
        Document.objects: ("title", "kind"),
        Statement.published: ("title", "category", "addressee"),
    }

    def known(kept) -> re.Pattern:
        rows = (row for records, fields in kept for row in records.values_list(*fields))
        found = {text for row in rows for text in row if text} | {*Basis.values, *Region.values}
        longest_first = sorted(found, key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")

    data = {False: known(names.items()), True: known([*names.items(), *texts.items()])}
    header = body(client.get("/projects/export.csv")).decode("utf-8-sig").split("\r\n")[0]
    without_words = header.split(",")

    def words(place: str, text: str) -> str:
        """What is left of a text without marked ones, data, addresses and names."""
        opening, closing = MARKS[MARKED]
        found = data[place.startswith("attribute") or place in ("title", "textarea", "option")]
        text = re.sub(r"<[^>]*>", "", text)  # code to copy
        text = found.sub("", text)  # before what has an address in it is cut
        text = re.sub(rf"https?://[^\s{opening}{closing}]+", "", text)
        while text != (text := re.sub(f"{opening}[^{opening}{closing}]*{closing}", " ", text)):
            pass
        left = re.findall(rf"[^\W\d_]+|[{opening}{closing}]", found.sub("", text))
        return " ".join(word for word in left if word not in NAMES)

    def check(texts: list[tuple[str, str]]) -> list[str]:
        return [
            f"{place}: {text!r} has {found!r}"
            for place, text in texts
            if text not in without_words and (found := words(place, text))
        ]

    return check


def test_makemessages_finds_the_strings_of_python_and_templates(collected):
    printed, path = collected
    assert "processing locale en_XA" in printed
    assert "error" not in printed
    assert "cannot be properly localized" not in printed  # two values, and no names for them
    found = public(path)
    for message in (
        "Priority area",  # lazy, Python
        "%d entry",  # ngettext
        "Skip to the content",  # translate
        "Thank you. Your report has the number %(number)s.",  # blocktranslate
        "{cite:A/72/621#para-25|Paragraph 25} says “of all the regional projects”; this register "
        "reads it as the regional and national ones.",  # of a report, in the data
        "What is not stated",  # of a Word file
    ):
        assert message in found
    assert "Wrong password" not in found  # of the desk
    assert len(found) > 900
    # A text that changed is no longer the one that the list names, and would stay English.
    texts = {json.dumps(one_of(message)) for message in read(path) if message.id}
    assert set((LOCALE / "listed.txt").read_text("utf-8").splitlines()) - texts == set()


def test_texts_have_plain_words_and_short_sentences(collected):
    _printed, path = collected
    texts = [one.id if isinstance(one.id, tuple) else (one.id,) for one in read(path)]
    assert [problem for both in texts for text in both for problem in problems(text)] == []


@pytest.mark.long
def test_public_pages_are_in_the_language_of_their_address(unmarked, client):
    wrong = {}
    for address in PUBLIC:
        response = client.get(f"/{MARKED}{address}")
        assert response["Content-Language"] == MARKED, address
        html = response.content.decode()
        assert f'<html lang="{MARKED}" dir="ltr">' in html, address
        if found := unmarked(Shown(html).texts):
            wrong[address] = found
    assert wrong == {}


@pytest.mark.parametrize("address", ["/", "/projects/export.csv", "/no/", *ENGLISH])
def test_without_a_prefix_all_is_in_english(languages, register, client, address):
    response = client.get(address, headers={"accept-language": f"{MARKED}, fr"})
    assert response["Content-Language"] == "en"
    assert "Language" not in response["Vary"]
    text = body(response).decode()
    assert MARKS[MARKED][0] not in text
    if address in ENGLISH:
        assert client.get(f"/{MARKED}{address}").status_code == 404


def test_every_string_of_a_refused_form_is_marked(unmarked, client):
    address = f"/{MARKED}/projects/PVE-001/correct/"
    response = client.post(address, {"field": "none", "value": "x" * 9999})
    shown = Shown(response.content.decode())
    assert "errorlist" in response.content.decode()
    assert unmarked([text for text in shown.texts if text[1] != "x" * 9999]) == []


def test_every_string_of_a_chart_is_marked(unmarked, client):
    address = "/reports/scope/figure.json?priority_area=youth"
    english = client.get(address).json()  # what is cached of a chart in English is for English only
    figure = client.get(f"/{MARKED}{address}").json()
    texts = [*figure["layout"]["meta"].values()]
    for trace in figure["data"]:
        texts += [trace.get("name", ""), *trace["y"]]
    assert len(texts) > 8
    assert unmarked([("chart", text.replace("<br>", " ")) for text in texts]) == []
    # The same by a parameter, of files alone.
    assert client.get(f"{address}&lang={MARKED}").json() == figure
    assert client.get(f"{address}&lang=en").json() == english
    assert client.get(f"{address}&lang=fi").status_code == 400
    for twice in (f"lang={MARKED}&lang=en", f"lang={MARKED}&lang={MARKED}", "lang=fi&lang=en"):
        assert client.get(f"{address}&{twice}").status_code == 400
    assert client.get(f"/reports/scope/?lang={MARKED}").status_code == 400


def test_an_error_page_knows_the_language_without_a_request(unmarked):
    for name in ("400", "403", "403_csrf", "404", "429", "500", "503"):
        with translation.override(MARKED):
            html = render_to_string(f"{name}.html", {"exception": "Resolver404", "minutes": 15})
        assert f'<html lang="{MARKED}" dir="ltr">' in html
        assert unmarked(Shown(html).texts) == [], name


def test_pages_turn_with_the_direction_of_writing(languages, register, client):
    for address in ("/", "/projects/", "/nothing/"):
        html = client.get(f"/{RIGHT_TO_LEFT}{address}").content.decode()
        assert f'<html lang="{RIGHT_TO_LEFT}" dir="rtl">' in html, address
        assert MARKS[RIGHT_TO_LEFT][0] in html, address


def test_a_page_links_to_itself_in_the_other_languages(languages, register, client):
    html = client.get(f"/{MARKED}/projects/?sort=title&region=africa").content.decode()
    found = re.findall(
        r'<link rel="alternate" hreflang="(.*?)" href="http://testserver(.*?)">', html
    )
    assert found == [
        ("en", "/projects/?region=africa"),
        (MARKED, f"/{MARKED}/projects/?region=africa"),
        (RIGHT_TO_LEFT, f"/{RIGHT_TO_LEFT}/projects/?region=africa"),
        ("x-default", "/projects/?region=africa"),
    ]
    assert '<a href="http://testserver/projects/?region=africa&amp;sort=title" lang="en"' in html
    # An error is read in another language, too; what is not there leads to the overview.
    refused = client.get("/projects/?region=moon").content.decode()
    assert f'<a href="http://testserver/{MARKED}/projects/?region=moon" lang="{MARKED}"' in refused
    gone = client.get("/nothing/?x=1").content.decode()
    assert f'<a href="/{RIGHT_TO_LEFT}/" lang="{RIGHT_TO_LEFT}"' in gone
    sitemap = client.get("/sitemap-records.xml").content.decode()
    for prefix in ("", f"/{MARKED}", f"/{RIGHT_TO_LEFT}"):
        assert f"<loc>http://testserver{prefix}/reports/a-72-621/</loc>" in sitemap
        assert sitemap.count(f'href="http://testserver{prefix}/reports/a-72-621/"/>') in (3, 6)


# The languages that are switched on: each has its own catalogue and glossary.
TRANSLATED = sorted(path.parents[1].name for path in LOCALE.glob("*/LC_MESSAGES/django.po"))


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_is_whole_and_compiled(collected, language):
    path = catalogue(language)
    assert wrong(path) == []
    stored = {one.id: one for one in read(path) if one.id}
    missing = [one.id for one in public(collected[1]) if one.id and one.id not in stored]
    assert missing == []
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog
    for one in stored.values():
        if one.fuzzy:
            continue
        texts = (one.id, one.string) if isinstance(one.id, str) else (one.id[0], one.string[0])
        key = texts[0] if not one.context else f"{one.context}\x04{texts[0]}"
        assert compiled.get(key, compiled.get((key, 0))) == texts[1], texts


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_glossary_is_of_what_the_pages_show(language):
    strings = {one_of(one): one.string for one in read(catalogue(language)) if one.id}
    with (LOCALE / language / "glossary.csv").open(encoding="utf-8", newline="") as file:
        terms = [*csv.DictReader(file)]
    known = {"official", "agency", "member-state", "cldr", "translation"}
    assert {one["status"] for one in terms} <= known
    assert [one["term"] for one in terms if not (one["text"] and one["source"])] == []
    first = {one["term"]: one["text"] for one in reversed(terms)}
    columns = PROJECT_TABLE.columns
    for label in {str(label) for column in columns for _slug, label in column.vocabulary}:
        assert first[label].casefold() == strings[label].casefold()


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("juventud", "priority_area=youth"),
        ("молодежь", "priority_area=youth"),
        ("شباب", "priority_area=youth"),
        ("青年", "priority_area=youth"),
        ("jeunesse", "priority_area=youth"),
        ("Oriente Medio y Norte de África", "region=mena"),
        ("насильственный экстремизм", "q=violent+extremism"),
        ("воинствующий экстремизм", "q=violent+extremism"),
        ("التطرف العنيف", "q=violent+extremism"),
    ],
)
def test_a_search_finds_terms_of_every_language(register, client, typed, query):
    page = client.get("/projects/", {"q": typed}).content.decode()
    assert f'?{query}">' in page


def texts_of_files(client, prefix: str) -> dict[str, list[str]]:
    """The texts of Word files, pictures, feeds and texts by their address."""
    found = {}
    for address in (
        "/projects/export.docx",
        "/projects/export.docx?priority_area=youth&region=africa",
        "/projects/export.docx?entity=UNESCO",
        "/projects/export.docx?q=zzzz",
    ):
        document = docx.Document(io.BytesIO(body(client.get(f"{prefix}{address}"))))
        found[address] = [one.text for one in document.paragraphs]
        tables = (
            cell.text for table in document.tables for row in table.rows for cell in row.cells
        )
        found[address] += [*tables, document.core_properties.title]
    for address in ("/reports/scope/picture.svg", "/reports/region/picture.svg"):
        picture = client.get(f"{prefix}{address}").content.decode()
        found[address] = re.findall(r"<(?:text|tspan|title)[^>]*>([^<]+)<", picture)
    for address in ("/projects/changes.atom", "/projects/changes.atom?entity=UNESCO"):
        feed = client.get(f"{prefix}{address}").content.decode()
        found[address] = re.findall(r"<title[^>]*>([^<]+)<", feed)
    assert all(found.values()), found
    # The address of what is drawn has no words.
    return {name: [one for one in said if "testserver" not in one] for name, said in found.items()}


@pytest.mark.long
def test_every_string_of_a_file_is_marked(unmarked, client):
    wrong = {}
    for address, texts in texts_of_files(client, f"/{MARKED}").items():
        # The words of activities and of other reports have no language of their own there.
        is_mixed = "docx" in address and "zzzz" not in address and "region=africa" not in address
        if not is_mixed and "series" not in address:
            some = texts[:1] if "atom" in address else texts
            wrong[address] = unmarked([("textarea", " ".join(some))])
    assert len(wrong) == 6
    assert [found for found in wrong.values() if found] == []


@pytest.mark.long
@pytest.mark.parametrize("language", TRANSLATED)
def test_a_file_has_no_text_that_is_translated_in_english(register, client, language):
    english = {
        text
        for one in read(catalogue(language))
        if one.id and not one.python_format
        for text in [one_of(one)]
        if len(text.split()) > 3 and text != one.string
    }
    prefix = f"/{language.partition('_')[0]}"
    for address, texts in texts_of_files(client, prefix).items():
        assert [one for one in english for text in texts if one in text] == [], address


@pytest.mark.long
def test_a_page_cites_the_same_places_in_all_languages(register, client):
    def cited(address: str) -> list[str]:
        html = client.get(address).content.decode()
        assert "{cite" not in html, address
        assert "¶" not in html, address
        links = re.findall(r'<a class="cited" href="(?:/(?:fr|es|ru|zh|ar)(?=/))?([^"]*)"', html)
        return sorted(links)

    wrong = {
        (address, language)
        for address in PUBLIC
        for places in [cited(address)]
        for language in ("fr", "es", "ru", "zh", "ar")
        if cited(f"/{language}{address}") != places
    }
    assert wrong == set()
    assert "/reports/a-72-621/text/#fn-4" in cited("/about/")
    assert len(cited("/projects/")) > 0


# Sentences and texts that stay marked. Two of Spanish have names of countries by CLDR, which the
# register decided for; two of Arabic have acronyms, for which no source has Arabic ones; the
# others say what the English ones do.
LEFT = {"es": (4, 1), "ar": (4, 0)}


@pytest.mark.parametrize("language", TRANSLATED)
def test_two_readers_read_the_sentences_and_texts_of_a_language(language):
    with (LOCALE / language / "readings.csv").open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    for reader in "AB":
        read_by = [one["text"] for one in rows if one["reader"] == reader]
        sentences = [one for one in read_by if re.fullmatch(r"S\d\d", one)]
        assert (len(sentences), len(read_by) - len(sentences)) == (60, 150)
    marked = [one for one in rows if one["mark"] == "marked"]
    assert all(one["why"] and one["outcome"] for one in marked)
    left = {one["text"] for one in marked if not one["outcome"].startswith("corrected")}
    sentences = {one for one in left if re.fullmatch(r"S\d\d", one)}
    most = LEFT.get(language, (3, 8))
    assert len(sentences) <= most[0] and len(left - sentences) <= most[1], left


# Texts that the sentences of the golden files are made of.
OF_SENTENCES = re.compile(r"projects/(asking/|text\.py|citations)|reports/models/kinds")


def test_few_texts_wait_for_a_translation_and_none_of_a_sentence():
    waiting = [
        (language, one, day) for language in TRANSLATED for one, day in fuzzy(catalogue(language))
    ]
    assert len(waiting) <= 40
    spoken = [
        (language, one_of(one))
        for language, one, _day in waiting
        if any(OF_SENTENCES.match(place) for place, _line in one.locations)
    ]
    assert spoken == []
    command = ["git", "log", "-1", "--format=%cI"]
    newest = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    oldest = datetime.fromisoformat(newest.strip()).date() - timedelta(days=14)
    late = [(language, one_of(one)) for language, one, day in waiting if day < oldest.isoformat()]
    assert late == []


def test_a_changed_text_keeps_its_translation_as_fuzzy(collected, tmp_path, monkeypatch):
    def catalogue_of(*texts) -> Catalog:
        found = Catalog()
        for text in texts:
            found.add(text)
        return found

    monkeypatch.setattr("tests.translations.LOCALE", tmp_path)
    (tmp_path / "ru/LC_MESSAGES").mkdir(parents=True)
    rule = "nplurals=3; plural=n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 ? 1 : 2;"
    head = r'"Content-Type: text/plain; charset=UTF-8\n"', rf'"Plural-Forms: {rule}\n"'
    lines = ['msgid ""', 'msgstr ""', *head, ""]
    (tmp_path / "ru/LC_MESSAGES/django.po").write_text("\n".join(lines))
    entries = ("%d entry", "%d entries")
    first = catalogue_of("What is due", entries)
    due, forms = (key_of(one) for one in first if one.id)
    given = {due: "Что предстоит", forms: ["%d запись", "%d записи", "%d записей"]}
    assert fill("ru", first, given) == []
    later = catalogue_of("What is due soon", entries)
    assert fill("ru", later, {}) == []
    path, today = tmp_path / "ru/LC_MESSAGES/django.po", datetime.now(UTC).date().isoformat()
    # The day is that of the first time.
    path.write_text(re.sub("since .*", "since 2026-11-30", path.read_text("utf-8")), "utf-8")
    assert fill("ru", later, {}) == []
    assert [(one_of(one), day) for one, day in fuzzy(path)] == [("What is due soon", "2026-11-30")]
    path.write_text(path.read_text("utf-8").replace("2026-11-30", today), "utf-8")
    stored = (tmp_path / "ru/LC_MESSAGES/django.po").read_text(encoding="utf-8")
    assert (
        f'#. fuzzy since {today}\n#, fuzzy\n#| msgid "What is due"\n'
        'msgid "What is due soon"\nmsgstr "Что предстоит"\n'
    ) in stored
    assert 'msgstr[2] "%d записей"' in stored
    with (tmp_path / "ru/LC_MESSAGES/django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled.gettext("What is due soon") == "What is due soon"
    assert compiled.ngettext(*entries, 22) == "%d записи"
    assert fill("ru", later, {key_of(one): "Скоро" for one in later if one.id[:1] == "W"}) == []
