"""IATI 2.03: confirmed projects as activities, for registers of aid; the others listed as left out.

The standard is the schema, the codelists and the rules of iatistandard.org. It demands of an
activity what an entry of this register may not have: nothing is filled up, such an entry is left
out. What was filled in to fit totals is never written.
"""

import csv
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..columns import PROJECT_TABLE, SEPARATOR
from ..models import Country, Entity, ProjectQuerySet
from ..text import in_xml
from ..vocabulary import BY_SOURCE, Basis, PriorityArea, Provenance, Region, Scope, Status
from .rows import batched, keyed_rows, snapshot

_HERE = Path(__file__).resolve().parent
# ISO 3166-1 alpha-2 codes by alpha-3, from Unicode's CLDR: `tests/test_countries.py` writes them.
ALPHA_2 = _HERE / "alpha_2.csv"

_COLUMNS = PROJECT_TABLE.only(
    {
        *("reference", "title", "summary", "methodology", "priority_area", "priority_area_basis"),
        *("scope", "scope_basis", "regions", "regions_basis", "countries", "entities", "status"),
        *("start_date", "end_date", "source", "updated_at"),
    }
)
# What an entry may lack, by the word that the file has for it.
LACKING = {
    "confirmation": gettext_lazy("It is not confirmed from a source."),
    "summary": gettext_lazy("It has no summary."),
    "entity": gettext_lazy("No entity is stated."),
    "status": gettext_lazy("No status is stated."),
    "start": gettext_lazy("The exact start date is not stated."),
    "end": gettext_lazy("The exact end date is not stated."),
    "past": gettext_lazy("A date in the future contradicts the status."),
    "area": gettext_lazy("The priority area was filled in to fit the totals."),
    "place": gettext_lazy("No place is stated, or several countries without their shares."),
}
_LABELS = dict(PriorityArea.choices + Region.choices + Scope.choices)
_Row = dict[str, Any]


class NothingToReport(Exception):
    """No project has what the standard demands: a file has at least one activity."""


@cache
def codes(of: str) -> dict[str, str]:
    """Return the standard's codes by our slugs: of a status, date, scope, region or entity."""
    return {one["slug"]: one["code"] for one in _table(_HERE / "iati_codes.csv") if one["of"] == of}


@cache
def alpha_2() -> dict[str, str]:
    """Return the codes of two letters of ISO 3166-1 by those of three."""
    return {one["code"]: one["alpha_2"] for one in _table(ALPHA_2)}


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lacking(row: Mapping[str, Any], today: str) -> list[str]:
    """Return what a confirmed entry lacks, as keys of LACKING; `today` is a date in ISO 8601."""
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
    return "" if others or _is_global(row) else alpha_2().get(first, "")


def _regions(row: Mapping[str, Any]) -> list[str]:
    return row["regions"] if row["regions_basis"] in BY_SOURCE else []


@dataclass(frozen=True)
class IatiReport:
    """These projects as IATI has them, read again each time it is asked.

    `organization` is who reports, as the setting IATI_REPORTING_ORG says it. `absolute` gives the
    whole address of one of this site, `about` is that of the page which says what the register's
    own words mean; `edition` is a slug, empty for the live register.
    """

    records: ProjectQuerySet
    organization: str
    absolute: Callable[[str], str]
    about: str
    edition: str = ""

    def _confirmed(self) -> Iterator[tuple[_Row, list[str]]]:
        confirmed = self.records.filter(provenance=Provenance.CONFIRMED)
        for _key, cells in keyed_rows(confirmed, _COLUMNS):
            row = dict(zip(_COLUMNS.names, cells, strict=True))
            yield row, lacking(row, f"{timezone.now():%Y-%m-%d}")

    def activities(self) -> Iterator[str]:
        entities = dict(Entity.objects.values_list("acronym", "name"))
        countries = {one.code: one for one in Country.objects.all()}
        template = get_template("projects/iati_activity.xml")
        for row, lacks in self._confirmed():
            if not lacks:
                linked = {
                    "entities": [
                        (codes("entity").get(one, ""), entities[one]) for one in row["entities"]
                    ],
                    "countries": [
                        (alpha_2().get(one, ""), countries[one]) for one in row["countries"]
                    ],
                }
                yield in_xml(template.render(self._about(row) | linked))

    def left_out(self) -> dict[str, Any]:
        """Return each other project with what it lacks, how many were asked for, and the reasons.

        A reason is a key of LACKING, how many projects lack it, and its sentence; a project that
        lacks several things is counted with each.
        """
        others = self.records.exclude(provenance=Provenance.CONFIRMED)
        left_out = [
            *((row["reference"], lacks) for row, lacks in self._confirmed() if lacks),
            *((reference, ["confirmation"]) for (reference,) in others.values_list("reference")),
        ]
        counts = Counter(name for _reference, lacks in left_out for name in lacks)
        reasons = [(name, counts[name], why) for name, why in LACKING.items() if counts[name]]
        known = {"left_out": left_out, "asked": self.records.count(), "reasons": reasons}
        return {"about": self.about, **known}

    def _about(self, row: _Row) -> dict[str, Any]:
        """Return the context of an activity's template, without what it is linked with.

        One country receives, or one region: of several nobody states the shares. Several regions
        are one together, in the words of the register; countries that are not the only one are
        places.
        """
        status, is_global = row["status"], _is_global(row)
        reporting = self.organization.split(maxsplit=2)
        regions = [Scope.GLOBAL.value] if is_global else _regions(row)
        words = f"{SEPARATOR} ".join(str(_LABELS[one]) for one in regions)
        page = self.absolute(reverse("project-detail", args=[row["reference"]]))
        dates = [(codes(name)[status], row[name]) for name in ("start_date", "end_date")]
        basis = row["scope_basis" if is_global else "regions_basis"]
        area = str(_LABELS[row["priority_area"]])
        return {
            "row": row,
            "organization": dict(zip(("ref", "kind", "name"), reporting, strict=True)),
            "columns": f"{self.about}#columns",
            "page": f"{page}?edition={self.edition}" if self.edition else page,
            "status": codes("status")[status],
            "dates": [(kind, date) for kind, date in dates if date],
            "scope": codes("scope")[row["scope"]] if row["scope_basis"] in BY_SOURCE else "",
            "recipient": _one_country(row),
            # DAC has codes of single regions.
            "dac_region": codes("region").get(SEPARATOR.join(regions), ""),
            "regions": SEPARATOR.join(regions),
            "regions_in_words": _with_basis(words, basis),
            "area_in_words": _with_basis(area, row["priority_area_basis"]),
        }


def _with_basis(words: str, basis: str) -> str:
    """Return the words, and that the register read them from a text where no source states them."""
    return f"{words} (read from the text)" if basis == Basis.INFERRED else words


def write_iati(report: IatiReport, made_at: str) -> Generator[bytes]:
    """Yield the file: activities, then in a namespace of our own who is left out: counts, and each.

    `made_at` is a moment in ISO 8601. Raises NothingToReport before all else.
    """
    with snapshot():
        activities = report.activities()
        first = next(activities, None)
        if first is None:
            raise NothingToReport
        begin = f'<iati-activities version="2.03" generated-datetime="{made_at}">'
        head = ['<?xml version="1.0" encoding="UTF-8"?>', begin, first]
        others = render_to_string("projects/iati_left_out.xml", report.left_out())
        yield from _in_parts(chain(head, activities, [others, "</iati-activities>"]))


def write_left_out(report: IatiReport) -> Iterator[bytes]:
    """Yield as text why no project can be an activity: each reason, then each project."""
    with snapshot():
        found = report.left_out()
    lines = [_("No project asked for has what IATI 2.03 requires.")]
    for _name, count, reason in found["reasons"]:
        numbers = {"count": count, "asked": found["asked"], "reason": reason}
        lines.append(_("%(count)d of %(asked)d: %(reason)s") % numbers)
    lines.append("")
    for reference, lacks in found["left_out"]:
        lines.append(f"{reference}: {' '.join(str(LACKING[name]) for name in lacks)}")
    return _in_parts(lines)


def _in_parts(lines: Iterable[str]) -> Iterator[bytes]:
    """Yield the lines some at a time, so that few pieces are compressed and sent."""
    for some in batched(lines):
        yield ("\n".join(some) + "\n").encode()
