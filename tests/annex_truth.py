"""Writes `tests/data/annexD_truth.csv`: the 223 projects of an invented annex, as they are meant.

`python -m tests.annex_truth annexD_truth.json` reads what each row of the sheet means. The file has
the register's own columns; an entry has no reference, since it is new. Of the sheets E and F it
writes what their rows say.
"""

import csv
import json
import sys
from pathlib import Path

from projects.codes import ALPHA_2

FILE = Path(__file__).parent / "data" / "annexD_truth.csv"
# As the register orders them.
REGIONS = ("africa", "mena", "asia", "europe", "americas")
WITHOUT_BASES = (
    *("priority_area", "scope", "regions", "countries", "entities", "status", "start_date"),
)
BASES = ("priority_area_basis", "scope_basis", "regions_basis")


def rows_of(truth: list[dict]) -> list[dict[str, str]]:
    """Return a row for each entry, without the second ones of what the sheet has twice."""
    with ALPHA_2.open(encoding="utf-8", newline="") as file:
        alpha_3 = {theirs: ours for ours, theirs, *_source in csv.reader(file)}
    entries = [one for one in truth if not one.get("_dup")]
    return [
        {
            "reference": "",
            "title": one["title"],
            "priority_area": one["_area"],
            "scope": one["_scope"],
            "regions": ";".join(region for region in REGIONS if region in one["_regs"]),
            # A region has a basis only where there is one.
            **dict.fromkeys(BASES, "stated"),
            **({} if one["_regs"] else {"regions_basis": ""}),
            "countries": ";".join(sorted(alpha_3[code] for code in one["_countries"])),
            "entities": ";".join(one["_ents"]),
            "status": one["_status"] or "not-stated",
            "start_date": one["_start"],
            "provenance": "confirmed",
            "in_matrix": "yes",
            "source": f"Annex made up for tests, row {number}",
            "link": f"https://example.org/annex/{number}",
        }
        for number, one in enumerate(entries, start=1)
    ]


def said_in(truth: list[dict]) -> list[dict[str, str]]:
    """Return what each row says, in the register's columns, without those that none has."""
    names = {"_end": "end_date", "_link": "link"}
    found = []
    for one, row in zip(truth, rows_of(truth), strict=True):
        said = {name: row[name] for name in ("title", *WITHOUT_BASES)}
        said |= {ours: one[theirs] for theirs, ours in names.items() if theirs in one}
        found.append(said | ({"in_matrix": "yes" if one["_m"] else "no"} if "_m" in one else {}))
    return found


if __name__ == "__main__":
    given = Path(sys.argv[1])
    truth = json.loads(given.read_text(encoding="utf-8"))
    rows = rows_of(truth) if given.stem == FILE.stem else said_in(truth)
    with FILE.with_stem(given.stem).open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0], lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    print(f"{given.stem}: {len(rows)} rows")
