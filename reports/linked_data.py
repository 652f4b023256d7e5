"""The register or an edition as a schema.org Dataset, for search engines."""

from collections.abc import Callable

from django.db.models import Max
from django.urls import reverse
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.asking.answers import shown
from projects.exports import TERMS
from projects.models import Edition, Project
from projects.pages import CONTENT_TYPES
from projects.vocabulary import Region, about_report

NAME = gettext_lazy("Register of United Nations projects on preventing violent extremism")
DESCRIPTION = about_report(
    gettext_lazy(
        "A table of the %(total)s projects that %(called)s counts, reconstructed from its "
        "published totals: priority area, scope, regions, entities and sources, and of every "
        "value how it is known."
    )
)


def _based_on() -> dict[str, dict[str, str]]:
    report = shown().about
    if report is None:
        return {}
    dated = {} if report.is_undated else {"datePublished": report.date}
    known = {"@type": "Report", "name": report.symbol, "url": report.link, **dated}
    return {"isBasedOn": {name: value for name, value in known.items() if value}}


def _download(kind: str, address: str, **named: str) -> dict[str, str]:
    return {"@type": "DataDownload", **named, "encodingFormat": kind, "contentUrl": address}


def dataset(
    absolute: Callable[[str], str], edition: Edition | None = None, api: str = ""
) -> SafeString:
    """Return the block of data for a page, with no period: the report names none.

    `api` is the name of the address where programs read the register as it is now.
    """
    query = f"?edition={edition.slug}" if edition else ""
    page = reverse("edition-detail", args=[edition.slug]) if edition else reverse("overview")
    about = absolute(page)
    files = [
        _download(
            CONTENT_TYPES[extension].partition(";")[0],
            absolute(reverse("export", args=[extension]) + query),
        )
        for extension in ("csv", "json", "xlsx")
    ]
    if edition:
        package = reverse("edition-package", args=[edition.slug])
        others = [(_("Data Package"), "application/zip", package)]
    else:
        others = [
            (_("Data Package"), "application/json", reverse("data-package")),
            (_("Statements"), "text/csv", reverse("statement-data", args=["csv"])),
            (_("Entities"), "text/csv", reverse("resource-data", args=["entities", "csv"])),
            (_("Published figures"), "text/csv", reverse("resource-data", args=["figures", "csv"])),
            (_("The register as data"), "application/json", reverse(api)),
        ]
    files += [_download(kind, absolute(address), name=name) for name, kind, address in others]
    data = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": about,
        "url": about,
        "name": str(NAME),
        "description": str(DESCRIPTION),
        "inLanguage": "en",
        "isAccessibleForFree": True,
        **_based_on(),
        "usageInfo": {
            "@type": "CreativeWork",
            "url": absolute(reverse("about")) + "#terms",
            "text": str(TERMS),
        },
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
    block = json_script(data).replace("application/json", "application/ld+json", 1)
    return SafeString(block)
