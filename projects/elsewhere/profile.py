"""A record in words, for pages: as published, and what follows from it."""

import re
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property

from django.utils.formats import number_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..asking.published import shown
from ..asking.selection import directory
from ..citations import labelled
from ..models import Project
from ..text import day_in_words, quoted, separated
from .dates import When, dates_of, when
from .models import Kind, Record
from .reading import PAGES, UNDP
from .records import every

SCHEMES = {
    UNDP: gettext_lazy("UNDP project number"),
    PAGES: gettext_lazy("Row of the list of public pages"),
    "iati": gettext_lazy("IATI identifier"),
}
KINDS_OF_MONEY = {
    "budget": gettext_lazy("Budget"),
    "commitment": gettext_lazy("Commitment"),
    "disbursement": gettext_lazy("Disbursement"),
    "expenditure": gettext_lazy("Expenditure"),
}
SPEAKS_OF_IT = {
    "yes": gettext_lazy("Yes: in its own words, violent extremism is its subject"),
    "partly": gettext_lazy("Partly: it is one of several subjects"),
}
# Anyone who has a page on an activity; there is no publisher of the list.
ON_PAGES = gettext_lazy("Public pages")
# Money that was spent is added up over years; a budget may be that of the year before again.
_SPENT = ("disbursement", "expenditure")


def slug_of(name: str) -> str:
    """Return a name as a filter has it: as it is if it can be an acronym, else in small letters."""
    is_plain = re.fullmatch(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*", name)
    return name if is_plain else slugify(name, allow_unicode=True)


def amount_in_words(amount: str, currency: str = "") -> str:
    """Return an amount with the reader's separators, and its currency if given."""
    number = number_format(Decimal(amount), use_l10n=True, force_grouping=True)
    return f"{currency} {number}".strip()


def when_in_words(found: When) -> str:
    day = day_in_words(shown().date)
    return str(found.label) % {"day": day} if day else str(When.NOT_CERTAIN.label)


class Profile:
    """A record, and what pages say of it."""

    def __init__(self, record: Record) -> None:
        self.record, self.reading = record, record.reading

    @property
    def scheme(self) -> str:
        return str(SCHEMES.get(self.reading.scheme, self.reading.scheme))

    @property
    def when_in_words(self) -> str:
        return when_in_words(when(self.reading, shown().date))

    @property
    def dates(self) -> str:
        if self.reading.planned_start or self.reading.planned_end:
            return separated(labelled(label, day) for label, day in self.dates_apart)
        start, end = map(day_in_words, dates_of(self.reading))
        if start and end:
            return _("%(start)s to %(end)s") % {"start": start, "end": end}
        one = start or end
        return (_("from %s") if start else _("until %s")) % one if one else ""

    @property
    def dates_apart(self) -> list[tuple[str, str]]:
        """The dates that are published, each with what it is."""
        reading = self.reading
        is_planned = reading.planned_start or reading.planned_end
        named = [
            (_("Actual start") if is_planned else _("Start"), reading.start),
            (_("Actual end") if is_planned else _("End"), reading.end),
            (_("Planned start"), reading.planned_start),
            (_("Planned end"), reading.planned_end),
        ]
        return [(label, day_in_words(day)) for label, day in named if day]

    @property
    def publisher(self) -> str:
        return self.reading.publisher or str(ON_PAGES)

    @property
    def no_country(self) -> str:
        """What is said where no country is published: an office has none, a page may not say."""
        return _("No single country") if self.reading.unit else _("Not stated")

    @cached_property
    def entities(self) -> list[tuple[str, str]]:
        """The entities as published, each with its acronym if the directory has it."""
        there = {one.acronym for one in directory()}
        called = [(one["name"], one["code"] or one["name"]) for one in self.reading.entities]
        return [(name, acronym if acronym in there else "") for name, acronym in called]

    @property
    def spent(self) -> str:
        """What was spent in all years, by currency, for a line of a list."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for one in self.reading.money:
            if one["kind"] in _SPENT:
                sums[one["currency"]] += Decimal(one["amount"])
        return separated(amount_in_words(str(total), one) for one, total in sums.items())

    @property
    def money_in_short(self) -> str:
        return labelled(_("Spent"), self.spent) if self.spent else self.reading.money_in_words

    @property
    def money(self) -> tuple[list[str], list[tuple[str, list[str]]]]:
        """The kinds of money with their currency, and each year with an amount of each, or ""."""
        amounts: dict[tuple[str, ...], str] = {
            (amount["year"], amount["kind"], amount["currency"]): amount_in_words(amount["amount"])
            for amount in self.reading.money
        }
        heads = sorted({(kind, currency) for _year, kind, currency in amounts})
        years = sorted({year for year, _kind, _currency in amounts})
        rows = [(year, [amounts.get((year, *head), "") for head in heads]) for year in years]
        kinds = [f"{KINDS_OF_MONEY.get(kind, kind)} ({currency})" for kind, currency in heads]
        return kinds, rows

    @property
    def speaks_of_it(self) -> str:
        return str(SPEAKS_OF_IT.get(self.reading.speaks_of_it, ""))

    @property
    def retrieved(self) -> str:
        days = [day_in_words(one) for one in self.reading.retrieved.split("/") if one]
        if len(days) == 2:
            return _("%(start)s to %(end)s") % {"start": days[0], "end": days[1]}
        return "".join(days)

    @property
    def source(self) -> str:
        """Who publishes it, under which number or where, and whom to name, for citations."""
        one = self.reading
        who = one.publisher or separated(each["name"] for each in one.entities)
        where = one.identifier if one.publisher else next(iter((*one.links, *one.read_at)), "")
        return separated(filter(None, [labelled(who, where), one.attribution]))

    @property
    def judgement(self) -> str:
        """What is judged of it, in a sentence; what nobody judged is not known."""
        judgement = self.record.judgement
        match judgement.kind if judgement else Kind.NOT_KNOWN:
            case Kind.NOT_ONE_OF:
                return _("It is not one of the projects that the report counts.")
            case Kind.ONE_OF:
                text = _("It is one of the projects that the report counts: %s.")
            case Kind.SAME:
                text = _("It is the same as %s.")
            case Kind.PART:
                text = _("It is a part of %s.")
            case _other:
                return _("No source says whether it is one of the projects that the report counts.")
        return text % self.other_in_words

    @cached_property
    def other(self) -> Project | Record | None:
        """The entry or the record that it belongs to."""
        key = self.record.belongs_to
        judgement = self.record.judgement
        if not key or judgement is None:
            return None
        if judgement.is_of_entry:
            return Project.published.filter(reference=key).first()
        return next((one for one in every() if one.key == key), None)

    @property
    def other_in_words(self) -> str:
        other = self.other
        if isinstance(other, Project):
            return f"{other.reference} {quoted(other.title)}"
        return quoted(other.title) if other else ""


def profiles(records: Iterable[Record]) -> list[Profile]:
    return [Profile(one) for one in records]
