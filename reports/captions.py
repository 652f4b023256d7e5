"""The title, subtitle and source inside a chart or picture, so that it can be copied alone."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from projects.asking import Selection
from projects.asking.answers import State
from projects.asking.words import subject_of
from projects.text import cited

from .breakdowns import Breakdown


@dataclass(frozen=True)
class Caption:
    title: str
    subtitle: str
    source: str


def caption_of(one: Breakdown, selection: Selection) -> Caption:
    subject, source = subject_of(selection.asked), register_of(selection)
    title = _("%(title)s: %(subject)s") % {"title": one.title, "subject": subject}
    if not selection.asked.is_filtered:
        # The report publishes no filtered figures: of those it is no source.
        known = {"source": cited("A/72/621", one.paragraph), "register": source}
        source = _("%(source)s; %(register)s") % known
    return Caption(title if subject else one.title, _known(one), source)


def _known(one: Breakdown) -> str:
    if not one.in_mentions:
        return one.answer.words
    states = {row.answer.state for row in one.rows}
    if states == {State.PUBLISHED} and not one.has_difference:
        return _("Counts, published in %s: a project in two regions is counted in each") % (
            one.rows[0].answer.source
        )
    return _("Projects that have a region: %s") % one.answer.words


def register_of(selection: Selection) -> str:
    if selection.asked.edition:
        return _("pvematrix register, edition “%s”") % selection.asked.edition
    return _("pvematrix register, %s") % date_format(timezone.now(), "j F Y")
