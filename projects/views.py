"""The pages of the register: list, project, corrections, files."""

from allauth.core import ratelimit
from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import http_date
from django.utils.translation import gettext as _

from .asking import Offers, Selection
from .asking.fields import QueryForm
from .asking.links import parameters_of
from .asking.words import (
    dated,
    edition_words,
    moment_of,
    sentence_about,
    subject_of,
    version_of,
)
from .changes import changes_of
from .columns import PROJECT_TABLE
from .corrections import CorrectionForm, present_values
from .exports import (
    MOST_PROJECTS,
    facts,
    snapshot,
    write_csv,
    write_docx,
    write_json,
    write_xlsx,
)
from .listing import ListFilter, Listing
from .models import Correction, Project, Quotation
from .pages import CONTENT_TYPES, FilteredData, FilteredView, PublicView, QueryView
from .profile import Profile
from .vocabulary import PriorityArea


class ProjectList(FilteredView):
    """The register as a table."""

    reader_class = ListFilter

    def answer(self):
        context = self.context()
        listing = Listing(context["words"], context["links"])
        rows = self.selection.rows.for_list(listing.linked)
        paginator = Paginator(rows, self.asked.per_page)
        paginator.count = self.selection.total
        context |= {"paginator": paginator, "offers": Offers(self.selection), "listing": listing}
        if self.asked.page > paginator.num_pages:
            return render(self.request, "projects/beyond_last.html", context, status=404)
        page = paginator.page(self.asked.page)
        context |= {
            "page": page,
            "lines": [listing.line(project) for project in page],
            "pages": paginator.get_elided_page_range(page.number, on_each_side=2),
        }
        return render(self.request, "projects/project_list.html", context)


class ProjectDetail(FilteredView):
    """Everything known about one project."""

    reader_class = ListFilter

    def answer(self, reference):
        project = self.selection.whole.for_detail().filter(reference=reference).first()
        if project is None and self.asked.edition is None:
            project = Project.live.set_aside().for_detail().filter(reference=reference).first()
        if project is None:
            register = self.asked.edition or _("current register")
            raise Http404(
                _("There is no project %(reference)s in the %(register)s.")
                % {"reference": reference, "register": register}
            )
        before, after = self.selection.rows.neighbours(
            project, self.asked.sort, self.selection.all_terms
        )
        context = self.context(str(project), of_register=False)
        context |= {
            "project": project,
            "profile": Profile(project, self.selection),
            "before": before,
            "after": after,
            # An edition never changes.
            "changes": [] if self.asked.edition else changes_of(reference),
        }
        return render(self.request, "projects/project_detail.html", context)


class Correct(PublicView):
    """Report a correction of one project; so many an hour and a day from one address."""

    http_method_names = ["get", "head", "options", "post"]

    def dispatch(self, request, reference):
        project = Project.live.with_page().filter(reference=reference).first()
        if project is None:
            raise Http404(_("There is no project %s.") % reference)
        self.project = project
        return super().dispatch(request, reference)

    def get(self, request, reference):
        reader = QueryForm(request.GET)
        if not reader.is_valid():
            faults = {"faults": reader.faults}
            return render(request, "projects/refused.html", faults, status=400)
        return self.page(CorrectionForm())

    def post(self, request, reference):
        form = CorrectionForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=400)
        if not ratelimit.consume(request, action="correction"):
            message = _("Too many corrections were reported from your network. Try again later.")
            form.add_error(None, message)
            return self.page(form, status=429)
        form.instance.reference = reference
        with transaction.atomic():
            correction = form.save()
        # So that reloading the page does not send it again.
        return redirect("correction-received", reference, correction.pk)

    def page(self, form, status=200):
        context = {
            "project": self.project,
            "form": form,
            "present": present_values(self.project),
            "log_days": settings.ACCESS_LOG_DAYS,
        }
        return render(self.request, "projects/correct.html", context, status=status)


class CorrectionReceived(QueryView):
    """Thanks for a correction, with its number, and what was decided."""

    of_data_version = False

    def answer(self, reference, number):
        project = Project.live.with_page().filter(reference=reference).first()
        correction = Correction.objects.filter(reference=reference, pk=number).first()
        if project is None or correction is None:
            known = {"reference": reference, "number": number}
            raise Http404(_("There is no correction %(number)s of %(reference)s.") % known)
        context = {"project": project, "correction": correction}
        return render(self.request, "projects/correct.html", context)


def _quotations(keys: list[int]) -> dict[int, dict[str, object]]:
    """Return what the JSON of each project has after its columns, by primary key."""
    quoted = Quotation.objects.by_project(keys)
    return {key: {"quotations": [one.as_data for one in quoted.get(key, [])]} for key in keys}


class Export(FilteredData):
    """The filtered register as a file: every row, streamed; a Word document has not too many."""

    is_kept = False

    @staticmethod
    def never_changes(query, extension):
        """Whether the file has the same bytes for ever: that of an edition, however narrowed.

        Words are looked for in the names of entities as well, which may change.
        """
        return extension == "csv" and "edition" in query and "q" not in query

    def answer(self, extension):
        if extension == "docx" and self.selection.total > MOST_PROJECTS:
            known = {"found": self.selection.total, "most": MOST_PROJECTS}
            raise BadRequest(
                _(
                    "There are %(found)d projects; a Word document takes %(most)d. Narrow the "
                    "list, or take the CSV or the XLSX."
                )
                % known
            )
        name = f"pve-projects-{version_of(self.asked)}.{extension}"
        if self.request.method == "HEAD":
            response = HttpResponse(content_type=CONTENT_TYPES[extension])
        else:
            response = getattr(self, extension)()
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        if self.asked.edition:
            response["Last-Modified"] = http_date(self.asked.edition.published_at.timestamp())
        return response

    def csv(self):
        lines = write_csv(self.selection.rows, PROJECT_TABLE)
        return StreamingHttpResponse(lines, content_type=CONTENT_TYPES["csv"])

    def json(self):
        filters = parameters_of(self.asked.narrowing)
        # Counted anew when the rows are read, so that both are of one moment.
        anew = Selection(self.asked)
        lines = write_json(
            self.selection.rows,
            PROJECT_TABLE,
            lambda: {
                "count": anew.total,
                "filters": filters,
                "generated_at": dated(self.asked)["generated_at"],
            },
            lambda: {
                "sentence": sentence_about(self.asked, anew.answer),
                # Its state stands first, where it has always stood.
                "answer": {"state": anew.answer.state, **anew.answer.as_data()},
                "edition": self.asked.edition.slug if self.asked.edition else "",
            },
            _quotations,
        )
        return StreamingHttpResponse(lines, content_type=CONTENT_TYPES["json"])

    def xlsx(self):
        with snapshot():
            sentence = sentence_about(self.asked, Selection(self.asked).answer)
            file = write_xlsx(
                self.selection.rows,
                PROJECT_TABLE,
                sentence,
                edition_words(self.asked),
                moment_of(self.asked),
            )
        return FileResponse(file, content_type=CONTENT_TYPES["xlsx"])

    def docx(self):
        with snapshot():
            selection = Selection(self.asked)
            answers = selection.answers
            narrowed = {area: self.asked.with_value("priority_area", area) for area in PriorityArea}
            file = write_docx(
                selection.rows,
                subject_of(self.asked) or _("All projects"),
                facts(
                    sentence_about(self.asked, selection.answer),
                    selection.total,
                    edition_words(self.asked),
                    moment_of(self.asked),
                ),
                {
                    area: sentence_about(asked, answers.of({"priority_area": [area]}))
                    for area, asked in narrowed.items()
                    if asked
                },
                moment_of(self.asked),
            )
        return FileResponse(file, content_type=CONTENT_TYPES["docx"])
