"""What a page or a file says of itself: edition, moment, version, citation."""

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from ..citations import CitedText, author, labelled, sentences, without_stop
from ..text import all_of, date_in_words, followed_by, isolated
from .asked import Asked
from .published import published
from .sentences import stopped


def edition_words(asked: Asked) -> str:
    if not asked.edition:
        return _("The current register")
    return followed_by(asked.edition, f"SHA-256 {asked.edition.sha256}")


def moment_of(asked: Asked) -> datetime:
    """Return the moment, in UTC, at which a file's figures are true."""
    return asked.edition.published_at if asked.edition else timezone.now()


def dated(asked: Asked) -> dict[str, str]:
    """Return the edition and the moment of a file's numbers, as data."""
    edition = asked.edition.slug if asked.edition else ""
    return {"edition": edition, "generated_at": f"{moment_of(asked):%Y-%m-%dT%H:%M:%SZ}"}


def version_of(asked: Asked) -> str:
    """Return the part of a file's name for its version: the edition's slug, or today's date."""
    return asked.edition.slug if asked.edition else f"{timezone.now():%Y-%m-%d}"


def register_name() -> str:
    """Return the register's name in a citation, which has that of the site once."""
    if settings.PUBLISHER:
        return _("PVE matrix, register of United Nations projects on preventing violent extremism")
    return _("Register of United Nations projects on preventing violent extremism")


def sourced(sentence: str, asked: Asked | None = None, symbols: Sequence[str] = ()) -> CitedText:
    """Return a sentence as it leaves its page: with its reports, if it names none of them.

    Without `symbols` its report is the one that the register is kept equal to, or an edition was.
    """
    symbols = symbols or [published(asked.edition if asked else None).symbol]
    if not sentence or any(one in sentence for one in symbols):  # no report has the symbol ""
        return CitedText(sentence)
    text = _("Reports: %s") if len(symbols) > 1 else _("Report: %s")
    return sentences([sentence, stopped(text % all_of(map(isolated, symbols)))])


def source_in_words(source: str) -> CitedText:
    return stopped(labelled(_("Source"), without_stop(source)))


def citation(
    asked: Asked, address: str, sentence: str = "", subject: str = "", today: date | None = None
) -> CitedText:
    """Return the citation of a page; `sentence` is as it leaves it, of a project its source."""
    register = register_name()
    if asked.edition:
        if str(asked.edition) not in sentence:
            names = {"register": register, "edition": asked.edition}
            register = _("%(register)s, edition “%(edition)s”") % names
        place = {"address": address, "fingerprint": asked.edition.sha256}
        address = _("%(address)s (SHA-256 %(fingerprint)s)") % place
    else:
        register = _("%s, current register") % register
    accessed = _("Accessed on %s") % date_in_words(today or timezone.now())
    named = map(stopped, filter(None, [isolated(author()), subject, register]))
    return sentences([*named, sentence, *map(stopped, [isolated(address), accessed])])
