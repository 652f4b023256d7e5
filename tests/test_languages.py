"""Other languages: every string can be translated, and pages turn with the direction of writing.

Two languages that nobody speaks are made the way a translator makes one: `makemessages` collects
the strings, each is put between two marks instead of being translated, `compilemessages` compiles
them. Text without marks was not marked for translation. Needs gettext (Debian: gettext).
"""

import io
import json
import os
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import django
import pytest
from django.apps import apps
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import override_settings
from django.utils import translation

from projects.models import Country, Edition, Entity, Project, Quotation
from projects.vocabulary import Basis, Region
from reports.library.activities import activities_read
from reports.library.text import SENTENCE
from reports.models import Category, Document, Figure, Note, Paragraph, Report, Statement

from .conftest import ROOT
from .pages import body
from .test_browser import PAGES

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
    "/reports/draft/",
    "/embed/region/?edition=reconstruction-2017-12",
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
    "RIS": "a kind of file",
    "CSL": "a kind of file",
    "UTC": "the time zone",
    **dict.fromkeys(["Python", "R", "curl", "Excel"], "software"),
    "united": "what the addresses above search for",
    "A": "a side of a comparison, as in the address",
    "B": "a side of a comparison, as in the address",
}


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """A folder with the code, and what `makemessages` printed of it and wrote into its locale/."""
    if not (shutil.which("xgettext") and shutil.which("msgfmt")):
        reason = "no xgettext or msgfmt on this machine (Debian: apt-get install gettext)"
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    # A copy: makemessages writes beside the templates while it works.
    home = tmp_path_factory.mktemp("languages")
    for folder in ("projects", "reports", "pvematrix", "templates"):
        shutil.copytree(ROOT / folder, home / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (home / "locale").mkdir()
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, override_settings(LOCALE_PATHS=[home / "locale"]):
        patch.chdir(home)
        call_command("makemessages", locale=["en_XA"], stdout=printed)
    return home, printed.getvalue()


@pytest.fixture(scope="module")
def catalogues(collected):
    """The folder of the two languages, compiled."""
    home, _printed = collected
    own = home / "locale/en_XA/LC_MESSAGES/django.po"
    texts = [path.read_text(encoding="utf-8") for path in (own, *foreign_catalogues())]
    for code, marks in MARKS.items():
        language, country = code.split("-")
        path = home / f"locale/{language}_{country.upper()}/LC_MESSAGES/django.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(translated(texts, marks), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch, override_settings(LOCALE_PATHS=[home / "locale"]):
        patch.chdir(home)
        call_command("compilemessages", verbosity=0)
    return home / "locale"


@pytest.fixture
def languages(catalogues, settings):
    """The two languages, with their codes as prefixes of addresses."""
    settings.LOCALE_PATHS = [catalogues]
    settings.LANGUAGES = [("en", "English"), *((code, "") for code in MARKS)]


def foreign_catalogues() -> list[Path]:
    """The English messages of Django and of the packages, which their translators start from."""
    places = [f"{django.__path__[0]}/conf", *(app.path for app in apps.get_app_configs())]
    catalogues = [Path(place, "locale/en/LC_MESSAGES/django.po") for place in places]
    return [path for path in catalogues if path.exists()]


MESSAGE = re.compile(
    r"^(?P<flags>#,.*\n)?(?:msgctxt (?P<context>.*)\n)?"
    r'msgid (?P<one>(?:".*"\n)+)(?:msgid_plural (?P<many>(?:".*"\n)+))?msgstr',
    re.MULTILINE,
)


def text_of(lines: str) -> str:
    """The text that a catalogue writes as one or more quoted lines."""
    return "".join(json.loads(line) for line in lines.splitlines())


def translated(catalogues: list[str], marks: str) -> str:
    """A catalogue that puts every message between the two marks."""
    opening, closing = marks

    def marked(text):
        # Line breaks around it stay around it: msgfmt insists.
        core = text.strip()
        return json.dumps(text.replace(core, opening + core + closing), ensure_ascii=False)

    entries = {
        (None, ""): 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n'
        'Plural-Forms: nplurals=2; plural=n != 1;\\n"\n'
    }
    for match in MESSAGE.finditer("\n".join(catalogues)):
        context, one, many = match["context"], text_of(match["one"]), match["many"]
        entry = (match["flags"] or "").replace("fuzzy, ", "").replace("#, fuzzy\n", "")
        entry += f"msgctxt {context}\n" if context else ""
        entry += f"msgid {json.dumps(one, ensure_ascii=False)}\n"
        if many:
            many = text_of(many)
            entry += f"msgid_plural {json.dumps(many, ensure_ascii=False)}\n"
            entry += f"msgstr[0] {marked(one)}\nmsgstr[1] {marked(many)}\n"
        else:
            entry += f"msgstr {marked(one)}\n"
        entries.setdefault((context, one), entry)
    return "\n".join(entries.values())


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
    kept = {
        Project.every: ("reference", "title", "summary", "methodology", "source"),
        Entity.objects: ("acronym", "name"),
        Country.objects: ("name",),
        Edition.objects: ("name", "note", "sha256"),
        Report.published: ("symbol", "title", "publisher", "population"),
        Figure.objects: ("population", "words", "how_seen"),
        Category.objects: ("label", "meaning"),
        Document.objects: ("symbol", "title", "kind", "address", "note"),
        Paragraph.objects: ("text", "part_heading", "section_heading"),
        Statement.published: (
            *("title", "summary", "category", "quotation", "addressee", "timing", "place"),
            *("figure", "unit", "base", "size", "caveat", "source"),
        ),
        Quotation.objects: ("words",),
        Entity.objects.exclude(kind=""): ("kind", "aliases"),
    }
    data = {
        form
        for records, fields in kept.items()
        for row in records.values_list(*fields)
        for text in row
        if text
        # Some stand at the beginning of a sentence, and citations become short.
        for full in (text, text[0].upper() + text[1:])
        for form in (full, re.sub(r"A/72/621, paras?\. ", "¶ ", full))
    }
    # Citations in a note are links with words of their own.
    data |= {
        re.sub(r"A/72/621, paras?\. ", "¶ ", piece).strip(" ().")
        for one in Note.objects.all()
        for part in one.text.split("\n\n")
        for piece in re.split(r"A/72/621, footnote [0-9]+", part)
    }
    data |= {part for one in Note.objects.all() for part in one.text.split("\n\n")}
    data |= {*Statement.published.values_list("code", flat=True)}  # in the names of links
    # The words of a report around its numbers.
    data |= {
        part.strip(" .")
        for records in (Report.published, Category.objects)
        for row in records.values_list("words", "words_of_one")
        for text in row
        for part in (*text.split("{number}"), text[:1].upper() + text[1:].split("{number}")[0])
        if part.strip(" .")
    }
    # A project's page quotes whole sentences of a paragraph.
    data |= {
        sentence.strip()
        for one in Paragraph.objects.all()
        for sentence in SENTENCE.findall(one.text)
    }
    # Headings of a document stand with their numbers.
    data |= {
        heading
        for one in Paragraph.objects.all()
        for heading in (
            f"{one.part}. {one.part_heading}",
            f"{one.section}. {one.section_heading}",
            f"{one.section.rpartition('.')[2]}. {one.section_heading}",
        )
    }
    data |= {row["name"] for row in activities_read()}
    # What changed between editions is shown in the codes of the files.
    data |= {*Basis.values, *Region.values}
    header = body(client.get("/projects/export.csv")).decode("utf-8-sig").split("\r\n")[0]
    without_words = header.split(",")
    longest_first = sorted(data, key=len, reverse=True)
    known = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")

    def words(text: str) -> str:
        """What is left of a text without marked ones, data, addresses and names."""
        opening, closing = MARKS[MARKED]
        text = re.sub(r"<[^>]*>", "", text)  # code to copy
        text = known.sub("", text)  # before what has an address in it is cut
        text = re.sub(rf"https?://[^\s{opening}{closing}]+", "", text)
        while text != (text := re.sub(f"{opening}[^{opening}{closing}]*{closing}", "", text)):
            pass
        text = known.sub("", text)
        left = re.findall(rf"[^\W\d_]+|[{opening}{closing}]", text)
        return " ".join(word for word in left if word not in NAMES)

    def check(texts: list[tuple[str, str]]) -> list[str]:
        return [
            f"{place}: {text!r} has {found!r}"
            for place, text in texts
            if text not in without_words and (found := words(text))
        ]

    return check


def test_makemessages_finds_the_strings_of_python_and_templates(collected):
    home, printed = collected
    assert "processing locale en_XA" in printed
    assert "error" not in printed
    assert "cannot be properly localized" not in printed  # two values, and no names for them
    found = (home / "locale/en_XA/LC_MESSAGES/django.po").read_text(encoding="utf-8")
    for message in (
        'msgid "Priority area"',  # lazy, Python
        'msgid "%d entry"\nmsgid_plural "%d entries"',  # ngettext
        'msgid "Skip to the content"',  # translate
        'msgid "Thank you. Your report has the number %(number)s."',  # blocktranslate
    ):
        assert message in found
    assert len(MESSAGE.findall(found)) > 700


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
    text = re.sub(' data-hint="[^"]*"', "", body(response).decode())
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
    assert client.get(f"/reports/scope/?lang={MARKED}").status_code == 400
    answer = client.get(f"/{MARKED}/answer/?priority_area=youth&place=global").json()["answer"]
    assert unmarked([("answer", answer)]) == []


def test_an_error_page_knows_the_language_without_a_request(unmarked):
    for name in ("400", "403", "403_csrf", "404", "429", "500", "503"):
        with translation.override(MARKED):
            html = render_to_string(f"{name}.html", {"exception": "Resolver404", "minutes": 15})
        assert f'<html lang="{MARKED}" dir="ltr">' in html
        assert unmarked(Shown(html).texts) == [], name


def test_pages_turn_with_the_direction_of_writing(languages, register, client):
    for address in ("/", "/projects/", "/embed/scope/", "/nothing/"):
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
    assert '<a href="/projects/?sort=title&amp;region=africa" hreflang="en" lang="en"' in html
    sitemap = client.get("/sitemap-records.xml").content.decode()
    for prefix in ("", f"/{MARKED}", f"/{RIGHT_TO_LEFT}"):
        assert f"<loc>http://testserver{prefix}/reports/a-72-621/</loc>" in sitemap
        assert sitemap.count(f'href="http://testserver{prefix}/reports/a-72-621/"/>') in (3, 6)
