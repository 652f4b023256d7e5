"""The pages of the register."""

from allauth.core import ratelimit
from django.contrib.syndication.views import Feed
from django.core.paginator import Paginator
from django.http import (
    FileResponse,
    Http404,
    HttpResponse,
    HttpResponseNotAllowed,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from .asking.fields import PageField, QueryString
from .asking.filters import ProjectFilter
from .exports import rows as exports
from .history.recorder import Action, Revision
from .models import Project
from .models.correction import Correction, CorrectionForm

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


# Exempt, because the views have nothing to forge and a POST shall get 405, not a CSRF error.
@method_decorator(csrf_exempt, name="dispatch")
class ReadOnlyView(View):
    """A public page: it answers GET, HEAD and OPTIONS, and 405 to everything else."""

    http_method_names = ["get", "head", "options"]


class FilteredView(ReadOnlyView):
    """A page that takes the register's filters; `answer` is called only with valid ones."""

    filter_class = ProjectFilter

    def get(self, request, *args, **kwargs):
        self.filter = self.filter_class(request.GET)
        if not self.filter.is_valid():
            return self.refuse()
        return self.answer(*args, **kwargs)

    def answer(self, *args, **kwargs):
        raise NotImplementedError

    def refuse(self):
        """Return a 400 that names every faulty parameter, its value and what is allowed."""
        messages = {"faults": self.filter.messages}
        return render(self.request, "projects/refused.html", messages, status=400)


class UnfilteredView(FilteredView):
    """A page that takes no parameter, and says so to one that is given."""

    filter_class = QueryString


class FilteredData(FilteredView):
    """A file of a filtered view; `extension` is part of the address."""

    def refuse(self):
        if self.kwargs["extension"] == "json":
            return JsonResponse({"errors": self.filter.messages}, status=400)
        text = "\n".join(self.filter.messages) + "\n"
        return HttpResponse(text, status=400, content_type="text/plain; charset=utf-8")


class ProjectList(FilteredView):
    """The register as a table."""

    def answer(self):
        paginator = Paginator(self.filter.qs.for_list(), self.filter.page_size)
        paginator.count = self.filter.total
        context = {"filter": self.filter, "paginator": paginator}
        if self.filter.page_number > paginator.num_pages:
            return render(self.request, "projects/beyond_last.html", context, status=404)
        page = paginator.page(self.filter.page_number)
        context |= {
            "page": page,
            "pages": paginator.get_elided_page_range(page.number, on_each_side=2),
        }
        return render(self.request, "projects/project_list.html", context)


class ProjectDetail(FilteredView):
    """Everything known about one project."""

    def answer(self, reference):
        project = self.filter.projects.for_detail().filter(reference=reference).first()
        if project is None:
            register = self.filter.of_edition or _("live register")
            raise Http404(
                _("There is no project %(reference)s in the %(register)s.")
                % {"reference": reference, "register": register}
            )
        before, after = self.filter.qs.neighbours(project, self.filter.sort_by)
        context = {"project": project, "filter": self.filter, "before": before, "after": after}
        return render(self.request, "projects/project_detail.html", context)


class PagedQuery(QueryString):
    """A page number, and nothing else."""

    page = PageField()

    @property
    def page_number(self) -> int:
        """The page asked for, from 1."""
        return int((self.cleaned_data["page"] or ["1"])[0])


class ChangeLog(FilteredView):
    """What changed in the register, newest first: values and reasons, not who."""

    filter_class = PagedQuery
    template_name = "projects/change_log.html"

    def revisions(self):
        """Return the revisions that the page shows."""
        return Revision.objects.public()

    def answer(self, **context):
        paginator = Paginator(self.revisions(), 50)
        if self.filter.page_number > paginator.num_pages:
            raise Http404(_("There is no page %d of the changes.") % self.filter.page_number)
        page = paginator.page(self.filter.page_number)
        return render(self.request, self.template_name, context | {"page": page})


class ProjectChanges(ChangeLog):
    """What changed in one project; one that was deleted still has its log."""

    def revisions(self):
        return super().revisions().filter(key=self.kwargs["reference"])

    def answer(self, reference):
        exists = Project.objects.filter(reference=reference).exists()
        if not exists and not self.revisions().exists():
            raise Http404(_("There is no project %s.") % reference)
        return super().answer(reference=reference, exists=exists)


class ChangeFeed(Feed):
    """The newest changes as an Atom feed."""

    csrf_exempt = True  # as in ReadOnlyView
    feed_type = Atom1Feed
    title = gettext_lazy("pvematrix: changes of the register")
    subtitle = gettext_lazy("What changed in which project, and why.")

    def __call__(self, request, *args, **kwargs):
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            return HttpResponseNotAllowed(["GET", "HEAD", "OPTIONS"])
        return super().__call__(request, *args, **kwargs)

    def link(self):
        return reverse("change-log")

    def items(self):
        return Revision.objects.public()[:50]

    def item_title(self, item):
        return f"{item.key}: {Action(item.public_action).label}"

    def item_description(self, item):
        shown = item.public_changes if item.public_action == Action.CHANGED else []
        lines = [f"{c.column}: {c.old or '—'} → {c.new or '—'}" for c in shown]
        return escape("\n".join([item.reason, *lines] if item.reason else lines))

    def item_link(self, item):
        return reverse("project-changes", args=[item.key])

    def item_guid(self, item):
        return f"tag:pvematrix,2026:revision:{item.pk}"

    item_guid_is_permalink = False

    def item_updateddate(self, item):
        return item.at

    item_pubdate = item_updateddate


class Correct(View):
    """Report a correction of one project; so many an hour from one address."""

    http_method_names = ["get", "head", "options", "post"]

    def dispatch(self, request, reference):
        self.project = Project.objects.filter(reference=reference).first()
        if self.project is None:
            raise Http404(_("There is no project %s.") % reference)
        return super().dispatch(request, reference)

    def get(self, request, reference):
        asked = QueryString(request.GET)
        if not asked.is_valid():
            return render(request, "projects/refused.html", {"faults": asked.messages}, status=400)
        return self.page(CorrectionForm())

    def post(self, request, reference):
        form = CorrectionForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=400)
        if not ratelimit.consume(request, action="correction", key="everybody"):
            form.add_error(None, _("Too many corrections were reported. Try again in an hour."))
            return self.page(form, status=429)
        form.instance.reference = reference
        correction = form.save()
        # So that reloading the page does not send it again.
        return redirect("correction-received", reference, correction.pk)

    def page(self, form, status=200):
        context = {"project": self.project, "form": form}
        return render(self.request, "projects/correct.html", context, status=status)


class CorrectionReceived(UnfilteredView):
    """Thanks for a correction, with its number."""

    def answer(self, reference, number):
        project = Project.objects.filter(reference=reference).first()
        correction = Correction.objects.filter(reference=reference, pk=number).first()
        if project is None or correction is None:
            known = {"reference": reference, "number": number}
            raise Http404(_("There is no correction %(number)s of %(reference)s.") % known)
        context = {"project": project, "correction": correction}
        return render(self.request, "projects/correct.html", context)


class Export(FilteredData):
    """The filtered register as a file: every row, streamed."""

    def answer(self, extension):
        name = f"pve-projects-{self.filter.version}.{extension}"
        if self.request.method == "HEAD":
            response = HttpResponse(content_type=CONTENT_TYPES[extension])
        else:
            response = getattr(self, extension)(self.filter.qs)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def csv(self, projects):
        return StreamingHttpResponse(exports.write_csv(projects), content_type=CONTENT_TYPES["csv"])

    def json(self, projects):
        return StreamingHttpResponse(
            exports.write_json(projects, self.filter.total, self.filter.asked),
            content_type=CONTENT_TYPES["json"],
        )

    def xlsx(self, projects):
        return FileResponse(
            exports.write_xlsx(projects, self.filter.sentence, self.filter.edition_words),
            content_type=CONTENT_TYPES["xlsx"],
            # It is compressed already: the gzip middleware leaves what has an encoding alone.
            headers={"Content-Encoding": "identity"},
        )
