"""The register and its editions as schema.org Datasets and as a DCAT-AP catalogue."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from projects.asking import FACET_LABELS, whole_cube
from projects.asking.published import Published, published, shown
from projects.asking.sentences import stopped
from projects.citations import labelled, sentences
from projects.cube import Cube
from projects.exports import TERMS
from projects.models import Edition, Project
from projects.pages import CONTENT_TYPES, QueryView
from projects.ranges import PUBLISHED_DIMENSIONS
from projects.text import all_of, isolated
from projects.vocabulary import PriorityArea, Provenance, Region

NAME = gettext_lazy("Register of United Nations projects on preventing violent extremism")


def _based_on() -> dict[str, Any]:
    report = shown().about
    if report is None:
        return {}
    dated = {} if report.is_undated else {"datePublished": report.date}
    known = {"@type": "Report", "name": report.symbol, "url": report.link, **dated}
    found = {"isBasedOn": {name: value for name, value in known.items() if value}}
    return found | ({"temporalCoverage": report.date} if dated else {})


def of_described(number: int, total: int) -> str:
    """Return what described activities are, below or after their number."""
    text = ngettext(
        "activity that the report describes; it does not say whether it is among the %d",
        "activities that the report describes; it does not say whether they are among the %d",
        number,
    )
    return text % total


def description_of(cube: Cube, printed: Published) -> str:
    """Return what a table with this cube is, by what its report prints."""
    total = printed.whole
    if not total:
        return _("A table of projects on preventing violent extremism.")
    known = {"total": total, "symbol": isolated(printed.symbol), "now": cube.total}
    table = _("A table of %(total)d entries made to fit the totals in %(symbol)s") % known
    counts = cube.counts("provenance")
    counted, confirmed = counts[Provenance.COUNTED], counts[Provenance.CONFIRMED]
    described = counts[Provenance.NAMED]
    parts = {
        ngettext("%d placeholder", "%d placeholders", counted) % counted: counted,
        ngettext("%d confirmed entry", "%d confirmed entries", confirmed) % confirmed: confirmed,
        f"{described} {of_described(described, total)}": described,
    }
    there = [part for part, number in parts.items() if number]
    said = stopped(labelled(table, all_of(there)) if there else table)
    return sentences(
        [said, _("It now has %(now)d entries.") % known if cube.total != total else ""]
    )


def description(edition: Edition | None = None) -> str:
    return description_of(whole_cube(edition), published(edition))


def _download(kind: str, address: str, **named: str) -> dict[str, str]:
    return {"@type": "DataDownload", **named, "encodingFormat": kind, "contentUrl": address}


def publisher() -> dict[str, str]:
    """Return who publishes the register, as the setting PUBLISHER says; empty if it does not."""
    address, _space, name = settings.PUBLISHER.partition(" ")
    return {"@type": "Organization", "name": name, "url": address} if name else {}


def dataset(*asked: Any, **more: Any) -> SafeString:
    """Return the block of data for a page, in English; it takes what `described` does."""
    with translation.override(settings.LANGUAGE_CODE):
        block = json_script(described(*asked, **more))
    return SafeString(block.replace("application/json", "application/ld+json", 1))


def described(
    absolute: Callable[[str], str], edition: Edition | None = None, api: str = ""
) -> dict[str, Any]:
    """Return the register or an edition as a Dataset.

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
        for extension in ("csv", "ndjson", "xlsx")
    ]
    if edition:
        package = reverse("edition-package", args=[edition.slug])
        others = [(_("Data Package"), "application/zip", package)]
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
        "@id": address,
        "url": address,
        "name": str(NAME),
        "description": description(edition),
        "inLanguage": "en",
        "isAccessibleForFree": True,
        **_based_on(),
        **({"creator": publisher(), "publisher": publisher()} if publisher() else {}),
        "license": f"{about}#terms",
        "keywords": [_("preventing violent extremism"), *map(str, PriorityArea.labels)],
        "variableMeasured": [
            {
                "@type": "PropertyValue",
                "name": _("Number of projects: %s") % FACET_LABELS[one],
                "url": f"{about}#states",
            }
            for one in PUBLISHED_DIMENSIONS
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
    return data


class Catalog(QueryView):
    """The register and its editions as a catalogue of DCAT-AP 3, which needs a publisher."""

    api = ""

    def answer(self):
        if not publisher():
            text = _("There is no catalogue: the site does not say who publishes it (PUBLISHER).")
            return HttpResponse(f"{text}\n", status=404, content_type=CONTENT_TYPES["txt"])
        absolute, every = self.request.build_absolute_uri, [None, *Edition.objects.all()]
        known = {
            "address": absolute(self.request.path),
            "datasets": [described(absolute, one, self.api) for one in every],
        }
        kind = "application/ld+json"
        return render(self.request, "reports/catalog.jsonld", known, content_type=kind)
