"""Activities of an IATI file, versions 2.01 to 2.03, as readings: no database, no network.

Nothing is guessed: an activity that cannot be read is a problem, what is doubtful in it a flag.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import sha256
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from ..codes import acronym_of
from ..imports.lines import Refused
from ..imports.names import rows_of
from ..text import control_in
from .problems import Problem
from .reading import KEY_LENGTH, Amount, Named, Narrative, Numbered, Reading

MOST_BYTES, MOST_DEPTH, MOST_ACTIVITIES = 50_000_000, 50, 10_000
VERSIONS = ("2.01", "2.02", "2.03")
# IATI's codelists ActivityStatus, ActivityDateType and TransactionType, as far as they are read.
_STATUSES = ("Pipeline/identification", "Implementation", "Finalisation", "Closed", "Cancelled")
STATUSES = dict(zip("123456", (*_STATUSES, "Suspended"), strict=True))
DATES = {"1": "planned start", "2": "actual start", "3": "planned end", "4": "actual end"}
TRANSACTIONS = {"2": "commitment", "3": "disbursement", "4": "expenditure"}
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# The parser gets a file in pieces of a million bytes: of small ones it reads a long tag too often.
# An activity is in memory as a whole, and takes up to forty times its bytes: ten pieces at most.
_PIECE, MOST_PIECES = 1_000_000, 10
_DAY = re.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2}|T.*)?")
# No more digits than Decimal adds without rounding.
_NUMBER = re.compile("[+-]?[0-9]{1,15}(?:[.][0-9]{0,12})?")


def read_iati(content: bytes, retrieved: str = "") -> tuple[list[Reading], list[Problem]]:
    """Return the activities of a file, and what is wrong with those that are left out.

    Raises Refused for a file that cannot be read as a whole.
    """
    readings: dict[int, Reading] = {}
    problems: list[Problem] = []
    rows: dict[str, list[int]] = {}
    for row, (element, generated) in enumerate(_activities(content), start=1):
        if row > MOST_ACTIVITIES:
            raise Refused(f"The file has more than {MOST_ACTIVITIES} activities.")
        activity = _Activity(element, generated)
        rows.setdefault(activity.identifier, []).append(row)
        if wrong := [*activity.problems()]:
            problems += [Problem(row, activity.identifier, sentence) for sentence in wrong]
        else:
            readings[row] = activity.reading(retrieved)
    if not rows:
        raise Refused("The file has no iati-activity. At least one is needed.")
    for identifier, same in rows.items():
        if identifier and len(same) > 1:
            named = f"{', '.join(map(str, same[:-1]))} and {same[-1]}"
            sentence = f"Activities {named} have the same identifier: none of them is read."
            problems.append(Problem(same[0], identifier, sentence))
            for row in same:
                readings.pop(row, None)
    return [*readings.values()], sorted(problems, key=lambda one: one.row)


class _Builder(ElementTree.TreeBuilder):
    """Builds one activity at a time, and raises Refused before it builds what is not allowed."""

    def __init__(self) -> None:
        super().__init__()
        self.depth, self.generated = 0, ""
        self.complete: list[Element] = []

    def doctype(self, *_declaration: object) -> None:
        raise Refused("The file has a DOCTYPE, which could declare entities. Remove it.")

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise Refused(f"Elements of the file are nested deeper than {MOST_DEPTH} levels.")
        element = super().start(tag, attrs)
        if self.depth == 1:
            if tag != "iati-activities":
                text = "This is no file of IATI activities: its first element is “%s”."
                raise Refused(text % tag[:60])
            if (version := attrs.get("version", "")) not in VERSIONS:
                text = f"The version of the file is “%s”. Allowed: {', '.join(VERSIONS)}."
                raise Refused(text % (version[:20] or "none"))
            self.root, self.generated = element, attrs.get("generated-datetime", "")
        return element

    def end(self, tag: str) -> Element:
        element = super().end(tag)
        self.depth -= 1
        if self.depth == 1:
            self.complete += [element] if tag == "iati-activity" else []
            del self.root[:]
        return element


def _activities(content: bytes) -> Iterator[tuple[Element, str]]:
    """Yield each activity, and when the file says that it was generated."""
    if len(content) > MOST_BYTES:
        raise Refused(f"The file has more than the {MOST_BYTES} bytes that are allowed.")
    builder = _Builder()
    # The builder refuses a DOCTYPE, without which there are no entities; nothing is fetched.
    parser = ElementTree.XMLParser(target=builder)  # noqa: S314 - entities cannot be declared
    unfinished = 0
    try:
        for at in range(0, len(content), _PIECE):
            parser.feed(content[at : at + _PIECE])
            yield from ((element, builder.generated) for element in builder.complete)
            unfinished = 0 if builder.complete else unfinished + 1
            if unfinished > MOST_PIECES:
                raise Refused(f"An activity has more than {MOST_PIECES * _PIECE} bytes.")
            builder.complete.clear()
        parser.close()
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        allowed = "Its encoding must be UTF-8, or the one that its first line declares"
        raise Refused(f"The file cannot be read as XML: {error}. {allowed}.") from None


class _Activity:
    """An activity while it is read; `flags` collects what is doubtful, each sentence once."""

    def __init__(self, element: Element, generated: str) -> None:
        # What follows an element in its file is no part of it.
        element.tail = None
        self.element, self.lang = element, element.get(_LANG, "")
        self.text = ElementTree.canonicalize(ElementTree.tostring(element, "unicode"))
        self.updated = max(_day(generated), _day(element.get("last-updated-datetime", "")))
        self.identifier = (element.findtext("iati-identifier") or "").strip()
        self.titles = self.narratives(element, "title/narrative")
        self.reporter = _child(element, "reporting-org")
        self.ref, self.publisher = _attribute(self.reporter, "ref"), self.name(self.reporter)
        self.flags: dict[str, None] = {}

    def problems(self) -> Iterator[str]:
        """Yield why the activity cannot be read."""
        if not self.identifier:
            yield "The activity has no iati-identifier. Give it one."
        if len(self.identifier.splitlines()) > 1:
            yield "The iati-identifier has a line break. Write it in one line."
        for name, text in (("iati-identifier", self.identifier), ("reporting-org’s ref", self.ref)):
            if len(f"iati:{text}") > KEY_LENGTH:
                most = KEY_LENGTH - len("iati:")
                yield f"The {name} has more than the {most} characters that are allowed."
        if not self.ref:
            yield "The reporting-org of the activity has no ref. Give it one."
        if not self.titles:
            yield "The title of the activity has no narrative. Give it at least one."
        if (at := control_in(self.text)) is not None:
            code = f"U+{ord(self.text[at]):04X}"
            yield f"The activity has a control character, {code}. Check the encoding of the file."

    def reading(self, retrieved: str) -> Reading:
        """Return what the activity says; only one without problems can be read."""
        status = _attribute(_child(self.element, "activity-status"), "code")
        dates = self.dates()
        self.check_dates(dates, status)
        is_second_hand = _attribute(self.reporter, "secondary-reporter") in ("1", "true")
        reporter = {} if is_second_hand else {self.publisher: self.ref}
        entities = reporter | self.organizations("2", "3", "4")
        places = [*self.places("recipient-country"), *self.places("recipient-region")]
        return Reading(
            scheme="iati",
            identifier=self.identifier,
            publisher=self.publisher,
            data_set=f"iati:{self.ref}",
            titles=self.titles,
            descriptions=self.narratives(self.element, "description/narrative"),
            planned_start=dates.get("1", ""),
            start=dates.get("2", ""),
            planned_end=dates.get("3", ""),
            end=dates.get("4", ""),
            status=STATUSES.get(status, status),
            countries=[Named(name=name, code=code) for name, code in dict.fromkeys(places)],
            entities=[Named(name=name, code=acronym_of(ref)) for name, ref in entities.items()],
            donors=[*self.organizations("1")],
            money=self.money(),
            other_identifiers=[*self.other_identifiers()],
            parents=[*self.parents()],
            is_second_hand=is_second_hand,
            retrieved=retrieved,
            sha256=sha256(self.text.encode()).hexdigest(),
            flags=[*self.flags],  # the last one: those above add to them
        )

    def flag(self, sentence: str) -> None:
        self.flags[sentence] = None

    def narratives(self, parent: Element, path: str) -> list[Narrative]:
        """Return texts with their languages in the file's order, but English first."""
        found = [
            Narrative(lang=one.get(_LANG) or self.lang, text=text)
            for one in parent.iterfind(path)
            if (text := (one.text or "").strip())
        ]
        return sorted(found, key=lambda one: one["lang"].lower().split("-")[0] != "en")

    def name(self, element: Element) -> str:
        """Return an organization's or a place's name, in English if there is one, or its code."""
        named = [one["text"] for one in self.narratives(element, "narrative")]
        codes = [_attribute(element, "ref"), _attribute(element, "code")]
        return next(filter(None, [*named, *codes]), "")

    def dates(self) -> dict[str, str]:
        """Return the days by their type in IATI's codelist."""
        days: dict[str, str] = {}
        for element in self.element.iterfind("activity-date"):
            kind, written = _attribute(element, "type"), _attribute(element, "iso-date")
            day = _day(written)
            if kind.startswith(("start-", "end-")):
                self.flag(f"It has dates of version 1, which are not read: “{kind}”.")
            elif kind not in DATES:
                self.flag(f"A date of type “{kind}” is not read. Types: {', '.join(DATES)}.")
            elif not day:
                self.flag(f"The {DATES[kind]} is “{written}”: this is no date.")
            elif days.setdefault(kind, day) != day:
                self.flag(f"It has more than one {DATES[kind]}: {days[kind]} is read.")
        return days

    def check_dates(self, dates: dict[str, str], status: str) -> None:
        """Flag what is certain to be a contradiction."""
        for start, end in (("1", "3"), ("2", "4")):
            if end in dates and dates[end] < dates.get(start, ""):
                self.flag(f"The {DATES[end]} is before the {DATES[start]}.")
        is_open, named = status in ("1", "2"), f"The status is “{STATUSES.get(status)}”, but"
        if status in ("3", "4") and not dates.keys() & {"3", "4"}:
            self.flag(f"{named} there is no end.")
        if status == "1" and "2" in dates:
            self.flag(f"{named} there is an actual start.")
        if is_open and "4" in dates and dates["4"] < self.updated:
            self.flag(f"{named} the actual end is before the last update, {self.updated}.")

    def places(self, path: str) -> Iterator[tuple[str, str]]:
        """Yield names and codes of countries or regions; percentages are checked, never used."""
        is_country = path == "recipient-country"
        for tag in self.element.iterfind(path):
            name, code, written = self.name(tag), _attribute(tag, "code"), tag.get("percentage")
            share = _number(written or "")
            if written is not None and share is None:
                self.flag(f"The percentage of “{name}” is “{written}”: this is no number.")
            elif is_country and share == 0:
                self.flag(f"The country “{name}” has 0 per cent.")
            if not name:
                self.flag(f"A {path} has no code and no narrative: it is left out.")
            elif is_country:
                yield name, _alpha_3().get(code, "")
            else:
                yield f"Region {code}" if name == code else name, ""

    def organizations(self, *roles: str) -> dict[str, str]:
        """Return those that take part in one of the roles: their IATI codes, by name."""
        codes: dict[str, str] = {}
        for organization in self.element.iterfind("participating-org"):
            name, role = self.name(organization), _attribute(organization, "role")
            if not name:
                self.flag("A participating-org has no ref and no narrative: it is left out.")
            elif role not in ("1", "2", "3", "4"):
                self.flag(f"“{name}” is left out: its role is “{role}”. Roles: 1, 2, 3, 4.")
            elif role in roles:
                # The reporting-org is often named again by its ref alone.
                named = self.publisher if name == self.ref else name
                codes.setdefault(named, _attribute(organization, "ref"))
        return codes

    def money(self) -> list[Amount]:
        """Return sums by year, kind and currency, which are never converted."""
        sums: defaultdict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
        default = _attribute(self.element, "default-currency")
        for kind, element, year in (*self.budgets(), *self.transactions()):
            value = _child(element, "value")
            amount, currency = _number(value.text or ""), _attribute(value, "currency") or default
            if amount is not None and currency and year:
                sums[year, kind, currency] += amount
            else:
                missing = "number" if amount is None else "year" if currency else "currency"
                self.flag(f"An amount of the kind “{kind}” is left out: it has no {missing}.")
        return [
            Amount(year=year, kind=kind, currency=currency, amount=f"{total.normalize():f}")
            for (year, kind, currency), total in sorted(sums.items())
        ]

    def budgets(self) -> Iterator[tuple[str, Element, str]]:
        """Yield budgets with their years; a revised one replaces the original of its period."""
        budgets = [
            (tag.get("type", "1"), _date_of(tag, "period-start"), _date_of(tag, "period-end"), tag)
            for tag in self.element.iterfind("budget")
        ]
        revised = {(start, end) for kind, start, end, _budget in budgets if kind == "2"}
        for kind, start, end, tag in budgets:
            if kind == "2" or (kind == "1" and (start, end) not in revised):
                # A value date is of the exchange rate: often one for the budgets of all years.
                yield "budget", tag, (start or _date_of(tag, "value"))[:4]

    def transactions(self) -> Iterator[tuple[str, Element, str]]:
        """Yield the transactions that are read, with their kinds and years."""
        for one in self.element.iterfind("transaction"):
            if kind := TRANSACTIONS.get(_attribute(_child(one, "transaction-type"), "code")):
                yield kind, one, (_date_of(one, "value") or _date_of(one, "transaction-date"))[:4]

    def other_identifiers(self) -> Iterator[Numbered]:
        for one in self.element.iterfind("other-identifier"):
            owner = _attribute(_child(one, "owner-org"), "ref")
            if identifier := _attribute(one, "ref"):
                scheme = _attribute(one, "type") or owner or "other"
                yield Numbered(scheme=scheme, identifier=identifier)

    def parents(self) -> Iterator[Numbered]:
        for one in self.element.iterfind("related-activity"):
            if _attribute(one, "type") == "1" and (identifier := _attribute(one, "ref")):
                yield Numbered(scheme="iati", identifier=identifier)


@cache
def _alpha_3() -> dict[str, str]:
    return {one["alpha_2"]: one["code"] for one in rows_of("alpha_2")}


def _child(element: Element, path: str) -> Element:
    """Return the first child of a name, an empty one if there is none."""
    return next(element.iterfind(path), Element(path))


def _attribute(element: Element, name: str) -> str:
    return element.get(name, "").strip()


def _day(written: str) -> str:
    """Return the day of a date, with or without a time, and nothing of what is no date."""
    found = _DAY.fullmatch(written.strip())
    try:
        return date.fromisoformat(found[1]).isoformat() if found else ""
    except ValueError:
        return ""


def _date_of(element: Element, path: str) -> str:
    child = _child(element, path)
    return _day(_attribute(child, "value-date" if path == "value" else "iso-date"))


def _number(written: str) -> Decimal | None:
    return Decimal(written.strip()) if _NUMBER.fullmatch(written.strip()) else None
