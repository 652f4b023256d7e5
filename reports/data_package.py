"""The register for programs that describe data: as a Data Package of its files, and a Dataset.

By version 2 of https://datapackage.org/standard/data-package/ and https://schema.org/Dataset.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Max
from django.http import JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from projects.asking import FACET_LABELS, Asked, Selection
from projects.asking.answer import State
from projects.asking.published import shown
from projects.columns import (
    COUNTRY_TABLE,
    DATE,
    ENTITY_TABLE,
    PROJECT_TABLE,
    SEPARATOR,
    Column,
    Table,
)
from projects.elsewhere.table import TABLE as ELSEWHERE_TABLE
from projects.exports import TERMS
from projects.languages import in_language
from projects.models import Edition, Project
from projects.models.fields import PartialDateField
from projects.pages import CONTENT_TYPES, RefusedAsText
from projects.ranges import PUBLISHED_DIMENSIONS
from projects.vocabulary import Comparator, PriorityArea, Region

from .models import FIGURE_TABLE, STATEMENT_TABLE
from .overview import description

NAME = gettext_lazy("Register of United Nations projects on preventing violent extremism")
_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_TERMS_ADDRESS = "https://www.un.org/en/about-us/terms-of-use"
# How many activities of an entity or a country there are, by the keys of an answer.
KNOWN = (
    Column("state", "How the number is known", State, label="state"),
    Column("comparator", "What is printed before it", Comparator, label="comparator"),
    Column(
        "paragraphs",
        "The paragraphs in which it is printed",
        "numbers of paragraphs",
        several=True,
        label="paragraphs",
    ),
    *(
        Column(name, meaning, "a whole number; empty if not known", label=name)
        for name, meaning in {
            "number": "The printed number, or the sum of printed numbers",
            "low": "Confirmed entries whose source says that they are in the matrix",
            "high": "The most that there can be",
            "in_matrix": "Described entries that a source places in the matrix",
            "may_be": "Those that may be in the matrix: no source says it",
            "others": "Those that a source says are not in the matrix",
            "entries": "Entries that match by what is stated",
            "placeholders": "How many of these are placeholders",
            "filled_in": "Rows of the filled-in table, an example",
        }.items()
    ),
)
Described = dict[str, Any]


class File(NamedTuple):
    title: str | Promise
    path: str
    table: Table


def _with_known(table: Table) -> Table:
    return replace(table, columns=table.columns + KNOWN[:-1])


FILES = {
    "projects": File(gettext_lazy("Projects"), "projects/export.csv", PROJECT_TABLE),
    "statements": File(gettext_lazy("Statements"), "statements.csv", STATEMENT_TABLE),
    "entities": File(gettext_lazy("Entities"), "entities.csv", _with_known(ENTITY_TABLE)),
    "countries": File(
        gettext_lazy("Countries and areas"), "countries.csv", _with_known(COUNTRY_TABLE)
    ),
    "figures": File(gettext_lazy("Published figures"), "figures.csv", FIGURE_TABLE),
    "elsewhere": File(gettext_lazy("Projects elsewhere"), "elsewhere/export.csv", ELSEWHERE_TABLE),
}
# What only one of the files has. The licence is of the rows that name it: no licence is needed for
# the facts of the others, and none is given.
_FOREIGN_KEYS = {
    "statements": [{"fields": ["parent"], "reference": {"resource": "", "fields": ["code"]}}]
}
_LICENCES = {"elsewhere": [{"name": "CC-BY", "title": "UNDP, open.undp.org, CC BY"}]}


class DataPackage(RefusedAsText):
    """The register as it is now, described as a data package of its files."""

    def answer(self, extension: str) -> HttpResponseBase:
        report = shown().about
        sources = [{"title": report.symbol, "path": report.link}] if report else []
        data = {
            "$schema": _PROFILE,
            "name": "pve-projects",
            "title": str(NAME),
            "description": f"{description()} {TERMS}",
            "homepage": self.request.build_absolute_uri(reverse("overview")),
            "licenses": [{"path": _TERMS_ADDRESS, "title": str(TERMS)}],
            **({"sources": sources} if sources else {}),
            "resources": [_resource(name, one) for name, one in FILES.items()],
            "answer": Selection(Asked()).answer.as_data(),
        }
        return JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})


def _resource(name: str, file: File) -> Described:
    """Return a file with its columns; it has no size or digest, since it changes."""
    table = file.table
    stored = {one.name: one for one in apps.get_model(table.model)._meta.get_fields()}
    fields = [_field(column, table, stored.get(column.name)) for column in table.columns]
    schema: Described = {"fields": fields, "missingValues": [""]}
    if name in _FOREIGN_KEYS:
        schema["foreignKeys"] = _FOREIGN_KEYS[name]
    if table.identifier:
        schema["primaryKey"] = [table.identifier]
    return {
        "name": name,
        "type": "table",
        "title": str(file.title),
        "path": file.path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **({"licenses": _LICENCES[name]} if name in _LICENCES else {}),
        "schema": schema,
    }


def _field(column: Column, table: Table, stored: Any) -> Described:
    """Return a column with what its cells may have, as the field that stores it limits them."""
    values = [*column.labels]
    allowed = ", ".join(values) if values else column.allowed
    described: Described = {
        "name": column.name,
        "type": "string",
        "title": str(column.label),
        "description": f"{column.meaning}. {_('Allowed: %s.') % str(allowed).rstrip('.')}",
    }
    if column.allowed is DATE:
        described["description"] += f" {_('It is text: it may be a year or a month only.')}"
    limits: Described = {}
    if isinstance(stored, models.Field) and not stored.many_to_many:
        may_be_empty = stored.blank and column.name not in ("scope", "scope_basis")
        limits |= {} if may_be_empty else {"required": True}
    if column.name == table.identifier:
        limits["unique"] = True
    if column.several:
        described |= {"type": "list", "delimiter": SEPARATOR, "itemType": "string"}
    elif column.name in table.stamps:
        described["type"] = "datetime"
    elif isinstance(stored, models.IntegerField) or column in KNOWN[3:]:
        described["type"] = "integer"
    elif isinstance(stored, PartialDateField):
        # A pattern of the standard applies to the whole cell.
        limits["pattern"] = "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
    elif values:
        limits["enum"] = values
        described["categories"] = [
            {"value": slug, "label": str(label)} for slug, label in column.labels.items()
        ]
    return described | ({"constraints": limits} if limits else {})


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
    home, query = reverse("overview"), f"?edition={edition.slug}" if edition else ""
    page = reverse("edition-detail", args=[edition.slug]) if edition else home
    about = absolute(reverse("about"))

    def download(address: str, kind: str, **more: str) -> Described:
        at = absolute(address)
        return {"@type": "DataDownload", **more, "encodingFormat": kind, "contentUrl": at}

    data: Described = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": absolute(in_language(page, settings.LANGUAGE_CODE)),
        "url": absolute(page),
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
    }
    rows = [
        download(
            reverse("export", args=[one]) + query, CONTENT_TYPES[one].partition(";")[0], **more
        )
        for one, more in {"csv": {"sha256": edition.sha256} if edition else {}, "xlsx": {}}.items()
    ]
    if edition:
        data |= {
            "distribution": rows,
            "version": edition.slug,
            "alternateName": edition.name,
            "datePublished": f"{edition.published_at:%Y-%m-%d}",
            "identifier": {
                "@type": "PropertyValue",
                "propertyID": "SHA-256",
                "value": edition.sha256,
            },
        }
    else:
        data["distribution"] = [
            *rows,
            download(reverse("data-package"), "application/json", name=_("Data Package")),
            *(
                download(f"{home}{FILES[one].path}", "text/csv", name=str(FILES[one].title))
                for one in ("statements", "entities", "countries", "figures")
            ),
            download(reverse(api), "application/json", name=_("The register as data")),
        ]
        if changed := Project.published.aggregate(last=Max("updated_at"))["last"]:
            data["dateModified"] = f"{changed:%Y-%m-%dT%H:%M:%SZ}"
    block = json_script(data)
    return SafeString(block.replace("application/json", "application/ld+json", 1))


def _based_on() -> dict[str, Any]:
    report = shown().about
    if report is None:
        return {}
    dated = {} if report.is_undated else {"datePublished": report.date}
    known = {"@type": "Report", "name": report.symbol, "url": report.link, **dated}
    found = {"isBasedOn": {name: value for name, value in known.items() if value}}
    return found | ({"temporalCoverage": report.date} if dated else {})
