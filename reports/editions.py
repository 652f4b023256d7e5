"""The pages of editions: all of them, one, and the changes between two."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import http_date
from django.utils.translation import gettext as _

from projects.asking import Asked, Selection
from projects.asking.published import showing
from projects.asking.selection import editions
from projects.asking.sentences import sentence_about
from projects.editions import changes, summarise, write_quotations_csv
from projects.models import LIVE_SLUG, Edition
from projects.pages import QueryView

from .breakdowns import breakdowns
from .compare import compared
from .data_package import dataset
from .files import as_download
from .models import Report
from .reconciliation import reconcile, verdict

# How many changes of each kind a page shows in full.
CHANGES_SHOWN = 100


class EditionList(QueryView):
    """Every edition, newest first."""

    def answer(self) -> HttpResponse:
        return render(self.request, "reports/edition_list.html", {"editions": editions()})


class EditionDetail(QueryView):
    """One edition: its figures, files and SHA-256."""

    def answer(self, slug: str) -> HttpResponse:
        edition = edition_of(slug)
        with showing(edition):
            return self.shown(edition)

    def shown(self, edition: Edition) -> HttpResponse:
        selection = Selection(Asked.of(edition))
        report = Report.published.of(edition)
        compared = reconcile(report, edition=edition) if report else []
        every = editions()
        place = every.index(edition)
        sentence = sentence_about(selection.asked, selection.answer)
        context = self.cited(sentence, asked=selection.asked) | {
            "edition": edition,
            "asked": selection.asked,
            "dataset": dataset(self.request.build_absolute_uri, edition),
            "breakdowns": breakdowns(selection),
            "later": every[:place],
            "earlier": every[place + 1 :],
            "report": report,
            "verdict": verdict(report, compared) if report else "",
        }
        return render(self.request, "reports/edition_detail.html", context)


class EditionQuotations(QueryView):
    """An edition's quotations as a file: its bytes have the edition's second SHA-256."""

    @staticmethod
    def never_changes(query: dict[str, list[str]], **address: str) -> bool:
        return True

    def answer(self, slug: str) -> HttpResponseBase:
        edition = edition_of(slug)
        response = self.file_of(write_quotations_csv(edition), edition.count, "csv")
        response["Last-Modified"] = http_date(edition.published_at.timestamp())
        return as_download(response, f"quotations-{slug}", "csv")


def two_editions(old: str, new: str) -> list[Edition | None]:
    """Return the editions of these slugs, None for the live register; raises Http404."""
    return [None if one == LIVE_SLUG else edition_of(one, LIVE_SLUG) for one in (old, new)]


def edition_of(slug: str, *others: str) -> Edition:
    """Return the edition of that slug; the Http404 names those that there are, and `others`."""
    known = {edition.slug: edition for edition in editions()}
    if slug in known:
        return known[slug]
    slugs = ", ".join([*known, *others]) or _("none")
    text = _("There is no edition “%(slug)s”. Editions: %(known)s.")
    raise Http404(text % {"slug": slug, "known": slugs})


class Changes(QueryView):
    """What changed from one edition to another, or to the register as it is now."""

    def answer(self, old: str, new: str) -> HttpResponse:
        before, after = two_editions(old, new)
        context = {
            "old": before,
            "new": after,
            "lines": compared(Selection(Asked.of(before)), Selection(Asked.of(after))),
            "summary": summarise(changes(before, after), CHANGES_SHOWN),
            "shown": CHANGES_SHOWN,
        }
        return render(self.request, "reports/changes.html", context)
