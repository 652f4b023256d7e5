"""Text for the next report: literal text in the situations that occur."""

import io

import pytest
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext
from docx import Document
from docx.oxml.ns import qn

from projects.history import unrecorded
from reports.models import Figure, Report

from .conftest import describe
from .pages import body, text_of

SOURCE = "PVE matrix. Register of United Nations projects on preventing violent extremism"
OPENING = (
    "The matrix provides a snapshot of the methodology and geographical location of the 223 "
    "ongoing and recently completed United Nations-supported projects on preventing violent "
    "extremism around the world."
)
OTHER_AREAS = (
    "33 ongoing, planned or completed projects that focus on other areas related to the prevention "
    "of violent extremism, including the development of national or regional plans of action to "
    "prevent violent extremism, upon request by Member States and regional organizations."
)
YOUTH = "Of these, 27 projects focus on empowering youth."
REGIONS = "Of all the regional projects related to preventing violent extremism,"
READING = (
    "Paragraph 25 says “of all the regional projects”; this register reads it as the regional and "
    "national ones."
)
REFUSAL = "There is text for priority areas, scopes and regions only."


def draft(client, query="") -> tuple[list[str], str]:
    """The paragraphs, and the footnote below them."""
    response = client.get(f"/reports/draft.txt{query}")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    *paragraphs, footnote = response.content.decode().removesuffix("\n").split("\n\n")
    assert paragraphs[-1].endswith("¹")
    paragraphs[-1] = paragraphs[-1].removesuffix("¹")
    return paragraphs, footnote


def test_as_published(register, client):
    paragraphs, footnote = draft(client)
    assert paragraphs == [
        f"{OPENING} They break down as follows: 40 projects focus on strengthening good "
        "governance, human rights and the rule of law; 31 projects seek to improve education, "
        "skills development and employment facilitation; 29 projects aim to foster dialogue and "
        "conflict prevention; 27 projects focus on empowering youth; 23 projects cover strategic "
        "communications, the Internet and social media; 22 projects seek to increase gender "
        "equality and empower women; and 18 projects relate to engaging communities. In addition, "
        f"there are {OTHER_AREAS}",
        "With respect to the geographic spread of these projects, 82 are global in scope, 66 are "
        f"aimed at the regional level and 75 are aimed at the national level. {REGIONS} 61 are in "
        "Africa, 55 in the Middle East and North Africa, 22 in Asia, 12 in Europe and 3 in the "
        "Americas.",
    ]
    assert footnote == (
        f"¹ {SOURCE}, current register. 223 projects (A/72/621, paras. 22 and 24). "
        f"http://testserver/reports/draft/. Accessed on {date_format(timezone.now(), 'j F Y')}. "
        f"{READING}"
    )
    html = client.get("/reports/draft/?against=a-72-621").content.decode()
    assert "<ins>" not in html
    assert "A/72/621 gives 17 of the 17 figures that such a draft has." in html


def test_after_an_edit_the_published_numbers_come_first(register, client):
    describe(34, priority_area="other")
    (areas, spread), footnote = draft(client)
    assert areas.startswith(OPENING)
    assert areas.endswith(f"there are {OTHER_AREAS}")
    assert "82 are global in scope" in spread
    assert footnote.endswith(
        f"{READING} This register now has 224 entries and 34 entries under “Other areas”."
    )


def test_a_figure_that_counts_something_else_is_not_compared(register, client):
    html = client.get("/reports/draft/?against=hlc-2018").content.decode()
    assert "<del>" not in html
    text = text_of(client, "/reports/draft/?against=hlc-2018")
    assert "HLC 2018 gives 0 of the 17 figures that such a draft has." in text
    assert "It also gives: 16 entities; more than 270 projects; 84 countries." in text


def test_a_figure_that_counts_the_same_is_compared(register, client):
    basis = Report.published.basis()
    with unrecorded("the test sets the scene"):
        Report.published.filter(slug="hlc-2018").update(population=basis.population)
        Figure.objects.filter(report__slug="hlc-2018").update(population="")
    html = " ".join(client.get("/reports/draft/?against=hlc-2018").content.decode().split())
    assert "the <ins>223</ins> <del>more than 270</del> ongoing" in html
    assert "Underlined figures differ from HLC 2018" in html


@pytest.mark.parametrize(
    ("query", "sentences"),
    [
        ("priority_area=youth", YOUTH),
        (
            "priority_area=youth&priority_area=gender",
            "Of these, 27 projects focus on empowering youth; and 22 projects seek to "
            "increase gender equality and empower women.",
        ),
        ("priority_area=other", f"There are {OTHER_AREAS}"),
        (
            "scope=national",
            "With respect to the geographic spread of these projects, 75 are aimed at the national "
            "level.",
        ),
        ("region=americas", f"{REGIONS} three are in the Americas."),
        (
            "priority_area=youth&region=africa",
            f"{YOUTH} {REGIONS} 61 are in Africa. Projects on empowering youth in Africa: not "
            "stated; A/72/621's totals allow 0 to 27.",
        ),
        (
            "region=africa&region=americas",
            f"{REGIONS} 61 are in Africa and 3 in the Americas. Projects in Africa or in the "
            "Americas: not stated; A/72/621's totals allow 61 to 64.",
        ),
        (
            "scope=global&region=africa",
            "With respect to the geographic spread of these projects, 82 are global in scope. "
            "Projects in Africa, global in scope: 0; in this register a global project has no "
            "region.",
        ),
        (
            "scope=regional&region=africa",
            "With respect to the geographic spread of these projects, 66 are aimed at the regional "
            "level. Projects in Africa, regional in scope: not stated; A/72/621's totals allow 0 "
            "to 61 if its counts by region (A/72/621, para. 25) are of regional and national "
            "projects, and 61 if they are of regional projects alone.",
        ),
    ],
)
def test_what_is_asked_for_in_the_words_of_the_report(register, client, query, sentences):
    (only,), footnote = draft(client, f"?{query}")
    assert only == f"{OPENING} {sentences}"
    # Of regions by scope the sentence has both readings.
    assert footnote.endswith(READING) == ("region=" in query and "scope=" not in query)
    source, answer = footnote.partition(". http://testserver/")[0].split(", current register. ")
    assert source == f"¹ {SOURCE}"
    assert "A/72/621" in answer
    assert f" http://testserver/reports/draft/?{query}. " in footnote


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        (
            "priority_area=youth&region=africa",
            "Projects on empowering youth in Africa: not stated; A/72/621's totals allow 0 to 27.",
        ),
        (
            "priority_area=youth&priority_area=gender",
            "49 projects on empowering youth or on gender equality and empowering women: 27 + 22, "
            "both in A/72/621, para. 24.",
        ),
        # A sentence without the symbol is followed by the report.
        (
            "scope=global&region=africa",
            "Projects in Africa, global in scope: 0; in this register a global project has no "
            "region. Report: A/72/621.",
        ),
    ],
)
def test_the_footnote_names_what_it_counts_and_the_report(register, client, query, sentence):
    _paragraphs, footnote = draft(client, f"?{query}")
    address = f"http://testserver/reports/draft/?{query}. "
    assert footnote.startswith(f"¹ {SOURCE}, current register. {sentence} {address}")


@pytest.mark.parametrize(
    "query",
    [
        "entity=UNESCO",
        "status=completed",
        "country=KEN",
        "provenance=counted",
        "q=youth",
        "priority_area=youth&scope_basis=stated",
        "region=africa&region=not-stated",
    ],
)
def test_there_is_no_text_for_what_the_report_does_not_count(register, client, query):
    assert client.get(f"/reports/draft.txt?{query}").content.decode() == f"{REFUSAL}\n"
    text = text_of(client, f"/reports/draft/?{query}")
    assert REFUSAL in text
    assert "The matrix provides" not in text


def test_without_a_report_there_is_no_text(register, client):
    with unrecorded("the test sets the scene"):
        Report.published.update(is_basis=False)
    text = client.get("/reports/draft.txt").content.decode()
    assert text == "No report has been entered yet.\n"


# The title of a draft, and where its report's official text is.
FOREIGN = {
    "fr": (
        "Texte pour votre rapport",
        "Texte officiel\u00a0: https://undocs.org/fr/A/72/621",
    ),
    "es": ("Texto para su informe", "Texto oficial: https://undocs.org/es/A/72/621"),
    "ru": ("Текст для вашего доклада", "Официальный текст: https://undocs.org/ru/A/72/621"),
    "zh": ("供您的报告使用的文字", "正式文本：https://undocs.org/zh/A/72/621"),
    "ar": ("نص لتقريرك", "النص الرسمي: \u2068https://undocs.org/ar/A/72/621\u2069"),
}


@pytest.mark.parametrize("language", FOREIGN)
def test_a_draft_in_another_language_says_that_it_is_english(register, client, language):
    title, official = FOREIGN[language]
    with translation.override("zh-hans" if language == "zh" else language):
        said = gettext("This text is in English.")
    # The file: the same text, below one line.
    english = client.get("/reports/draft.txt?region=africa")
    assert "undocs.org" not in english.content.decode().partition("\n")[0]
    for _time in range(2):  # the second from the cache
        foreign = client.get(f"/{language}/reports/draft.txt?region=africa")
        assert foreign["Content-Language"] == english["Content-Language"] == "en"
    first, _empty, rest = foreign.content.decode().partition("\n\n")
    assert (first.startswith(said), first.endswith(official)) == (True, True)
    assert rest == english.content.decode()
    # Word: its title is in the reader's language, each text has its own.
    response = client.get(f"/{language}/reports/draft.docx?region=africa")
    assert response["Content-Language"] == "en"
    document = Document(io.BytesIO(body(response)))
    assert document.core_properties.title == document.paragraphs[0].text == title
    assert document.paragraphs[1].text == first
    assert {one.style.name for one in document.paragraphs[2:]} == {"English"}
    style = document.styles["English"].element.rPr.find(qn("w:lang"))
    assert style.get(qn("w:val")) == "en"
    # The page.
    page = client.get(f"/{language}/reports/draft/?region=africa")
    html = page.content.decode()
    assert page["Content-Language"] == ("zh-hans" if language == "zh" else language)
    link = f'href="https://undocs.org/{language}/A/72/621" rel="noopener" hreflang="{language}"'
    assert html.index(said) < html.index(link) < html.index('<p class="draft" lang="en" dir="ltr">')
    # What is copied for a report in English has no such line.
    assert 'data-fetch="/reports/draft.txt?region=africa"' in html
    # Where there is no draft, the reason is in the reader's language.
    refused = client.get(f"/{language}/reports/draft.txt?entity=UNESCO")
    assert refused["Content-Language"] == page["Content-Language"]
