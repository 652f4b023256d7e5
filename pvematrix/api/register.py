"""The register by the API: projects, their numbers, entities, countries, editions, changes."""

from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.asking import Asked, Offers, ProjectFilter, Rows, Selection
from projects.asking.links import suffix_of
from projects.asking.reference import sourced
from projects.asking.rows import Block
from projects.asking.words import asked_for
from projects.changes import PublicChange, public_revisions
from projects.codes import alpha_2, iati_code
from projects.columns import QUOTATIONS
from projects.exports import in_blocks, snapshot
from projects.history import Revision
from projects.models import Country, Edition, Entity, Quotation
from projects.models import Project as Entry
from projects.pages import redirect_to_merged
from reports.breakdowns import BREAKDOWNS, as_rows, breakdown
from reports.cross_table import cross_table
from reports.queries import CrossTableFilter, EditionQuery

from . import readers
from .views import ApiView, ListView, Placed, Records, Row

_ANY = "PVE-000"
EDITIONS = _("Editions and changes")


def project_rows(view: ApiView, block: Block, filled_in: bool = False) -> list[tuple[int, Row]]:
    """Return (primary key, row) of each project: its columns and addresses."""
    asked = Asked.of(view.edition)
    suffix = suffix_of(asked)
    with snapshot():
        found = list(in_blocks([block], asked.table, filled_in))
        quoted = Quotation.objects.by_project([key for key, _cells in found])
    rows: list[tuple[int, Row]] = []
    for key, cells in found:
        row: Row = dict(zip(asked.table.names, cells, strict=True))
        row[QUOTATIONS.name] = [one.as_data for one in quoted.get(key, [])]
        rows.append((key, row))
    # Made for one row: to look for an address takes as long as to write a row.
    absolute = view.request.build_absolute_uri
    pages = {"url": "api-project", "html_url": "project-detail"}
    addresses = {name: absolute(reverse(page, args=[_ANY])) for name, page in pages.items()}
    for key, row in rows:
        for name, address in addresses.items():
            row[name] = f"{address.replace(_ANY, row['reference'])}{suffix}" if key else None
        # A row that counts a project has neither.
        row.update((name, row[name] or None) for name in ("reference", "updated_at"))
    return rows


class Projects(ListView):
    summary = _("Projects of a filter, in its order, and how many match.")
    reader_class = readers.ProjectsQuery
    shape = "Project"

    def answer(self) -> HttpResponseBase:
        selection = self.reader.selection
        rows, known = Rows(selection), asked_for(selection)
        counts = {"rows": rows.total, "rows_of_report": rows.of_report}
        head = {"answer": known.pop("answer"), **counts, **known}
        meant = Offers(selection).answer
        head["recognized"] = [asked_for(meant.selection)] if meant else []
        return self.page(self._found(rows), **head)

    def _found(self, rows: Rows) -> list[Placed]:
        """Return the rows of a page and one more; the last one of the page with its place.

        That is the number of its block, then its sort key and number, or its index in a list.
        """
        asked, terms = rows.asked, rows.selection.all_terms
        first, *place = self.place or [0]
        placed: list[tuple[int, int, Row]] = []
        for number, (block, size) in enumerate(zip(rows.blocks, rows.sizes, strict=True)):
            if number < first or not size:
                continue
            order = "reference" if number == 1 else asked.order
            start = place if number == first else []
            rest: Any = block
            if isinstance(block, list):
                rest = block[start[0] if start else 0 :]
            elif start:
                rest = block.beyond(tuple(start), order, terms)
            left = self.size + 1 - len(placed)
            some = project_rows(self, rest[:left], asked.filled_in) if left else []
            placed += [(number, key, row) for key, row in some]
        if len(placed) > self.size:
            number, key, _row = placed[self.size - 1]
            if key:
                ordered = "reference" if number == 1 else asked.order
                value, last = rows.selection.whole.place_of(key, ordered, terms)
                value = value.isoformat() if hasattr(value, "isoformat") else value
                place = [number, value, last]
            else:
                before = place[0] if place and number == first else 0
                of_block = [one for one, _key, _row in placed[: self.size]].count(number)
                place = [number, before + of_block]
        return [(place, row) for _number, _key, row in placed]


class Project(ApiView):
    reader_class = EditionQuery
    shape = "Project"

    def answer(self, reference: str) -> HttpResponseBase:
        found = Selection(Asked.of(self.edition)).whole.filter(reference=reference)
        row = next((row for _key, row in project_rows(self, found)), None)
        if row is None and not self.edition:
            entry = Entry.live.merged().filter(reference=reference).first()
            if entry:
                return redirect_to_merged(self.request, entry)
        return self.one(row)


class Answers(ApiView):
    reader_class: Any = ProjectFilter
    shape = "Asked"
    tag = _("Answers")

    def answer(self, slug: str = "") -> HttpResponseBase:
        selection = self.reader.selection
        return self.json({**asked_for(selection), **self.divided(selection, slug)})

    def divided(self, selection: Selection, slug: str) -> Row:
        """Return how the projects divide, which follows how many they are."""
        return {}


class Breakdown(Answers):
    shape = "Breakdown"

    def answer(self, slug: str = "") -> HttpResponseBase:
        if slug not in BREAKDOWNS:
            known = {"slug": slug, "known": ", ".join(BREAKDOWNS)}
            raise Http404(_("There is no breakdown by “%(slug)s”. Allowed: %(known)s.") % known)
        return super().answer(slug)

    def divided(self, selection: Selection, slug: str) -> dict[str, Any]:
        one, filled_in = breakdown(slug, selection), selection.asked.filled_in
        rows, total = as_rows(one, filled_in), one.total.as_data(filled_in)
        shown = sourced(one.sentence, selection.asked)
        return {"shown": shown, "total": total, "unit": one.unit, "rows": rows}


class CrossTable(Answers):
    reader_class = CrossTableFilter
    shape = "CrossTable"

    def divided(self, selection: Selection, slug: str) -> dict[str, Any]:
        rows, columns = self.reader.chosen.dimensions
        table = cross_table(selection, self.reader.chosen, selection.asked.filled_in)
        cells = [
            {"row": number.pop(rows) or None, "column": number.pop(columns) or None, **number}
            for number in map(dict, table.numbers)
        ]
        shown = sourced(table.sentence, selection.asked)
        return {"shown": shown, "rows": rows, "columns": columns, "cells": cells}


class Directory(Records):
    """The records of a directory, with the number of activities that name them."""

    tag = _("Directories")
    reader_class = readers.DirectoryQuery
    facet: str

    def row(self, record: Any) -> Row:
        key = getattr(record, record.identifier)
        record.answer = self.selection.answer_with(self.facet, key).as_data()
        # The codes of other standards; the shape has one of them.
        record.iati, record.alpha_2 = iati_code(key), alpha_2(key)
        return super().row(record)

    @cached_property
    def selection(self) -> Selection:
        return Selection(Asked.of(self.edition))


class Entities(Directory):
    summary = _("Entities, by acronym.")
    shape = "Entity"
    model = Entity
    facet = "entity"

    def records(self) -> QuerySet[Entity]:
        return Entity.objects.public()

    def place_of(self, record: Entity) -> list[str]:
        return [record.acronym.casefold()]


class Countries(Directory):
    summary = _("Countries and areas, by code.")
    shape = "Country"
    model = Country
    order = ("code",)
    facet = "country"


class Editions(Records):
    summary = _("Editions, oldest first.")
    tag = EDITIONS
    shape = "Edition"
    model = Edition
    order = ("pk",)


class Changes(ListView):
    summary = _("Changes of projects, oldest first; filters ask for projects that match now.")
    tag = EDITIONS
    shape = "Change"
    reader_class = readers.ChangesQuery

    def answer(self) -> HttpResponseBase:
        asked, found = self.reader.asked, public_revisions().order_by("pk")
        if asked.is_filtered or asked.edition:
            found = found.of_keys(self.reader.selection.rows.references())
        if self.parameters["since"]:
            since = datetime.fromisoformat(self.parameters["since"][0]).replace(tzinfo=UTC)
            found = found.filter(at__gte=since)
        if self.place:
            found = found.filter(pk__gt=self.place[0])
        return self.page(map(self.placed, found[: self.size + 1]))

    def placed(self, revision: Revision) -> Placed:
        change = PublicChange(revision)
        return [revision.pk], {
            "reference": revision.key,
            "at": f"{revision.at:%Y-%m-%dT%H:%M:%SZ}",
            "action": change.action.value,
            "reason": revision.reason,
            "fields": [vars(one) for one in change.fields],
        }
