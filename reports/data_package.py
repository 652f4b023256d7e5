"""The register as a Data Package, which describes the columns of its files.

Version 2 of the standard, https://datapackage.org/standard/data-package/
"""

from dataclasses import dataclass, replace
from typing import Any

from django.apps import apps
from django.db import models
from django.http import JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.asking import Asked, Selection
from projects.asking.answer import State
from projects.asking.links import parameters_of
from projects.asking.published import shown
from projects.asking.reference import version_of
from projects.codes import alpha_2
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
from projects.listing import file_name_of
from projects.models.fields import PartialDateField
from projects.pages import FilteredData, RefusedAsText
from projects.vocabulary import Comparator

from .files import records_file
from .linked_data import NAME, description
from .models import FIGURE_TABLE, STATEMENT_TABLE, Report

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
# A pattern of the standard applies to the whole cell.
_PARTIAL_DATE = "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
# A column, the resource that has its values (itself: ""), and the column there.
Key = tuple[str, str, str]

Described = dict[str, Any]


@dataclass(frozen=True)
class Resource:
    """A file of a package: its columns; the fields of their model constrain its cells.

    The standard has no foreign `keys` of lists: a file of links has a line for each value.
    """

    name: str
    title: str | Promise
    table: Table
    keys: tuple[Key, ...] = ()

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.table.model)

    def at(self, path: str, **more: Any) -> Described:
        return {
            "name": self.name,
            "type": "table",
            "title": str(self.title),
            "path": path,
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            **more,
            "schema": self.schema,
        }

    @property
    def schema(self) -> Described:
        schema: Described = {
            "fields": [self._field(column) for column in self.table.columns],
            "missingValues": [""],
        }
        if self.keys:
            schema["foreignKeys"] = [
                {"fields": [name], "reference": {"resource": resource, "fields": [column]}}
                for name, resource, column in self.keys
            ]
        own = self.table.identifier
        return schema | ({"primaryKey": [own]} if own else {})

    def _field(self, column: Column) -> Described:
        field = {one.name: one for one in self.model._meta.get_fields()}.get(column.name)
        values = [*column.labels]
        allowed = ", ".join(values) if values else column.allowed
        described: Described = {
            "name": column.name,
            "type": "string",
            "title": str(column.label),
            "description": f"{column.meaning}. {_('Allowed: %s.') % str(allowed).rstrip('.')}",
        }
        if column.allowed is DATE:
            text = _("It is text: it may be a year or a month only.")
            described["description"] = f"{described['description']} {text}"
        limits: Described = {}
        if isinstance(field, models.Field) and not field.many_to_many:
            may_be_empty = field.blank and column.name not in ("scope", "scope_basis")
            limits |= {} if may_be_empty else {"required": True}
        if column.name == self.table.identifier:
            limits["unique"] = True
        if column.several:
            described |= {"type": "list", "delimiter": SEPARATOR, "itemType": "string"}
        elif column.name in self.table.stamps:
            described["type"] = "datetime"
        elif isinstance(field, models.IntegerField) or column in KNOWN[3:]:
            described["type"] = "integer"
        elif isinstance(field, PartialDateField):
            limits["pattern"] = _PARTIAL_DATE
        elif values:
            limits["enum"] = values
            described["categories"] = [
                {"value": slug, "label": str(label)} for slug, label in column.labels.items()
            ]
        return described | ({"constraints": limits} if limits else {})


def _with_known(table: Table) -> Table:
    return replace(table, columns=table.columns + KNOWN[:-1])


PROJECTS = Resource("projects", gettext_lazy("Projects"), PROJECT_TABLE)
STATEMENTS = Resource(
    "statements", gettext_lazy("Statements"), STATEMENT_TABLE, (("parent", "", "code"),)
)
ENTITIES = Resource("entities", gettext_lazy("Entities"), _with_known(ENTITY_TABLE))
COUNTRIES = Resource("countries", gettext_lazy("Countries and areas"), _with_known(COUNTRY_TABLE))


FIGURES = Resource("figures", gettext_lazy("Published figures"), FIGURE_TABLE)
ELSEWHERE = Resource("elsewhere", gettext_lazy("Projects elsewhere"), ELSEWHERE_TABLE)
# Of the rows that name it; no licence is needed for the facts of the others, and none is given.
OF_ELSEWHERE = {"name": "CC-BY", "title": "UNDP, open.undp.org, CC BY"}


class DataPackage(RefusedAsText):
    """The register as it is now, described as a data package of its files."""

    def answer(self, extension: str) -> HttpResponseBase:
        # Relative to the description. The files change, so that they have no size or digest.
        others = (STATEMENTS, ENTITIES, COUNTRIES, FIGURES)
        files = [PROJECTS.at("projects/export.csv"), *(one.at(f"{one.name}.csv") for one in others)]
        files.append(ELSEWHERE.at("elsewhere/export.csv", licenses=[OF_ELSEWHERE]))
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
            "resources": files,
            "answer": Selection(Asked()).answer.as_data(),
        }
        return JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})


class FigureData(RefusedAsText):
    """The figures that reports publish."""

    def answer(self, name: str, extension: str) -> HttpResponseBase:
        rows = [
            {
                **{name: getattr(figure, name, "") for name in FIGURE_TABLE.names},
                **{name: getattr(report, name) for name in ("symbol", "title", "publisher")},
                "report": report.slug,
                "report_date": report.date,
                "undated": "yes" if report.is_undated else "",
                "comparable": "yes" if figure.comparable else "no",
                "population": figure.counted,
                "address": figure.source,
            }
            for report in Report.published.with_figures().order_by("slug")
            for figure in report.figures.all()
        ]
        return records_file(rows, FIGURE_TABLE, f"{name}-{version_of(Asked())}")


class DirectoryData(FilteredData):
    """The entities or countries, with the answer for each; those of a filter, if there is one."""

    def answer(self, name: str, extension: str) -> HttpResponseBase:
        asked, selection = self.asked, self.selection
        resource, facet = (ENTITIES, "entity") if name == ENTITIES.name else (COUNTRIES, "country")
        table = resource.table
        if asked.filled_in:
            table = replace(table, columns=(*table.columns, KNOWN[-1]))
        rows = []
        records: Any = resource.model._default_manager
        for record in records.public().values():
            answer = selection.answer_with(facet, record[table.identifier])
            if asked.is_filtered and answer.short == "0":
                continue
            codes = {"alpha_2": alpha_2(str(record.get("code")))}
            values = record | codes | answer.as_data(asked.filled_in)
            rows.append({column: values[column] for column in table.names})
        file_name = file_name_of(f"{name}-{version_of(asked)}", parameters_of(asked))
        return records_file(rows, table, file_name)
