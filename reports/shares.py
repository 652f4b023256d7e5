"""Shares: only of what is published or documented, of a reconstruction the range at most."""

from projects.asking.answers import Answer, State

UNKNOWN = "?"


def share_of(part: Answer, whole: Answer) -> tuple[float, float] | None:
    """Return the share of a number in per cent, from least to most; None where it is not known.

    Of a whole that is itself a reconstruction there are no shares, of what was assigned only those
    that its range allows.
    """
    total = whole.published if whole.published is not None else whole.reconstruction
    if whole.state == State.RECONSTRUCTION or not total:
        return None
    if part.state != State.RECONSTRUCTION:
        number = part.published if part.published is not None else part.reconstruction
        return 100 * number / total, 100 * number / total
    if part.range is None:
        return None
    return 100 * part.range.low / total, min(100.0, 100 * part.range.high / total)


def share_words(part: Answer, whole: Answer) -> str:
    """Return the share as it is printed: 27.4 %, or 0–66 % of a reconstruction."""
    share = share_of(part, whole)
    if share is None:
        return UNKNOWN
    low, high = share
    return f"{low:.1f} %" if part.state != State.RECONSTRUCTION else f"{low:.0f}–{high:.0f} %"
