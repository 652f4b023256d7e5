"""What a stored version of a project says of it: its report, its place, and placeholders."""

from ..columns import PROJECT_TABLE
from ..cube import stated
from ..history import Snapshot
from ..text import number_of
from ..vocabulary import NOT_COUNTED, InMatrix, Provenance, facts_of_report

# The columns of a placeholder that are not derived, and those that every placeholder has.
OF_PLACEHOLDER = {
    *("reference", "title", "priority_area", "priority_area_basis", "provenance", "source"),
    *("in_matrix", "review", "report", "merged_into"),
}


def is_placeholder(snapshot: Snapshot | None) -> bool:
    return snapshot is not None and snapshot["provenance"] == Provenance.COUNTED


def report_before(snapshot: Snapshot) -> str:
    """Return the report of a version from before reports were recorded."""
    known = facts_of_report()
    about, in_matrix = getattr(known, "about", None), snapshot.get("in_matrix")
    if about is None:
        return ""
    if is_placeholder(snapshot):
        return str(about.slug) if snapshot["source"].startswith(f"{about.symbol},") else ""
    is_first = (number_of(snapshot["reference"]) or 0) <= known.whole
    return str(about.slug) if is_first or in_matrix != InMatrix.NOT_STATED else ""


def place_of(snapshot: Snapshot) -> tuple | None:
    """Return what the place of an entry is derived from; None if it has none in any matrix."""
    in_matrix = snapshot.get("in_matrix")
    if snapshot.get("review") in NOT_COUNTED or in_matrix == InMatrix.NO:
        return None
    known = stated(snapshot)
    classified = (str(known[name]) for name in sorted(PROJECT_TABLE.classifying & known.keys()))
    return (snapshot.get("report"), in_matrix, *classified)
