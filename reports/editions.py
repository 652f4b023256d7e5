"""The pages of editions: which there are, what one holds, and what changed between two."""

from itertools import dropwhile, takewhile

from django.http import Http404, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from projects.asking.filters import ProjectFilter
from projects.editions import changes, summarise, write_changes_csv, write_changes_json
from projects.models import LIVE_SLUG, Edition
from projects.views import CONTENT_TYPES, UnfilteredView

from .breakdowns import breakdowns
from .files import disposition
from .models import Report
from .reconciliation import all_agree, published, reconcile, verdict

# A page shows so many changes of each kind in full; the files have all of them.
SHOWN = 100


class EditionList(UnfilteredView):
    """Every edition, newest first."""

    def answer(self):
        context = {"editions": Edition.objects.all()}
        return render(self.request, "reports/edition_list.html", context)


class EditionDetail(UnfilteredView):
    """What an edition holds, and how it can be had and verified."""

    def answer(self, slug):
        edition = get_object_or_404(Edition, slug=slug)
        known = list(Edition.objects.all())  # newest first
        projects = ProjectFilter(QueryDict(f"edition={edition.slug}"), editions=known)
        projects.is_valid()
        report = Report.objects.basis()
        comparisons = reconcile(report, projects.cube, edition) if report else []
        context = {
            "edition": edition,
            "filter": projects,
            "breakdowns": breakdowns(projects, published(report)),
            "later": list(takewhile(lambda one: one != edition, known)),
            "earlier": list(dropwhile(lambda one: one != edition, known))[1:],
            "report": report,
            "agrees": all_agree(comparisons),
            "verdict": verdict(comparisons),
            "address": self.request.build_absolute_uri(),
        }
        return render(self.request, "reports/edition_detail.html", context)


class ChangesView(UnfilteredView):
    """What changed from one edition to another, or to the live register."""

    def answer(self, old, new, **kwargs):
        # Each by its slug; both may be the same one.
        known = {edition.slug: edition for edition in Edition.objects.all()}
        known[LIVE_SLUG] = None
        for slug in (old, new):
            if slug not in known:
                raise Http404(
                    _("There is no edition “%(slug)s”. Editions: %(known)s.")
                    % {"slug": slug, "known": ", ".join(known)}
                )
        self.old, self.new = known[old], known[new]
        return self.show(**kwargs)


class Changes(ChangesView):
    """The changes as a page: how many of each kind, and the first of each."""

    def show(self):
        context = {
            "old": self.old,
            "new": self.new,
            "old_slug": self.kwargs["old"],
            "new_slug": self.kwargs["new"],
            "summary": summarise(changes(self.old, self.new), SHOWN),
            "shown": SHOWN,
        }
        return render(self.request, "reports/changes.html", context)


class ChangesData(ChangesView):
    """All changes as a file."""

    def show(self, extension):
        old, new = self.kwargs["old"], self.kwargs["new"]
        found = changes(self.old, self.new) if self.request.method != "HEAD" else ()
        written = (
            write_changes_csv(found) if extension == "csv" else write_changes_json(old, new, found)
        )
        response = StreamingHttpResponse(written, content_type=CONTENT_TYPES[extension])
        response["Content-Disposition"] = disposition(f"changes-{old}-{new}", extension)
        return response
