"""Cells that a spreadsheet could run as a formula, and how they are kept from it."""

import re

# What starts a formula in a spreadsheet or a command in its older exchange formats; full-width
# signs included. As in the brackets of a regular expression: "-" stands last.
SIGNS = "=+@\t\r\n|%＝＋－＠-"
# Optional apostrophes and spaces, then such a sign.
_FORMULA = re.compile(rf"'*\s*[{SIGNS}]")


def defuse(text: str) -> str:
    """Return the text as a CSV cell carries it: with one ' before what could run as a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def restore_cell(cell: str) -> str:
    """Return the text that `defuse` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
