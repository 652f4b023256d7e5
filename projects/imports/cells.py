"""The cells of a file: which value each means, or what is wrong with it and what is allowed.

What was understood otherwise than written is counted by column.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..columns import PROJECT_TABLE, QUOTABLE, QUOTATIONS, SEPARATOR, Column
from ..exports import restore_cell
from ..history import text_of
from ..models import Country, Entity, Quotation
from ..text import control_in, plain_newlines, with_scheme
from .lines import FORMULA
from .meanings import DATES, SPEAKS_OF, UNKNOWN, Readings
from .reading import Translator

NO_TEXT = gettext_lazy(
    "Write a text: this is an error, a truth value or a formula without its value."
)
# A row's values by column, as history keeps them.
Values = dict[str, Any]


@dataclass(frozen=True)
class Problem:
    row: int
    column: str
    value: str
    message: str


@dataclass(frozen=True)
class Reading:
    """A cell that was understood as something else than it says letter for letter."""

    row: int
    column: str
    value: str
    read_as: str


@dataclass
class ReadRow:
    row: int
    values: Values
    problems: list[Problem] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    # The words of the file that columns are our reading of.
    ours: dict[str, str] = field(default_factory=dict)

    def refuse(self, column: str, value: str, message: str) -> None:
        self.problems.append(Problem(self.row, column, value, message))

    def note(self, column: str, value: str, read_as: str) -> None:
        if read_as and value != read_as:
            self.readings.append(Reading(self.row, column, value, read_as))


@cache
def shown_words(column: str) -> dict[str, str]:
    """Return the slugs of what a column shows and nobody sets, by their labels in all languages."""
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            shown = PROJECT_TABLE.by_name[column].shown
            found |= {str(label): slug for slug, label in shown.items()}
    return found


class CellReader:
    def __init__(self, is_csv: bool, readings: Readings | None = None) -> None:
        self.is_csv, self.translator = is_csv, Translator(readings)

    @cached_property
    def directories(self) -> dict[str, set[str]]:
        return {
            "entities": {*Entity.objects.values_list("acronym", flat=True)},
            "countries": {*Country.objects.values_list("code", flat=True)},
        }

    def read(self, row: ReadRow, column: Column, text: str, old: Any) -> Any:
        """Return the value that a cell means; notes what was understood, and what was not.

        `old` is what stands there, None for a new project.
        """
        name, nothing = column.name, column.nothing
        if self.is_csv and column.free_text:
            text = restore_cell(text)
        if text.startswith(FORMULA):
            row.refuse(name, text.removeprefix(FORMULA), str(NO_TEXT))
            return nothing if old is None else old
        if old is not None and text == text_of(old):
            return old
        if control_in(text) is not None:
            row.refuse(name, text, _("This cell has a control character; remove it."))
            return nothing
        if column is QUOTATIONS:
            quoted = self._quotations(row, text)
            lines = [f"{field}: {words}" for field, words in quoted.items()]
            row.note(name, plain_newlines(text.strip()), "\n".join(lines))
            return quoted
        if column.several:
            return self._list(row, column, text)
        if name == "reference":
            value = reference_in(text)
        elif (column.labels or name in DATES) and text.strip():
            value = self._meant(row, column, text.strip()) or ""
        else:
            value = plain_newlines(text.strip())
        value = with_scheme(value) if name == "link" else value or column.default
        self._note(row, column, text, value)
        return value

    @staticmethod
    def _note(row: ReadRow, column: Column, text: str, value: str) -> None:
        """Note what was read as something else; a label, as exports write it, means its slug."""
        if column.labels.get(value) != text:
            row.note(column.name, text, value)

    def _meant(self, row: ReadRow, column: Column, text: str) -> Any:
        """Return what a text means for a column, nothing with a problem if that is not known."""
        name = column.name
        if text in (self.directories[name] if column.linked_by else column.labels):
            return [text] if column.several else text
        if column.shown and (slug := shown_words(column.name).get(text)):
            return [slug] if column.several else slug
        written = self.translator.written(name, text)
        others = written.reading.keys() & {*SPEAKS_OF.get(name, ())} - {name}
        if others and not written.unknown:
            message = _("This says something of another column too: %s.")
            row.refuse(name, text, message % ", ".join(sorted(others)))
        elif written.unknown and name not in DATES:
            row.refuse(name, text, self._problem(column, text))
        elif written.unknown:
            return text
        elif written.reading.get("is_ours") and name in PROJECT_TABLE.bases:
            row.ours[name] = text
        return written.reading.get(name)

    def _problem(self, column: Column, text: str) -> str:
        if not column.linked_by:
            allowed = ", ".join(slug for slug, _label in column.vocabulary)
            return _("Not a value of this column. Allowed: %s.") % allowed
        names = getattr(self.translator, column.name)
        if found := names.look_up(text):
            return _("This can mean: %s. Write one of them.") % ", ".join(sorted(found))
        return UNKNOWN[column.name] % text

    def _list(self, row: ReadRow, column: Column, text: str) -> list[str]:
        parts = [part.strip() for part in text.replace("\n", SEPARATOR).split(SEPARATOR)]
        # Each value alone: their order means nothing.
        values: dict[str, None] = {}
        for part in filter(None, parts):
            meant = self._meant(row, column, part) or []
            if meant:
                self._note(row, column, part, SEPARATOR.join(meant))
            values |= dict.fromkeys(meant)
        if column.linked_by:
            return sorted(values, key=str.casefold)
        return sorted(values, key=[*column.labels].index)

    def _quotations(self, row: ReadRow, text: str) -> dict[str, str]:
        quotations: dict[str, str] = {}
        for line in filter(None, map(str.strip, plain_newlines(text).split("\n"))):
            field, _colon, words = (part.strip() for part in line.partition(":"))
            if field not in QUOTABLE:
                message = _("Start the line with a field and a colon. Fields: %s.")
                row.refuse(QUOTATIONS.name, line, message % ", ".join(QUOTABLE))
                continue
            if field in quotations:
                message = _("The field “%s” is quoted on another line already.")
                row.refuse(QUOTATIONS.name, line, message % field)
            try:
                quotation = Quotation.of(None, field, words)
                quotation.clean()
                quotation.clean_fields(exclude=["project"])
            except ValidationError as error:
                row.refuse(QUOTATIONS.name, line, " ".join(error.messages))
                continue
            quotations[field] = quotation.with_place
        return quotations


def words_in(text: str, source: str, file_name: str) -> str:
    """Return words of a file as a quotation: from its source, or from the file if that is none.

    A paragraph does not have a sheet's words.
    """
    is_paragraph = re.search(r", paras?\. ?[0-9]", source)
    document = file_name if is_paragraph or not source else source
    place = re.sub(r'[“”"\n]', "", document)[:100].strip()
    return f"“{text[:1000]}” ({place})"


def reference_in(text: str) -> str:
    return text.strip().upper()
