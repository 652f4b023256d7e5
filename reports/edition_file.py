"""An edition, or the register as it is, in one HTML file that needs no network.

It is put together from the site's own templates and answers. A link to what the file has is one
within it, any other is the address of the site.
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from itertools import combinations, product
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.asking import Asked, Links, Selection, Words
from projects.asking.activities import next_to_projects
from projects.asking.answer import Answer
from projects.asking.phrases import FACET_LABELS, IN_REGION, OF_SCOPES
from projects.asking.published import showing, shown
from projects.asking.reference import sourced, version_of
from projects.asking.sentences import sentence_about, title_about
from projects.citations import CitedText
from projects.columns import PROJECT_TABLE
from projects.cube import VOCABULARIES
from projects.editions import fingerprint
from projects.elsewhere.profile import profiles
from projects.elsewhere.records import attributions, counted, introduction
from projects.exports import TERMS, snapshot
from projects.listing import Listing
from projects.models import Edition, data_version, reading_at
from projects.pages import QueryView
from projects.profile import Profile
from projects.ranges import PUBLISHED_DIMENSIONS
from projects.text import date_in_words
from projects.vocabulary import PriorityArea, Provenance, Scope

from .breakdowns import breakdowns
from .cross_table import cross_table
from .editions import edition_of
from .files import as_download
from .linked_data import heading_of
from .models import Report, Statement
from .overview import blocks, described_in_words, key_of, parts
from .queries import AREAS, Layout
from .reconciliation import reconcile, verdict

# Rows. Of a larger register the file has what a source describes, each in one line.
MOST_ROWS = 1_000
_STYLES = ("css/tokens.css", "css/edition.css")


class EditionFile(QueryView):
    """An edition, or the register as it is now, as one page to keep: it needs no network."""

    def answer(self, slug: str = "") -> HttpResponseBase:
        # The version is of the same moment, so that what is cached under it can be used.
        with snapshot(), reading_at(data_version()):
            edition = edition_of(slug) if slug else None
            with showing(edition):
                content = self.content(edition)
        response = HttpResponse(content, headers={"X-Robots-Tag": "noindex"})
        return as_download(response, f"edition-{version_of(Asked.of(edition))}", "html")

    def content(self, edition: Edition | None) -> str:
        selection = Selection(Asked.of(edition))
        site = self.request.build_absolute_uri("/").rstrip("/")
        records, statements = counted(), list(Statement.published.of_kinds().order_by("kind"))
        report = Report.published.of(edition) if edition else Report.published.basis()
        rows = rows_of(selection)
        address = reverse("edition-detail", args=[edition.slug]) if edition else reverse("overview")
        heading, heading_language = heading_of(shown())
        context = self.cited("", asked=selection.asked) | _figures_of(selection) | rows
        context |= {
            "asked": selection.asked,
            "selection": selection,
            "links": Links(selection.asked),
            "site": site,
            "home": f"{site}{address}",
            "day": date_in_words(timezone.now()),
            "sha256": edition.sha256 if edition else fingerprint(None),
            "heading": heading,
            "heading_language": heading_language,
            "described": described_in_words(selection),
            "question": [(FACET_LABELS[facet], *offered) for facet, offered in _OFFERED.items()],
            "answers": [*answers(selection)],
            "report": report,
            "verdict": verdict(report, reconcile(report, edition)) if report else "",
            "notes": report.noted if report else {},
            "statements": statements,
            "introduction": introduction(records),
            "elsewhere": profiles(records[:MOST_ROWS]),
            "attributions": attributions(records[:MOST_ROWS]),
            "left_out": max(0, len(records) - MOST_ROWS),
            "terms": TERMS,
        }
        context["chapters"] = chapters = _chapters(context)
        foot = str(edition or _("The current register"))
        style, of_style = _inline("style", f"{_read(*_STYLES)}\n{_on_paper(chapters, foot)}")
        script, of_script = _inline("script", _read("js/edition.js"))
        context |= {"style": style, "script": script}
        context["policy"] = (
            f"default-src 'none'; style-src {of_style}; script-src {of_script}; "
            "base-uri 'none'; form-action 'none'"
        )
        html = render_to_string("reports/edition_file.html", context, self.request)
        return _linked(_compact(html), site, _places(rows.get("entries", [])))


# What stands for any value, and the others.
_OFFERED = {
    "priority_area": (gettext_lazy("in any area"), AREAS),
    "scope": (gettext_lazy("of any scope"), [(one.value, OF_SCOPES[(one,)]) for one in Scope]),
    "region": (gettext_lazy("anywhere"), [*IN_REGION.items()]),
}


def _figures_of(selection: Selection) -> dict[str, Any]:
    """Return what is counted: the overview's pictures, the breakdowns and the two-way tables."""
    figures = breakdowns(selection)
    areas, scopes, regions = ({"breakdown": one} for one in figures)
    squares, each = blocks(figures[0])
    return {
        "areas": areas | {"blocks": squares, "key": key_of(selection, each)},
        "scopes": scopes | {"parts": parts(figures[1])},
        "regions": regions,
        "breakdowns": figures,
        "tables": [
            cross_table(selection, Layout(rows, columns))
            for rows, columns in combinations(PUBLISHED_DIMENSIONS, 2)
        ],
    }


def answers(selection: Selection) -> Iterator[tuple[str, Answer, CitedText, Any]]:
    """Yield the answer to each choice of an area, a scope and a region, or of any.

    Before it is the choice, "youth..africa"; after it are its sentence, as it leaves the page, and
    how many described activities may be among the projects.
    """
    choices = [("", *VOCABULARIES[one].values) for one in PUBLISHED_DIMENSIONS]
    for chosen in product(*choices):
        named = zip(PUBLISHED_DIMENSIONS, chosen, strict=True)
        asked = selection.asked.but(**{facet: [one] for facet, one in named if one})
        answer = Selection(asked).answer
        sentence = sourced(sentence_about(asked, answer), asked)
        yield ".".join(chosen), answer, sentence, next_to_projects(answer)


def rows_of(selection: Selection) -> dict[str, Any]:
    """Return the described entries, with all that is known of each or as lines; placeholders."""
    links = Links(selection.asked)
    if selection.before_vocabularies.total > MOST_ROWS:
        every = Listing(Words(selection), links)
        return {"listing": every, "words": every.words, "lines": every.parts(range(every.total))}
    placeholders = selection.asked.but(
        provenance=[Provenance.COUNTED], columns=[PROJECT_TABLE.facets["priority_area"].name]
    )
    listing = Listing(Words(Selection(placeholders)), links)
    lines = [line for part in listing.parts(range(listing.total)) for line in part.lines]
    places = [*PriorityArea.values]
    return {
        "entries": [Profile(one, selection) for one in selection.rows.described().for_detail()],
        "placeholders": sorted(lines, key=lambda one: places.index(one.project.priority_area)),
        "of_placeholders": title_about(Asked(), listing.words.selection.answer),
    }


def _chapters(there: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the name and the title of each chapter, in the order of the file."""
    titles = {
        "overview": _("Overview"),
        "figures": _("Figures"),
        "tables": _("Two-way tables"),
        "entries": _("Described activities") if there.get("entries") or there.get("lines") else "",
        "rows": there["of_placeholders"] if there.get("placeholders") else "",
        "statements": _("Statements") if there["statements"] else "",
        "elsewhere": _("Projects elsewhere") if there["elsewhere"] else "",
        "certainty": _("How sure is a number?"),
        "sources": _("Sources"),
    }
    return [(name, title) for name, title in titles.items() if title]


@cache
def _read(*names: str) -> str:
    return "\n".join((settings.BASE_DIR / "static" / one).read_text("utf-8") for one in names)


def _on_paper(chapters: list[tuple[str, str]], foot: str) -> str:
    """Return the rules for the head of each chapter's pages, and the foot of all."""
    pages = [
        f"@page {name} {{ @top-left {{ content: {_quoted(title)}; }} }} #{name} {{ page: {name}; }}"
        for name, title in chapters
    ]
    return "\n".join([f"@page {{ @bottom-left {{ content: {_quoted(foot)}; }} }}", *pages])


def _quoted(text: str) -> str:
    """Return a text for CSS; what is no letter is escaped, so that nothing ends the text."""
    signs = (one if one.isalnum() else f"\\{ord(one):x} " for one in text)
    return f'"{"".join(signs)}"'


def _inline(element: str, text: str) -> tuple[SafeString, str]:
    """Return a style or script, which nobody but the site wrote, and its source for the policy."""
    text = _compact(text)
    digest = b64encode(sha256(text.encode()).digest()).decode()
    return format_html("<{0}>{1}</{0}>", element, SafeString(text)), f"'sha256-{digest}'"


def _compact(text: str) -> str:
    return re.sub(r"\s*\n\s*", "\n", text)


def _places(entries: list[Profile]) -> dict[str, str]:
    """Return where the file has what is at an address of the site."""
    found = {one.project.get_absolute_url(): f"#{one.project.reference}" for one in entries}
    return found | {f"{reverse('about')}#states": "#states"}


def _linked(html: str, site: str, places: Mapping[str, str]) -> str:
    """Return the page with links to the site in place of those that begin with a slash.

    The first words of each paragraph, which pages show next to a citation, are left out.
    """

    def link(found: re.Match[str]) -> str:
        return f'href="{places.get(found[1]) or site + found[1]}"'

    html = re.sub(r' data-words="[^"]*"', "", html)
    return re.sub(r'(?<=\s)href="(/[^"]*)"', link, html)
