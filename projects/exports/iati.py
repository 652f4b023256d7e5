"""IATI 2.03: confirmed projects as activities, for registers of aid; the others listed as left out.

The standard is the schema, the codelists and the rules of iatistandard.org. It demands of an
activity what an entry of this register may not have: nothing is filled up, such an entry is left
out. What was assigned to fit totals is never written.
"""

import csv
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, SubElement, tostring

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from ..columns import PROJECT_TABLE, SEPARATOR
from ..models import Country, Entity, ProjectQuerySet
from ..text import in_xml
from ..vocabulary import BY_SOURCE, Basis, PriorityArea, Provenance, Region, Scope, Status
from .rows import batched, keyed_rows, snapshot

_HERE = Path(__file__).resolve().parent
# ISO 3166-1 alpha-2 codes by alpha-3, from Unicode's CLDR: `tests/test_countries.py` writes them.
ALPHA_2 = _HERE / "alpha_2.csv"
# `priority_area` and `regions` in the words of this register: a vocabulary of the reporting
# organization, as codelists of IATI call it, and DAC's.
_OURS, _DAC = "99", "1"
# Of codelists: who carries a project out; the United Nations; what kind a description, a page, a
# location's code and a place are.
_IMPLEMENTING, _MULTILATERAL = "4", "40"
_GENERAL, _OTHER = "1", "4"
_ACTIVITY_PAGE, _ISO_COUNTRY, _OF_ACTIVITY = "A12", "A4", "1"
_LINES_AT_ONCE = 500
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

_COLUMNS = PROJECT_TABLE.only(
    {
        *("reference", "title", "summary", "methodology", "priority_area", "priority_area_basis"),
        *("scope", "scope_basis", "regions", "regions_basis", "countries", "entities", "status"),
        *("start_date", "end_date", "source", "updated_at"),
    }
)
# What an entry may lack, by the word that the file has for it.
LACKING = {
    "confirmation": gettext_lazy("The entry is not confirmed from a source."),
    "summary": gettext_lazy("It has no summary, and the standard demands a description."),
    "entity": gettext_lazy("No entity is stated that carries the project out."),
    "status": gettext_lazy("No status is stated."),
    "start": gettext_lazy("The day when the project began is not stated."),
    "end": gettext_lazy("Of the end a month or a year is stated, and not the day."),
    "past": gettext_lazy("What is said to have begun or ended has a date in the future."),
    "area": gettext_lazy("The priority area was assigned to fit the totals."),
    "place": gettext_lazy(
        "Neither one country nor a region is stated, or several countries without a region: the "
        "standard demands the share of each, which nobody states."
    ),
}
_Row = dict[str, Any]


class NothingToReport(Exception):
    """No project has what the standard demands: a file has at least one activity."""


class Organization(NamedTuple):
    ref: str
    kind: str
    name: str

    @classmethod
    def of(cls, setting: str) -> "Organization | None":
        """Return what the setting IATI_REPORTING_ORG says, None where it is empty."""
        return cls(*setting.split(maxsplit=2)) if setting else None


@cache
def codes(of: str) -> dict[str, str]:
    """Return the standard's codes by our slugs: of a status, a date, a scope or a region."""
    return {one["slug"]: one["code"] for one in _table(_HERE / "iati_codes.csv") if one["of"] == of}


@cache
def _alpha_2() -> dict[str, str]:
    return {one["code"]: one["alpha_2"] for one in _table(ALPHA_2)}


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lacking(row: Mapping[str, Any], today: str) -> list[str]:
    """Return what a confirmed entry lacks of what the standard demands, as keys of LACKING.

    `row` has its columns, `today` is a date in ISO 8601: what is past lies before it.
    """
    start, end, status = row["start_date"], row["end_date"], row["status"]
    done = [start] if status in (Status.ONGOING, Status.COMPLETED) else []
    if status == Status.COMPLETED:
        done.append(end)
    problems = {
        "summary": not row["summary"].strip(),
        "entity": not row["entities"],
        "status": status == Status.NOT_STATED,
        "start": not _is_day(start),
        "end": bool(end) and not _is_day(end),
        "past": any(day > today for day in done),
        "area": row["priority_area_basis"] not in BY_SOURCE,
        "place": not (_is_global(row) or _one_country(row) or _regions(row)),
    }
    return [name for name, is_lacking in problems.items() if is_lacking]


def _is_day(date: str) -> bool:
    return len(date) == len("2017-06-24")


def _is_global(row: Mapping[str, Any]) -> bool:
    return row["scope"] == Scope.GLOBAL and row["scope_basis"] in BY_SOURCE


def _one_country(row: Mapping[str, Any]) -> str:
    (first, *others) = row["countries"] or [""]
    return "" if others or _is_global(row) else _alpha_2().get(first, "")


def _regions(row: Mapping[str, Any]) -> list[str]:
    return row["regions"] if row["regions_basis"] in BY_SOURCE else []


@dataclass(frozen=True)
class IatiReport:
    """These projects as IATI has them, read again each time it is asked.

    `absolute` gives the whole address of one of this site, `about` is that of the page which says
    what the register's own words mean; `today` is a date in ISO 8601; `edition` is a slug, empty
    for the live register.
    """

    records: ProjectQuerySet
    organization: Organization
    absolute: Callable[[str], str]
    about: str
    today: str
    edition: str = ""

    def _confirmed(self) -> Iterator[tuple[_Row, list[str]]]:
        confirmed = self.records.filter(provenance=Provenance.CONFIRMED)
        for _key, cells in keyed_rows(confirmed, _COLUMNS):
            row = dict(zip(_COLUMNS.names, cells, strict=True))
            yield row, lacking(row, self.today)

    def activities(self) -> Iterator[str]:
        entities = dict(Entity.objects.values_list("acronym", "name"))
        countries = {one.code: one for one in Country.objects.all()}
        with override("en"):
            labels = {slug: str(label) for slug, label in PriorityArea.choices + Region.choices}
        labels[Scope.GLOBAL] = "Global"
        for row, lacks in self._confirmed():
            if not lacks:
                activity = self._activity(row, entities, countries, labels)
                yield tostring(activity, encoding="unicode")

    def left_out(self) -> list[tuple[str, list[str]]]:
        """Return the reference of each other project, and what it lacks as keys of LACKING."""
        others = self.records.exclude(provenance=Provenance.CONFIRMED)
        return [
            *((row["reference"], lacks) for row, lacks in self._confirmed() if lacks),
            *((reference, ["confirmation"]) for (reference,) in others.values_list("reference")),
        ]

    def _activity(
        self,
        row: _Row,
        entities: Mapping[str, str],
        countries: Mapping[str, Country],
        labels: Mapping[str, str],
    ) -> Element:
        status = row["status"]
        activity = Element(
            "iati-activity", {_LANGUAGE: "en", "last-updated-datetime": row["updated_at"]}
        )
        SubElement(activity, "iati-identifier").text = f"{self.organization.ref}-{row['reference']}"
        reports = {"ref": self.organization.ref, "type": self.organization.kind}
        # It says what others do: the reporting organization seldom carries it out.
        reports["secondary-reporter"] = "1"
        _named(activity, "reporting-org", self.organization.name, reports)
        _named(activity, "title", row["title"])
        _named(activity, "description", row["summary"], {"type": _GENERAL})
        if row["methodology"]:
            _named(activity, "description", row["methodology"], {"type": _OTHER})
        for acronym in row["entities"]:
            kind = {"role": _IMPLEMENTING, "type": _MULTILATERAL}
            _named(activity, "participating-org", entities[acronym], kind)
        SubElement(activity, "activity-status", code=codes("status")[status])
        for name in ("start_date", "end_date"):
            if row[name]:
                of_kind = {"type": codes(name)[status], "iso-date": row[name]}
                SubElement(activity, "activity-date", of_kind)
        if row["scope_basis"] in BY_SOURCE:
            SubElement(activity, "activity-scope", code=codes("scope")[row["scope"]])
        self._add_places(activity, row, countries, labels)
        area = row["priority_area"]
        named = _with_basis(labels[area], row["priority_area_basis"])
        _named(activity, "sector", named, self._ours(area))
        self._add_page(activity, row)
        return activity

    def _add_places(
        self, activity: Element, row: _Row, countries: Mapping[str, Country], labels
    ) -> None:
        """Add who receives: one country, or one region; of several nobody states the shares.

        Several regions are one together, in the words of the register; countries that are not
        the only one are places.
        """
        if alpha_2 := _one_country(row):
            country = countries[row["countries"][0]]
            recipient = SubElement(activity, "recipient-country", code=alpha_2)
            if country.note:
                SubElement(recipient, "narrative").text = in_xml(country.name_and_note)
            return
        regions = [Scope.GLOBAL.value] if _is_global(row) else _regions(row)
        basis = row["scope_basis"] if _is_global(row) else row["regions_basis"]
        together = _with_basis(f"{SEPARATOR} ".join(labels[one] for one in regions), basis)
        ours = self._ours(SEPARATOR.join(regions))
        if len(regions) == 1 and (code := codes("region").get(regions[0])):
            SubElement(activity, "recipient-region", code=code, vocabulary=_DAC)
        _named(activity, "recipient-region", together, ours)
        for one in row["countries"]:
            place = SubElement(activity, "location")
            SubElement(place, "location-reach", code=_OF_ACTIVITY)
            if code := _alpha_2().get(one):
                SubElement(place, "location-id", code=code, vocabulary=_ISO_COUNTRY)
            _named(place, "name", countries[one].name_and_note)

    def _ours(self, code: str) -> dict[str, str]:
        return {"code": code, "vocabulary": _OURS, "vocabulary-uri": f"{self.about}#columns"}

    def _add_page(self, activity: Element, row: _Row) -> None:
        address = self.absolute(reverse("project-detail", args=[row["reference"]]))
        url = f"{address}?edition={self.edition}" if self.edition else address
        page = SubElement(activity, "document-link", url=url, format="text/html")
        _named(page, "title", f"{row['reference']} in the register")
        _named(page, "description", f"The entry rests on: {row['source']}")
        SubElement(page, "category", code=_ACTIVITY_PAGE)


def _with_basis(words: str, basis: str) -> str:
    """Return the words, and that the register read them from a text where no source states them."""
    return f"{words} (read from the text)" if basis == Basis.INFERRED else words


def _named(
    parent: Element, tag: str, text: str, attributes: Mapping[str, str] | None = None
) -> None:
    element = SubElement(parent, tag, dict(attributes or {}))
    SubElement(element, "narrative").text = in_xml(text)


def write_iati(report: IatiReport, made_at: str) -> Generator[bytes]:
    """Yield the file: activities, then in a namespace of our own who is left out: counts, and each.

    `made_at` is a moment in ISO 8601. Raises NothingToReport before all else.
    """
    with snapshot():
        activities = report.activities()
        first = next(activities, None)
        if first is None:
            raise NothingToReport
        root = Element("iati-activities", {"version": "2.03", "generated-datetime": made_at})
        begin = ['<?xml version="1.0" encoding="UTF-8"?>', _opened(root), first]
        yield from _in_parts(chain(begin, activities, _others(report), [f"</{root.tag}>"]))


def _others(report: IatiReport) -> Iterator[str]:
    left_out = report.left_out()
    numbers = {"projects": str(len(left_out)), "of": str(report.records.count())}
    parent = Element("left-out", {"xmlns": f"{report.about}#iati", **numbers})
    yield _opened(parent)
    for name, count in _reasons(left_out):
        reason = Element("reason", {"lacks": name, "projects": str(count)})
        reason.text = str(LACKING[name])
        yield tostring(reason, encoding="unicode")
    for reference, lacks in left_out:
        named = {"reference": reference, "lacks": " ".join(lacks)}
        yield tostring(Element("project", named), encoding="unicode")
    yield f"</{parent.tag}>"


def _reasons(left_out: list[tuple[str, list[str]]]) -> Iterator[tuple[str, int]]:
    """Yield how many lack what; a project that lacks several things is counted with each."""
    counts = Counter(name for _reference, lacks in left_out for name in lacks)
    return ((name, counts[name]) for name in LACKING if counts[name])


def write_left_out(report: IatiReport) -> Iterator[bytes]:
    with snapshot():
        yield from _in_parts(_as_text(report))


def _as_text(report: IatiReport) -> Iterator[str]:
    yield _("Nothing can be exported: no project asked for has what IATI 2.03 demands.")
    left_out, asked = report.left_out(), report.records.count()
    for name, count in _reasons(left_out):
        numbers = {"count": count, "asked": asked, "reason": LACKING[name]}
        yield _("%(count)d of %(asked)d: %(reason)s") % numbers
    yield ""
    for reference, lacks in left_out:
        yield f"{reference}: {' '.join(str(LACKING[name]) for name in lacks)}"


def _opened(element: Element) -> str:
    return tostring(element, encoding="unicode").removesuffix(" />") + ">"


def _in_parts(lines: Iterable[str]) -> Iterator[bytes]:
    """Yield the lines some at a time, so that few pieces are compressed and sent."""
    for some in batched(lines, _LINES_AT_ONCE):
        yield ("\n".join(some) + "\n").encode()
