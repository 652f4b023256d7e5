"""The columns, cells and names of downloaded files."""

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

# Characters; a longer name ends with a digest.
_LONGEST_NAME = 146
# Not part of a file's name: its version has the edition.
_NOT_NAMED = ("edition", "sort", "page", "per_page")


class TableFilter(ListFilter):
    cells = taking(ChoiceField, choices=[("slugs", ""), ("labels", "")])
    long = taking(ChoiceField, choices=[(one, "") for one in PROJECT_TABLE.by_one])
    hxl = taking(ChoiceField, choices=[("on", "")])

    layout = ("cells", "long", "hxl")


def layout_of(asked: Asked) -> Layout:
    """Return the layout of a file: the columns asked for, NAMING, and the bases of both."""
    table, long = asked.table, asked.layout.get("long", "")
    if asked.columns:
        names = {*NAMING, *asked.columns, *([table.by_one[long].name] if long else [])}
        bases = {basis for name, basis in table.bases.items() if name in names}
        table = table.only(names | bases)
    return Layout(table, asked.layout.get("cells") == "labels", long, "hxl" in asked.layout)


def name_of(asked: Asked, extension: str) -> str:
    name = file_name_of(f"projects-{version_of(asked)}", parameters_of(asked))
    return f"pve-{name}.{extension}"


def file_name_of(name: str, asked: Mapping[str, Iterable[str]]) -> str:
    """Return a file's name followed by the values that were asked for."""
    said = ["-".join([each, *values]) for each, values in asked.items() if each not in _NOT_NAMED]
    name = re.sub(r"\W+", "-", "-".join([name, *said]), flags=re.A)
    if len(name) > _LONGEST_NAME:
        digest = hashlib.sha256("&".join(said).encode()).hexdigest()[:8]
        name = f"{name[:_LONGEST_NAME]}-{digest}"
    return name.rstrip("-")
