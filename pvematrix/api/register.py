"""The register by the API: projects, entities, countries, editions, and what changed."""

from contextlib import closing

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.asking import Asked, Selection
from projects.asking.selection import directory, whole_linked_counts
from projects.changes import PublicChange, public_revisions
from projects.columns import PROJECT_TABLE, QUOTATIONS
from projects.editions import Change, changes
from projects.exports import keyed_rows, snapshot
from projects.history import Revision, RevisionQuerySet
from projects.models import Country, Edition, Entity, ProjectQuerySet, Quotation
from projects.references import number_of
from reports.editions import edition_of, two_editions
from reports.library.changes import revisions_of
from reports.models import Plan, Statement

from . import readers, shapes
from .views import ApiView, ListView, Row, asked_for


def project_rows(projects: ProjectQuerySet, wanted: list[str]) -> list[tuple[int, Row]]:
    """Return (primary key, row) of each of some projects: the columns of the table, quotations.

    Only what is wanted is read; all if nothing is named.
    """
    names = [PROJECT_TABLE.identifier, *wanted] if wanted else PROJECT_TABLE.names
    table = PROJECT_TABLE.only(names)
    with snapshot():
        found = list(keyed_rows(projects, table))
        quoted = {}
        if not wanted or QUOTATIONS.name in wanted:
            quoted = Quotation.objects.by_project([key for key, _cells in found])
    rows = []
    for key, cells in found:
        row: Row = dict(zip(table.names, cells, strict=True))
        if not wanted or QUOTATIONS.name in wanted:
            row[QUOTATIONS.name] = [one.as_data for one in quoted.get(key, [])]
        rows.append((key, row))
    return rows


class Projects(ListView):
    summary = gettext_lazy(
        "The projects of a filter, in its order, with how their number is known."
    )
    reader_class = readers.ProjectsQuery
    answers = shapes.listed(shapes.Project, shapes.Counted, shapes.Asked)

    def answer(self):
        selection, sort = self.reader.selection, self.reader.asked.sort
        rows = selection.rows
        if self.place:
            rows = rows.beyond(tuple(self.place), sort, selection.all_terms)
        head = {"count": selection.total, **asked_for(selection)}
        found = project_rows(rows[: self.size + 1], self.given["fields"])
        place = []
        if len(found) > self.size:
            key, number = rows.place_of(found[self.size - 1][0], sort, selection.all_terms)
            place = [key.isoformat() if hasattr(key, "isoformat") else key, number]
        return self.page(((place, row) for _key, row in found), **head)


class Project(ApiView):
    summary = gettext_lazy("One project of the register, or of an edition.")
    reader_class = readers.ProjectQuery
    answers = shapes.Project

    def answer(self, reference):
        edition = self.reader.edition_asked
        found = Selection(Asked.of(edition)).whole.filter(reference=reference)
        rows = project_rows(found, self.given["fields"])
        missing = _("There is no project %(reference)s in the %(register)s.") % {
            "reference": reference,
            "register": edition or _("current register"),
        }
        return self.one(rows[0][1] if rows else None, missing)


def entity_row(entity: Entity, counts: dict[int | None, int]) -> Row:
    """Return an entity as the API gives it; `counts` are projects by primary key."""
    return {
        "acronym": entity.acronym,
        "acronym_from": entity.acronym_from,
        "name": entity.name,
        "aliases": [one.strip() for one in entity.aliases.split(";") if one.strip()],
        "kind": entity.kind,
        "projects": counts.get(entity.pk, 0),
    }


def entity_counts(edition: Edition | None) -> dict[int | None, int]:
    """Return the projects of each entity, by primary key, in the register or in an edition."""
    return whole_linked_counts(edition).entity_counts()


class Entities(ListView):
    summary = gettext_lazy("The directory of entities, in the order of their acronyms.")
    reader_class = readers.EntitiesQuery
    answers = shapes.listed(shapes.Entity, shapes.Counted)
    tag = gettext_lazy("Directories")

    def answer(self):
        counts = entity_counts(self.reader.edition_asked)
        found = sorted(([one.acronym.casefold()], one) for one in directory())
        return self.page_of([(place, entity_row(one, counts)) for place, one in found])


class OneEntity(ApiView):
    summary = gettext_lazy("One entity.")
    reader_class = readers.EntityQuery
    answers = shapes.Entity
    tag = gettext_lazy("Directories")

    def answer(self, acronym):
        found = next((one for one in directory() if one.acronym == acronym), None)
        counts = entity_counts(self.reader.edition_asked)
        row = entity_row(found, counts) if found else None
        return self.one(row, _("There is no entity “%s”.") % acronym)


def country_row(country: Country, counts: dict[str | None, int]) -> Row:
    """Return a country as the API gives it; `counts` are projects by code."""
    return {
        "code": country.code,
        "m49": country.m49,
        "name": country.name,
        "note": country.note,
        "projects": counts.get(country.code, 0),
    }


def country_counts(edition: Edition | None) -> dict[str | None, int]:
    """Return the projects of each country, by code, in the register or in an edition."""
    counted = whole_linked_counts(edition).country_counts()
    return {code: count for code, _name, count in counted}


class Countries(ListView):
    summary = gettext_lazy("The directory of countries and areas, in the order of their codes.")
    reader_class = readers.CountriesQuery
    answers = shapes.listed(shapes.Country, shapes.Counted)
    tag = gettext_lazy("Directories")

    def answer(self):
        counts = country_counts(self.reader.edition_asked)
        return self.page_of([([one.code], country_row(one, counts)) for one in _countries()])


class OneCountry(ApiView):
    summary = gettext_lazy("One country or area.")
    reader_class = readers.CountryQuery
    answers = shapes.Country
    tag = gettext_lazy("Directories")

    def answer(self, code):
        found = Country.objects.filter(code=code).first()
        counts = country_counts(self.reader.edition_asked)
        row = country_row(found, counts) if found else None
        return self.one(row, _("There is no country “%s”.") % code)


def _countries() -> list[Country]:
    # Codes are ASCII: the order of the database is that of Python.
    return sorted(Country.objects.all(), key=lambda one: one.code)


def edition_row(edition: Edition) -> Row:
    """Return an edition as the API gives it."""
    names = ("slug", "name", "date", "note", "published_at", "count", "sha256")
    row = {name: getattr(edition, name) for name in names}
    return {**row, "quotations_sha256": edition.quotations_sha256}


class Editions(ListView):
    summary = gettext_lazy("Every edition, the oldest first: a new one comes last.")
    reader_class = readers.EditionsQuery
    answers = shapes.listed(shapes.Edition, shapes.Counted)
    tag = gettext_lazy("Editions and changes")

    def answer(self):
        found = Edition.objects.order_by("pk")
        return self.page_of([([one.pk], edition_row(one)) for one in found])


class OneEdition(ApiView):
    summary = gettext_lazy("One edition.")
    reader_class = readers.OneEditionQuery
    answers = shapes.Edition
    tag = gettext_lazy("Editions and changes")

    def answer(self, slug):
        edition, _known = edition_of(slug)
        return self.one(edition_row(edition), "")


def change_row(change: Change) -> Row:
    """Return what became of a project as the API gives it."""
    return {
        "reference": change.row["reference"],
        "change": change.kind,
        "title": change.row["title"],
        "fields": [{"column": f.column, "old": f.old, "new": f.new} for f in change.fields],
    }


class EditionChanges(ListView):
    summary = gettext_lazy(
        "What changed from one edition to another, or to the register as it is now."
    )
    reader_class = readers.EditionChangesQuery
    answers = shapes.listed(shapes.EditionChange)
    tag = gettext_lazy("Editions and changes")

    def answer(self, old, new):
        (after,) = self.place or [0]
        first, second = two_editions(old, new)
        with closing(changes(first, second, after)) as found:
            return self.page(([number_of(one.row["reference"])], change_row(one)) for one in found)


class ChangesView(ListView):
    """What changed since a moment, in whatever; `key` is what names that."""

    key: str
    tag = gettext_lazy("Editions and changes")

    def revisions(self) -> RevisionQuerySet:
        """Return the changes of what is asked for that anybody may see."""
        raise NotImplementedError

    def answer(self):
        found = self.revisions().order_by("pk")
        if self.given["since"]:
            found = found.filter(at__gte=readers.moment(self.given["since"][0]))
        if self.place:
            found = found.filter(pk__gt=self.place[0])
        return self.page(([one.pk], _changed(one, self.key)) for one in found[: self.size + 1])


class Changes(ChangesView):
    summary = gettext_lazy(
        "What changed in the projects since a moment, the oldest first: values and "
        "reasons, no names."
    )
    details = gettext_lazy("With filters, in the projects that match now.")
    key = "reference"
    reader_class = readers.ChangesQuery
    answers = shapes.listed(shapes.Change)

    def revisions(self):
        asked, found = self.reader.asked, public_revisions()
        if asked.is_filtered or asked.edition:
            return found.of_keys(self.reader.selection.rows.references())
        return found


class StatementChanges(ChangesView):
    summary = gettext_lazy("What changed in the statements since a moment, the oldest first.")
    key = "code"
    reader_class = readers.StatementChangesQuery
    answers = shapes.listed(shapes.StatementChange)

    def revisions(self):
        return revisions_of(Statement)


class PlanChanges(ChangesView):
    summary = gettext_lazy("What changed in the plans of action since a moment, the oldest first.")
    key = "slug"
    reader_class = readers.PlanChangesQuery
    answers = shapes.listed(shapes.PlanChange)

    def revisions(self):
        return revisions_of(Plan)


def _changed(revision: Revision, key: str) -> Row:
    change = PublicChange(revision)
    return {
        key: revision.key,
        "at": f"{revision.at:%Y-%m-%dT%H:%M:%SZ}",
        "action": change.action.value,
        "reason": revision.reason,
        "fields": [{"column": f.column, "old": f.old, "new": f.new} for f in change.fields],
    }
