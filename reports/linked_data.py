"""The register and its editions as schema.org Datasets."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.urls import reverse
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext_lazy
from django.utils.translation import gettext as _

from projects.asking import FACET_LABELS
from projects.asking.answers import IN_MATRIX, NOT_IN_MATRIX, OF_REPORT, PLACEHOLDERS
from projects.asking.published import Published, published, shown
from projects.asking.selection import cubes
from projects.asking.sentences import stopped
from projects.citations import labelled, sentences
from projects.exports import TERMS
from projects.languages import in_language
from projects.models import Edition, Project
from projects.models.querysets import Cubes
from projects.pages import CONTENT_TYPES
from projects.ranges import PUBLISHED_DIMENSIONS
from projects.text import all_of, isolated
from projects.vocabulary import InMatrix, PriorityArea, Region

NAME = gettext_lazy("Register of United Nations projects on preventing violent extremism")


def _based_on() -> dict[str, Any]:
    report = shown().about
    if report is None:
        return {}
    dated = {} if report.is_undated else {"datePublished": report.date}
    known = {"@type": "Report", "name": report.symbol, "url": report.link, **dated}
    found = {"isBasedOn": {name: value for name, value in known.items() if value}}
    return found | ({"temporalCoverage": report.date} if dated else {})


# What entries are, after their number. The report's own activities are last: they are a sentence.
_ENTRIES: dict[str, Any] = {
    "placeholders": ngettext_lazy("placeholder", "placeholders", "number"),
    "in_matrix": ngettext_lazy(
        "described project of the matrix", "described projects of the matrix", "number"
    ),
    "may_be": ngettext_lazy(
        "described activity that may be one of the %(total)d",
        "described activities that may be among the %(total)d",
        "number",
    ),
    "others": ngettext_lazy("other project", "other projects", "number"),
    "of_report": ngettext_lazy(
        "activity that the report describes; it does not say whether it is among the %(total)d",
        "activities that the report describes; it does not say whether they are among the "
        "%(total)d",
        "number",
    ),
}


def entries_of(cubes: Cubes, total: int) -> list[tuple[int, str]]:
    """Return how many entries of each kind there are, each number with words for after it.

    `total` is the number of projects that the report counts.
    """
    every, _placed, of_other_reports = cubes
    open_ones = {**OF_REPORT, "in_matrix": [InMatrix.NOT_STATED, InMatrix.YES]}
    counts = {
        "placeholders": every.where(PLACEHOLDERS).total,
        "in_matrix": every.where(IN_MATRIX).total,
        "may_be": 0,
        "others": every.where(NOT_IN_MATRIX).total,
        "of_report": every.where(open_ones).total - of_other_reports.where(OF_REPORT).total,
    }
    counts["may_be"] = every.total - sum(counts.values())
    return [
        (number, str(text % {"number": number, "total": total}))
        for kind, text in _ENTRIES.items()
        if (number := counts[kind])
    ]


def description_of(cubes: Cubes, printed: Published) -> str:
    """Return what a table with these cubes is, by what its report prints."""
    every, placed, _of_other_reports = cubes
    total = printed.whole
    if not total:
        return _("A table of projects on preventing violent extremism.")
    values = {"total": total, "symbol": isolated(printed.symbol)}
    values |= {"now": every.total, "placed": placed.total}
    table = _("A table of the projects that %(symbol)s counts")
    if every.where(PLACEHOLDERS).total and every.total == total:
        table = _("A table of %(total)d entries made to fit the totals in %(symbol)s")
    there = [f"{number} {words}" for number, words in entries_of(cubes, total)]
    said = stopped(labelled(table % values, all_of(there)) if there else table % values)
    text = _("%(placed)d entries stand for projects that it counts; there are %(now)d in all.")
    return sentences([said, text % values if every.total != total else ""])


def heading_of(printed: Published) -> tuple[str, str]:
    """Return what a report counts and how many; and the language of that, if not the reader's."""
    if printed.about and printed.whole:
        return printed.about.headed(printed.whole)
    return _("United Nations projects on preventing violent extremism"), ""


def description(edition: Edition | None = None) -> str:
    """Return what the report counts, and what the register or an edition has of it."""
    printed = published(edition)
    counted = stopped(heading_of(printed)[0]) if printed.whole else ""
    return sentences([counted, description_of(cubes(edition), printed)])


def _download(kind: str, address: str, **named: str) -> dict[str, str]:
    return {"@type": "DataDownload", **named, "encodingFormat": kind, "contentUrl": address}


def publisher() -> dict[str, str]:
    """Return who publishes the register, as the setting PUBLISHER says; empty if it does not."""
    address, _space, name = settings.PUBLISHER.partition(" ")
    return {"@type": "Organization", "name": name, "url": address} if name else {}


def dataset(
    absolute: Callable[[str], str], edition: Edition | None = None, api: str = ""
) -> SafeString:
    """Return the register or an edition as a Dataset: a block of data, in the page's language.

    Its period is the day of the figures: the report names none. `api` is the name of the address
    where programs read the register as it is now.
    """
    query = f"?edition={edition.slug}" if edition else ""
    page = reverse("edition-detail", args=[edition.slug]) if edition else reverse("overview")
    address, about = absolute(page), absolute(reverse("about"))
    files = [
        _download(
            CONTENT_TYPES[extension].partition(";")[0],
            absolute(reverse("export", args=[extension]) + query),
        )
        for extension in ("csv", "xlsx")
    ]
    if edition:
        others = []
    else:
        others = [
            (_("Data Package"), "application/json", reverse("data-package")),
            (_("Statements"), "text/csv", reverse("statement-data", args=["csv"])),
            (_("Entities"), "text/csv", reverse("resource-data", args=["entities", "csv"])),
            (_("Countries"), "text/csv", reverse("resource-data", args=["countries", "csv"])),
            (_("Published figures"), "text/csv", reverse("resource-data", args=["figures", "csv"])),
            (_("The register as data"), "application/json", reverse(api)),
        ]
    files += [_download(kind, absolute(file), name=name) for name, kind, file in others]
    data = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": absolute(in_language(page, settings.LANGUAGE_CODE)),
        "url": address,
        "name": str(NAME),
        "description": description(edition),
        "inLanguage": get_language(),
        "isAccessibleForFree": True,
        **_based_on(),
        **({"creator": publisher(), "publisher": publisher()} if publisher() else {}),
        "license": f"{about}#terms",
        "keywords": [_("preventing violent extremism"), *map(str, PriorityArea.labels)],
        "variableMeasured": [
            {
                "@type": "PropertyValue",
                "name": _("Number of projects: %s") % FACET_LABELS[dimension],
                "url": f"{about}#states",
            }
            for dimension in PUBLISHED_DIMENSIONS
        ],
        "usageInfo": {"@type": "CreativeWork", "url": f"{about}#terms", "text": str(TERMS)},
        "spatialCoverage": [{"@type": "Place", "name": str(region.label)} for region in Region],
        "distribution": files,
    }
    if edition:
        files[0]["sha256"] = edition.sha256
        data |= {
            "version": edition.slug,
            "alternateName": edition.name,
            "datePublished": f"{edition.published_at:%Y-%m-%d}",
            "identifier": {
                "@type": "PropertyValue",
                "propertyID": "SHA-256",
                "value": edition.sha256,
            },
        }
    elif changed := Project.published.aggregate(last=Max("updated_at"))["last"]:
        data["dateModified"] = f"{changed:%Y-%m-%dT%H:%M:%SZ}"
    block = json_script(data)
    return SafeString(block.replace("application/json", "application/ld+json", 1))
