"""What a text of a file can mean: the columns it can speak of, and a text with its reading."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..columns import PROJECT_TABLE
from ..models.fields import PARTIAL_DATE
from ..vocabulary import Region

# Of a name or code in a column that several records can be called by, or none.
UNKNOWN = {
    "entities": _("“%s” is no entity of the directory. Separate several with semicolons."),
    "countries": _("“%s” is no country of the directory. Separate several with semicolons."),
}
REGION_OF = "region_of"
# Columns that say how a row is known, and what a heading above rows can say of them.
KNOWN_BY = ("provenance", *PROJECT_TABLE.bases.values())
OF_SECTIONS = tuple(
    column.name for column in PROJECT_TABLE.facets.values() if column.group != "known"
)
# Columns whose values are read, and which of our columns each can speak of.
SPEAKS_OF = {
    **{name: (name,) for name in (*OF_SECTIONS, *KNOWN_BY)},
    "scope": ("scope", "regions", "countries"),
    "regions": ("regions", "countries"),
    "countries": ("countries", "regions"),
    "in_matrix": ("in_matrix",),
    # "2016–2019"
    "start_date": ("start_date", "end_date"),
    "end_date": ("end_date",),
    # No column of a file: what region a country is in, which is asked of the doubtful ones.
    REGION_OF: ("regions",),
}
DATES, PLACES = ("start_date", "end_date"), ("regions", "countries")
_REGIONS = Region.values
# What a text is read as: by our columns, a value or a list of them. One of entities also has the
# `names` of new ones, by acronym. One that is not what the text says itself, but what somebody said
# that it means, `is_ours`.
Reading = dict[str, Any]
# What somebody said of texts, by column and text.
Readings = Mapping[str, Mapping[str, Reading]]


@dataclass
class Written:
    """A text that a file has in a column, how often, and what it is read as.

    `unknown` are the parts of it that are asked about, each with the column of its meaning. Of one
    that is asked about itself, the reading is a proposal, by its `likeness` to what is known, of
    100, or 0 for what it means most often; what that is, is `like` it. `spellings` are the texts
    that are asked about with it.
    """

    column: str
    text: str
    count: int
    reading: Reading
    unknown: list[tuple[str, str]] = field(default_factory=list)
    likeness: int = 0
    spellings: list[str] = field(default_factory=list)
    like: str = ""

    @property
    def is_asked(self) -> bool:
        return bool(self.unknown)

    @property
    def label(self) -> str:
        return self.spellings[0] if self.spellings else self.text


def in_order(name: str, values: Iterable[str]) -> list[str]:
    key: Any = _REGIONS.index if name == "regions" else str.casefold
    return sorted({*values}, key=key)


def is_read(column: str, text: str) -> bool:
    """Return whether a text has a meaning: it is no slug of how something is known, or our date."""
    if not text or column not in SPEAKS_OF:
        return False
    if column in (*KNOWN_BY, "in_matrix"):
        return text not in dict(PROJECT_TABLE.by_name[column].vocabulary)
    return column not in DATES or not re.fullmatch(PARTIAL_DATE, text)
