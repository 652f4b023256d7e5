"""A project as another publisher published it: every reader of files gives this, nothing else."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any, TypedDict

# The most characters of a record's key, and of the name of its data set.
KEY_LENGTH = 200
# Schemes of what ships.
UNDP, PAGES = "undp", "pages"


class Narrative(TypedDict):
    """A text as published; `lang` is what the source says of its language, "" if nothing."""

    lang: str
    text: str


class Named(TypedDict):
    """A country or an entity as published; `code` names a row of a directory, or is empty."""

    name: str
    code: str


class Numbered(TypedDict):
    """An identifier, and whose it is."""

    scheme: str
    identifier: str


class Amount(TypedDict):
    """Money of one year: `kind` is budget, expenditure, disbursement or commitment.

    `amount` is a decimal number as published, e.g. "-12.5".
    """

    year: str
    kind: str
    currency: str
    amount: str


@dataclass(frozen=True)
class Reading:
    """A project as one source publishes it: nothing is translated or completed.

    Dates are as precise as published: YYYY, YYYY-MM or YYYY-MM-DD. `start` and `end` are the actual
    ones, or those of a source that does not distinguish; planned ones are apart.
    """

    scheme: str  # a slug: whose number the identifier is
    identifier: str
    data_set: str
    titles: list[Narrative]
    publisher: str = ""  # of the data; "" where activities are described on pages of many
    kind: str = ""  # as published: project, workshop
    unit: str = ""  # the publisher's own office
    descriptions: list[Narrative] = field(default_factory=list)
    start: str = ""
    end: str = ""
    planned_start: str = ""
    planned_end: str = ""
    status: str = ""
    countries: list[Named] = field(default_factory=list)
    entities: list[Named] = field(default_factory=list)
    donors: list[str] = field(default_factory=list)
    partner: str = ""
    # Parts of it with numbers of their own: identifier, title, description, donors, money, and
    # whether a quoted word is in it (`speaks_of_it`).
    outputs: list[dict[str, Any]] = field(default_factory=list)
    # Of outputs that speak of it, if only some do; of a kind, a year and a currency one amount.
    money: list[Amount] = field(default_factory=list)
    money_in_words: str = ""  # as published, where it is not by year; never added up
    why_no_money: bool = False  # no output speaks of it by its own text
    other_identifiers: list[Numbered] = field(default_factory=list)
    parents: list[Numbered] = field(default_factory=list)
    is_second_hand: bool = False
    speaks_of_it: str = ""  # yes, partly, or nothing
    words: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)  # what is doubtful, in English
    links: list[str] = field(default_factory=list)  # addresses at the publisher's host
    read_at: list[str] = field(default_factory=list)  # where a copy was read
    licence: str = ""
    attribution: str = ""
    retrieved: str = ""
    sha256: str = ""  # of the record as it was published

    @property
    def key(self) -> str:
        return f"{self.scheme}:{self.identifier}"

    def as_json(self) -> str:
        """Return what `of_json` reads, without what is empty."""
        known = {name: value for name, value in asdict(self).items() if value}
        return json.dumps(known, ensure_ascii=False)

    @classmethod
    def of_json(cls, text: str) -> "Reading":
        return cls(**json.loads(text))
