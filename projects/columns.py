"""The columns of the table that exports write, imports read and history keeps."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from .vocabulary import Basis, PriorityArea, Provenance, Region, Scope, Status

DATE = gettext_lazy("YYYY, YYYY-MM or YYYY-MM-DD, as precise as the source; empty if not stated")


@dataclass(frozen=True)
class Column:
    """A column of the table: its name, what it means, and what may stand in it.

    `allowed` is a vocabulary, or a sentence. `several` cells hold a list.
    """

    name: str
    meaning: str
    allowed: object
    several: bool = False
    width: int = 14

    @property
    def vocabulary(self) -> list[tuple[str, str]]:
        """The (slug, label) pairs allowed, or nothing for free columns."""
        return getattr(self.allowed, "choices", [])


COLUMNS = (
    Column(
        "reference",
        gettext_lazy("The project’s permanent number in this register"),
        gettext_lazy("PVE- and three or more digits"),
    ),
    Column(
        "title",
        gettext_lazy("The project’s title; a systematic one if the report only counts it"),
        gettext_lazy("Text of at most 300 characters"),
        width=60,
    ),
    Column(
        "summary",
        gettext_lazy("What the project does, as far as the source says"),
        gettext_lazy("Text of at most 4,000 characters; empty if not stated"),
        width=60,
    ),
    Column(
        "priority_area",
        gettext_lazy("Priority area of the Plan of Action, as grouped in paragraph 24"),
        PriorityArea,
        width=18,
    ),
    Column("priority_area_basis", gettext_lazy("How the priority area is known"), Basis),
    Column("scope", gettext_lazy("Geographic scope, as grouped in paragraph 25"), Scope),
    Column("scope_basis", gettext_lazy("How the scope is known"), Basis),
    Column(
        "regions",
        gettext_lazy("Regions of paragraph 25; none for a global project"),
        Region,
        several=True,
    ),
    Column(
        "regions_basis",
        gettext_lazy("How the regions are known; empty for a global project"),
        Basis,
    ),
    Column(
        "countries",
        gettext_lazy("Countries in which the project works"),
        gettext_lazy("ISO 3166-1 alpha-3 codes; empty if not stated"),
        several=True,
    ),
    Column(
        "entities",
        gettext_lazy("United Nations entities that carry the project out"),
        gettext_lazy("Acronyms of the directory; empty if not stated"),
        several=True,
        width=18,
    ),
    Column("status", gettext_lazy("Whether the project is planned, ongoing or completed"), Status),
    Column("start_date", gettext_lazy("When the project began"), DATE),
    Column("end_date", gettext_lazy("When the project ended or will end"), DATE),
    Column(
        "methodology",
        gettext_lazy("How the project works"),
        gettext_lazy("Text of at most 500 characters; empty if not stated"),
        width=30,
    ),
    Column(
        "link",
        gettext_lazy("A page about the project"),
        gettext_lazy("A web address; empty if none is known"),
    ),
    Column("provenance", gettext_lazy("How far the entry is documented"), Provenance),
    Column(
        "source",
        gettext_lazy("The document that the entry rests on"),
        gettext_lazy("Document symbol and paragraphs"),
        width=22,
    ),
    Column(
        "updated_at",
        gettext_lazy("When the entry last changed in this register"),
        gettext_lazy("Date and time, ISO 8601, UTC"),
        width=22,
    ),
)
NAMES = [column.name for column in COLUMNS]
# When a row was last written says nothing about the project.
COMPARED = [name for name in NAMES if name != "updated_at"]
# What says how a project is classified, and how that is known.
CLASSIFIED_BY = (
    "priority_area",
    "priority_area_basis",
    "scope",
    "scope_basis",
    "regions",
    "regions_basis",
)
SEVERAL = [place for place, column in enumerate(COLUMNS) if column.several]
# Only these hold text that somebody typed freely.
FREE_TEXT = [NAMES.index(name) for name in ("title", "summary", "methodology", "link", "source")]
