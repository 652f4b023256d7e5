"""What cells were understood as, in a few sentences: one for each way of reading, with examples."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import ngettext

from ..columns import PROJECT_TABLE
from .cells import Reading

# So many different values of one way of reading are shown.
EXAMPLES_SHOWN = 50


@dataclass
class ReadingGroup:
    """The cells of a column that were read in one way: how many, and the first different ones.

    `examples` are how often each (value, what it was read as) occurs.
    """

    column: str
    is_empty: bool
    says_nothing: bool = False
    count: int = 0
    examples: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, reading: Reading) -> None:
        """Count one more."""
        self.count += 1
        pair = (reading.value, reading.read_as)
        if pair in self.examples or len(self.examples) < EXAMPLES_SHOWN:
            self.examples[pair] = self.examples.get(pair, 0) + 1

    @property
    def rows(self) -> list[tuple[str, str, int]]:
        """The examples as (value, what it was read as, how often)."""
        return [(value, read_as, count) for (value, read_as), count in self.examples.items()]

    def __str__(self) -> str:
        column = PROJECT_TABLE.by_name.get(self.column)
        if self.is_empty:
            text = ngettext(
                "%(count)d empty cell of “%(column)s” read as “not stated”",
                "%(count)d empty cells of “%(column)s” read as “not stated”",
                self.count,
            )
        elif self.says_nothing:
            text = ngettext(
                "%(count)d cell of “%(column)s” that says nothing read as empty",
                "%(count)d cells of “%(column)s” that say nothing read as empty",
                self.count,
            )
        elif self.column == "entities":
            text = ngettext(
                "%(count)d name read as an acronym",
                "%(count)d names read as acronyms",
                self.count,
            )
        elif self.column == "countries":
            text = ngettext(
                "%(count)d name or number of a country read as its code",
                "%(count)d names or numbers of countries read as their codes",
                self.count,
            )
        elif self.column == "link":
            text = ngettext(
                "%(count)d link begun with https:// or without the spaces around it",
                "%(count)d links begun with https:// or without the spaces around them",
                self.count,
            )
        elif column and column.vocabulary:
            text = ngettext(
                "%(count)d value of “%(column)s” read as the register writes it",
                "%(count)d values of “%(column)s” read as the register writes them",
                self.count,
            )
        else:
            text = ngettext(
                "%(count)d cell of “%(column)s” tidied: spaces, line breaks, capitals",
                "%(count)d cells of “%(column)s” tidied: spaces, line breaks, capitals",
                self.count,
            )
        return text % {"count": self.count, "column": self.column}


def group(groups: dict[tuple[str, bool, bool], ReadingGroup], readings: Iterable[Reading]) -> None:
    """Add readings to their groups."""
    for reading in readings:
        key = (reading.column, not reading.value.strip(), not reading.read_as)
        groups.setdefault(key, ReadingGroup(*key)).add(reading)
