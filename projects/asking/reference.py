"""What a page or a file says of itself: edition, moment, version, citation."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from ..citations import CitedText, sentences, without_stop
from ..text import date_in_words, followed_by, isolated
from .asked import Asked
from .published import published
from .sentences import stopped


def edition_words(asked: Asked) -> str:
    if not asked.edition:
        return _("None: the current register")
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


def citation(
    asked: Asked, address: str, sentence: str = "", subject: str = "", today: date | None = None
) -> CitedText:
    """Return the citation of a page; that of a single project has no `sentence`."""
    register = _("pvematrix, register of United Nations projects on preventing violent extremism")
    if asked.edition:
        if not sentence:  # which names the edition itself
            known = {"register": register, "edition": asked.edition}
            register = _("%(register)s, edition “%(edition)s”") % known
        place = {"address": address, "fingerprint": asked.edition.sha256}
        address = _("%(address)s (SHA-256 %(fingerprint)s)") % place
    else:
        register = _("%s, current register") % register
    accessed = _("Accessed on %s") % date_in_words(today or timezone.now())
    symbol = published(asked.edition).symbol
    report = _("Report: %s") % symbol if sentence and symbol and symbol not in sentence else ""
    parts = [subject, register, without_stop(sentence), report, isolated(address), accessed]
    return sentences(map(stopped, filter(None, parts)))
