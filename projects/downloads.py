"""Tables on a reader's own terms: which columns, what cells hold, what files are called."""

import hashlib
import re
from collections.abc import Iterable, Mapping

from .asking import Asked
from .asking.fields import ChoiceField
from .asking.filters import taking
from .asking.links import parameters_of
from .asking.words import version_of
from .columns import PROJECT_TABLE, Layout
from .listing import NAMING, ListFilter

# So many characters of a name; what is longer ends with a digest of the rest. With the first four,
# which every file has, these are 150.
_LONGEST_NAME = 146
# What says nothing of what is in a file: the edition stands in its version.
_NOT_SAID = ("edition", "sort", "page", "per_page")


class TableFilter(ListFilter):
    """The register's filters, and how a CSV file or a workbook has what they find."""

    cells = taking(ChoiceField, choices=[("slugs", ""), ("labels", "")])
    long = taking(ChoiceField, choices=[(one, "") for one in PROJECT_TABLE.by_one])
    hxl = taking(ChoiceField, choices=[("on", "")])

    layout = ("cells", "long", "hxl")


def layout_of(asked: Asked) -> Layout:
    """Return how a file has the table, with the columns asked for, what names a project, and bases.

    A classification never stands without how it is known.
    """
    table, long = asked.table, asked.layout.get("long", "")
    if asked.columns:
        names = {*NAMING, *asked.columns, *([table.by_one[long].name] if long else [])}
        bases = {basis for name, basis in table.bases.items() if name in names}
        table = table.only(names | bases)
    return Layout(table, asked.layout.get("cells") == "labels", long, "hxl" in asked.layout)


def name_of(asked: Asked, extension: str) -> str:
    """Return what a file of projects is called: of which register or edition, what was asked."""
    name = saying(f"projects-{version_of(asked)}", parameters_of(asked))
    return f"pve-{name}.{extension}"


def saying(name: str, asked: Mapping[str, Iterable[str]]) -> str:
    """Return a file's name with the values that were asked for, by parameter, behind it."""
    said = ["-".join([each, *values]) for each, values in asked.items() if each not in _NOT_SAID]
    name = re.sub(r"\W+", "-", "-".join([name, *said]), flags=re.A)
    if len(name) > _LONGEST_NAME:
        digest = hashlib.sha256("&".join(said).encode()).hexdigest()[:8]
        name = f"{name[:_LONGEST_NAME]}-{digest}"
    return name.rstrip("-")
