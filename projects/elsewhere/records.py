"""The records that are counted here, what each belongs to, and sentences on all of them."""

from collections import Counter
from collections.abc import Container, Iterable
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..asking.published import shown
from ..citations import sentences
from ..models import Project, cached
from ..text import all_of, fold, searchable
from ..vocabulary import NOT_COUNTED, InMatrix
from .dates import When, when
from .models import OF_ANOTHER, Judgement, Kind, Record
from .reading import PAGES

EXAMPLES = 3


@cached
def every() -> list[Record]:
    """Return all records by title, each with its `judgement` and what it `belongs_to`.

    That is the reference of an entry or the key of a record that it is the same as, or a part of;
    "" if it is neither. “One of those counted” holds once a source says it of a public entry.
    """
    # What belongs to an entry that was merged belongs to the other one.
    merged = Project.live.merged().exclude(merged_into__review__in=NOT_COUNTED)
    into = merged.filter(reference=OuterRef("other")).values("merged_into__reference")
    described = Project.published.described()
    entry = described.filter(reference=OuterRef("belongs")).values("in_matrix")
    belongs = Coalesce(Subquery(into), F("other"))
    belonging = Judgement.objects.annotate(belongs=belongs).annotate(entry=Subquery(entry))
    judgements = {one.key: one for one in belonging}
    for judged in judgements.values():
        judged.other = judged.belongs
    records = list(Record.objects.all())
    keys = {one.key for one in records}
    for record in records:
        judgement = judgements.get(record.key)
        record.belongs_to = _belongs_to(judgement, keys) if judgement else ""
        # What names an entry that is not public yet is not public either.
        holds = judgement and (record.belongs_to or judgement.kind not in OF_ANOTHER)
        record.judgement = judgement if holds else None
        record.searched = searchable(*_texts_of(record))
    return sorted(records, key=lambda one: fold(one.title))


def _belongs_to(judgement: Any, keys: Container[str]) -> str:
    """Return what a judgement holds for: a record that is there, or an entry that is public.

    `entry` says of a public entry whether a source places it in the matrix.
    """
    if judgement.kind not in OF_ANOTHER:
        return ""
    holds = judgement.entry or judgement.other in keys
    if judgement.kind == Kind.ONE_OF:
        holds = judgement.entry == InMatrix.YES
    return judgement.other if holds else ""


def _texts_of(record: Record) -> list[str]:
    one = record.reading
    narratives = [each["text"] for each in (*one.titles, *one.descriptions)]
    outputs = [text for each in one.outputs for text in (each["title"], each["description"])]
    named = [each["name"] for each in (*one.countries, *one.entities)]
    return [one.identifier, *narratives, *outputs, *named, *one.donors, *one.words]


def counted() -> list[Record]:
    """Return the records that are no double and no part of another, and no entry."""
    return [one for one in every() if not one.belongs_to]


def examples() -> list[Record]:
    """Return the first that ran on the day of the report and whose subject it is by their words."""
    day, every_one = shown().date, counted()
    running = [one for one in every_one if when(one.reading, day) == When.RUNNING]
    found = [one for one in running if one.reading.speaks_of_it == "yes"]
    return (found or every_one)[:EXAMPLES]


def attributions(records: Iterable[Record]) -> list[str]:
    """Return what is to be named with these records, once each."""
    return list(dict.fromkeys(filter(None, (one.reading.attribution for one in records))))


def belonging_to(key: str) -> list[Record]:
    """Return what is judged to be the same as an entry or a record, or a part of it."""
    return [one for one in every() if one.belongs_to == key]


def introduction(found: list[Record]) -> str:
    """Return what these records are and who publishes them, and that they are not counted here."""
    if not found:
        return ""
    return sentences([*_published(found), not_known(found), _("They are not counted here.")])


def _published(records: Iterable[Record]) -> list[str]:
    """Return a sentence for each publisher whose words are quoted, one for public pages."""
    quoted, others = Counter[str](), Counter[str]()
    pages = 0
    for record in records:
        if record.data_set == PAGES:
            pages += 1
        else:
            (quoted if record.reading.speaks_of_it else others)[record.reading.publisher] += 1
    said = []
    for publisher, number in quoted.items():
        text = ngettext(
            "%(number)d project published by %(publisher)s mentions extremism, radicalization, "
            "terrorism or Boko Haram in its own words.",
            "%(number)d projects published by %(publisher)s mention extremism, radicalization, "
            "terrorism or Boko Haram in their own words.",
            number,
        )
        said.append(text % {"number": number, "publisher": publisher})
    if pages:
        text = ngettext(
            "%(number)d activity of United Nations entities and their partners is described on "
            "public pages.",
            "%(number)d activities of United Nations entities and their partners are described "
            "on public pages.",
            pages,
        )
        said.append(text % {"number": pages})
    if others:
        text = ngettext(
            "%(number)d project was read from the data of another publisher: %(publishers)s.",
            "%(number)d projects were read from the data of other publishers: %(publishers)s.",
            others.total(),
        )
        said.append(text % {"number": others.total(), "publishers": all_of(sorted(others))})
    return said


def not_known(records: Iterable[Record]) -> str:
    """Return that no source says which records are among those that the report counts.

    Empty if all are judged not to be among them.
    """
    kinds = Counter(one.judgement.kind if one.judgement else Kind.NOT_KNOWN for one in records)
    apart, total = kinds[Kind.NOT_ONE_OF], shown().whole
    numbers = {"number": kinds.total() - apart, "apart": apart, "total": total}
    if not numbers["number"]:
        return ""
    if not total:
        text = _("No source says which of them are among the projects that a report counts.")
    elif apart:
        text = ngettext(
            "Of %(number)d no source says whether they are among the %(total)d; %(apart)d is not.",
            "Of %(number)d no source says whether they are among the %(total)d; %(apart)d are not.",
            apart,
        )
    else:
        text = _("No source says which of them are among the %(total)d.")
    return text % numbers
