"""What search engines for data read of the register and of an edition: a schema.org Dataset."""

from collections.abc import Callable

from django.db.models import Max
from django.urls import reverse
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.exports import TERMS
from projects.models import Edition, Project
from projects.vocabulary import Region

NAME = gettext_lazy("Register of United Nations projects on preventing violent extremism")
DESCRIPTION = gettext_lazy(
    "A table of the 223 projects that the Secretary-General’s report A/72/621 counts, "
    "reconstructed from its published totals: priority area, scope, regions, entities and "
    "sources, and of every value how it is known."
)
FORMATS = {
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
REPORT = {
    "@type": "Report",
    "name": "A/72/621",
    "url": "https://undocs.org/A/72/621",
    "datePublished": "2017-12-01",
}


def dataset(absolute: Callable[[str], str], edition: Edition | None = None) -> SafeString:
    """Return the register, or an edition of it, as the block of data that a page carries.

    `absolute` gives the whole address of one of this site. Nothing is said of a period: the report
    names none.
    """
    query = f"?edition={edition.slug}" if edition else ""
    page = reverse("edition-detail", args=[edition.slug]) if edition else reverse("overview")
    about = absolute(page)
    files = [
        {
            "@type": "DataDownload",
            "encodingFormat": kind,
            "contentUrl": absolute(reverse("export", args=[extension]) + query),
        }
        for extension, kind in FORMATS.items()
    ]
    package = (
        reverse("edition-package", args=[edition.slug]) if edition else reverse("data-package")
    )
    files.append(
        {
            "@type": "DataDownload",
            "name": _("Data Package"),
            "encodingFormat": "application/zip" if edition else "application/json",
            "contentUrl": absolute(package),
        }
    )
    if not edition:
        others = [
            (_("Statements"), "text/csv", reverse("statement-data", args=["csv"])),
            (_("Entities"), "text/csv", reverse("resource-data", args=["entities", "csv"])),
            (_("Published figures"), "text/csv", reverse("resource-data", args=["figures", "csv"])),
            (_("The register as data"), "application/json", reverse("api-contents")),
        ]
        files += [
            {
                "@type": "DataDownload",
                "name": name,
                "encodingFormat": kind,
                "contentUrl": absolute(address),
            }
            for name, kind, address in others
        ]
    data = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": about,
        "url": about,
        "name": str(NAME),
        "description": str(DESCRIPTION),
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "isBasedOn": REPORT,
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
