"""What a chart or a picture says of itself, also when it is cut out or saved."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from projects.asking import Selection
from projects.asking.words import subject_of
from projects.text import cited

from .breakdowns import Breakdown


@dataclass(frozen=True)
class Caption:
    """`title` says what is counted, `subtitle` how it is known, `source` where it comes from."""

    title: str
    subtitle: str
    source: str


def caption_of(one: Breakdown, selection: Selection) -> Caption:
    """Return what a chart of a breakdown says of itself: what is counted and filtered, and when."""
    subject, source = subject_of(selection.asked), register_of(selection)
    title = _("%(title)s: %(subject)s") % {"title": one.title, "subject": subject}
    if not selection.asked.is_filtered:
        # The report publishes no filtered figures: of those it is no source.
        known = {"source": cited("A/72/621", one.paragraph), "register": source}
        source = _("%(source)s; %(register)s") % known
    return Caption(title if subject else one.title, one.answer.words, source)


def register_of(selection: Selection) -> str:
    """Return which register a picture or an embedding shows, in words."""
    if selection.asked.edition:
        return _("pvematrix register, edition “%s”") % selection.asked.edition
    return _("pvematrix register, %s") % date_format(timezone.now(), "j F Y")
