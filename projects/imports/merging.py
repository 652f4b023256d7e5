"""The merge of two entries of one project: one stays, the other is set aside.

The address of the other redirects to the one that stays, until the merge is undone.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from ..columns import PROJECT_TABLE, QUOTATIONS, Column
from ..evidence import Sources
from ..history import Snapshot
from ..vocabulary import Basis, Provenance, Review, Scope

# Whose value is taken.
STAYS, OTHER, BOTH = "stays", "other", "both"
_QUOTED = QUOTATIONS.name


def problem_of_merging(other: Snapshot, stays: Snapshot, sources: Sources) -> str:
    """Return why an entry cannot be merged into the one that stays, "" if it can."""
    keys = {"other": other["reference"], "stays": stays["reference"]}
    if keys["other"] == keys["stays"]:
        return _("Choose two entries: none is merged into itself.")
    for key, entry in zip(keys.values(), (other, stays), strict=True):
        if entry["provenance"] == Provenance.COUNTED:
            return _("%s is a placeholder: nothing is merged with it.") % key
        if entry["review"] != Review.REVIEWED:
            is_aside = entry["review"] == Review.SET_ASIDE
            text = _("%s is set aside.") if is_aside else _("%s waits for review.")
            return text % key
    if sources.describe(other["source"]):
        both = sources.describe(stays["source"])
        text = _("The report describes %(other)s and %(stays)s as two activities: both stay.")
        return (text if both else _("The report describes %(other)s: it stays.")) % keys
    return ""


def differing(stays: Snapshot, other: Snapshot) -> dict[str, str]:
    """Return whose value is proposed, by each column whose value, basis or words differ.

    That is the value of the entry that stays, or the other's where it has none. Of the sources are
    proposed those of these values.
    """
    sides: dict[str, str] = {}
    for name, column in PROJECT_TABLE.correctable.items():
        ours, theirs = with_basis(stays, name), with_basis(other, name)
        if ours != theirs:
            # A global project has no region.
            is_open = name != "regions" or stays["scope"] != Scope.GLOBAL
            lacks = ours[0] == column.nothing != theirs[0] and is_open
            sides[name] = OTHER if lacks else STAYS
    if "source" in sides and OTHER in sides.values():
        sides["source"] = BOTH
    return sides


def with_basis(values: Snapshot, name: str) -> tuple[Any, str, str]:
    """Return a value, its basis and the words that it was read from."""
    basis = values.get(PROJECT_TABLE.bases.get(name, ""), "")
    return values[name], basis, values[_QUOTED].get(name, "")


def may_be_both(column: Column) -> bool:
    return column.several or column.name == "source"


def merged(stays: Snapshot, other: Snapshot, taken: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of the entry that stays, with those `taken` from the other or from both.

    The basis of a value and its words go along with it. What is of both is stated if both are.
    """
    new = {**stays, _QUOTED: {**stays[_QUOTED]}}
    for name, side in taken.items():
        if side == STAYS:
            continue
        ours, theirs = with_basis(stays, name), with_basis(other, name)
        value, basis, words = theirs
        if side == BOTH:
            value, words = _joined(name, ours[0], value), ours[2] or words
            basis = Basis.INFERRED.value if Basis.INFERRED in (ours[1], basis) else basis or ours[1]
        new[name] = value
        if name in PROJECT_TABLE.bases:
            new[PROJECT_TABLE.bases[name]] = basis
        new[_QUOTED].pop(name, None)
        if words:
            new[_QUOTED][name] = words
        if name == "in_matrix":
            new["report"] = other["report"]
    return new


def _joined(name: str, ours: Any, theirs: Any) -> Any:
    column = PROJECT_TABLE.by_name[name]
    if not column.several:
        return "; ".join(dict.fromkeys(map(str.strip, f"{ours};{theirs}".split(";"))))
    key: Any = str.casefold if column.linked_by else [*column.labels].index
    return sorted({*ours, *theirs}, key=key)


def lacks_source(stays: Snapshot, other: Snapshot, taken: Mapping[str, str]) -> bool:
    """Return whether a value is taken from an entry whose source is left out."""
    sides = {STAYS: {STAYS: stays}, OTHER: {OTHER: other}, BOTH: {STAYS: stays, OTHER: other}}
    needed = {
        side
        for name, chosen in taken.items()
        for side, values in sides[chosen].items()
        if name != "source" and values[name] != PROJECT_TABLE.by_name[name].nothing
    }
    return "source" in taken and not needed <= sides[taken["source"]].keys()
