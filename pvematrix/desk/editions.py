"""Editions at the desk: published after a checklist and a second look, never changed."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.editions import changes, publish, summarise
from projects.history import Revision
from projects.imports.batches import CHANGED_SINCE
from projects.models import LIVE_SLUG, Edition, Project, SecondPerson
from projects.vocabulary import Review
from reports.models import Report
from reports.reconciliation import reconcile

from .forms import Extra, RecordedForm
from .lists import ReadOnly, done
from .recorded import RecordedAdmin

# The changes of each kind shown before publishing; the comparison page has all.
CHANGES_SHOWN = 50
# The references named in a sentence; a longer list helps nobody.
REFERENCES_NAMED = 10


class EditionForm(RecordedForm):
    class Meta:
        widgets = {"note": AdminTextareaWidget(attrs={"rows": 4})}

    def clean_date(self) -> str:
        date, today = self.cleaned_data["date"], timezone.now().date().isoformat()
        # The current year or month is allowed.
        if date > today[: len(date)]:
            raise ValidationError(_("The latest date is today, %s.") % today)
        return date

    def clean(self) -> dict[str, Any]:
        for sentence in _errors():
            self.add_error(None, sentence)
        return super().clean()


class EditionAdmin(ReadOnly, RecordedAdmin):
    form = EditionForm
    list_display = ["name", "date", "count", "published_at", "sha256"]
    fields = ["name", "slug", "date", "note"]
    prepopulated_fields = {"slug": ["name"]}

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("projects.publish_edition")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [*self.fields, "count", "published_at", "sha256"] if obj else self.fields

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Extra = None
    ) -> HttpResponse:
        checked = {
            "projects": Project.published.count(),
            "stopping": [*_errors()],
            "warnings": [*_warnings()],
        }
        if request.method == "POST" and self.has_add_permission(request):
            form = self.get_form(request)(request.POST)
            revisions = Revision.objects.of_model(Project).order_by("-pk")
            version = str(revisions.values_list("pk", flat=True).first() or 0)
            waiting = Project.published.filter(review=Review.CHANGED)
            problem = ""
            if SecondPerson.is_needed() and (own := _references(waiting.written_by(request.user))):
                problem = _("You changed %s: somebody else publishes the edition.") % own
            elif waiting.exists() and "names" not in request.POST and "shown" in request.POST:
                problem = _("Say that you have read the names of what awaits review.")
            if form.is_valid() and (problem or request.POST.get("shown") != version):
                return self._confirmation(request, form, version, problem, checked)
        return super().add_view(request, form_url, checked | (extra_context or {}))

    def _confirmation(
        self, request: HttpRequest, form: ModelForm, version: str, problem: str, checked: dict
    ) -> HttpResponse:
        """Show what would be published: the register after the revision `version`."""
        if problem or "shown" in request.POST:
            messages.warning(request, problem or CHANGED_SINCE)
        report, newest = Report.published.basis(), Edition.objects.first()
        compared = reconcile(report) if report else []
        context = {
            **checked,
            "form": form,
            "waiting": Project.published.filter(review=Review.CHANGED).in_order("reference"),
            "newest": newest,
            "live": LIVE_SLUG,
            "summary": summarise(changes(newest, None), CHANGES_SHOWN) if newest else None,
            "report": report,
            "figures": [one for one in compared if one.agrees is not None],
            "shown": version,
            "typed": urlencode({one.name: one.value() or "" for one in form.visible_fields()}),
        }
        title = f"{_('Publish')}: {form.cleaned_data['name']}"
        return self.own_page(request, "edition_look", title, context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        basis = Report.published.basis()
        obj.report = basis.slug if basis else ""
        publish(obj)

    def response_add(
        self, request: HttpRequest, obj: Edition, post_url_continue: str | None = None
    ) -> HttpResponse:
        return done(request, _("%s is published.") % obj, obj)


def _errors() -> Iterator[str]:
    """Yield what forbids publishing."""
    if not Project.published.exists():
        yield _("The register has no projects.")


def _warnings() -> Iterator[str]:
    if references := _references(Project.published.filter(review=Review.CHANGED)):
        yield f"{Review.CHANGED.label}: {references}."
    if report := Report.published.basis():
        for compared in reconcile(report):
            if compared.agrees is False:
                yield f"{report.symbol}, {compared.label}: {compared.state}."
    newest = Edition.objects.first()
    if newest and next(changes(newest, None), None) is None:
        yield _("Nothing changed since “%s”.") % newest


def _references(projects: Any) -> str:
    references = list(
        projects.in_order("reference").values_list("reference", flat=True)[:REFERENCES_NAMED]
    )
    named, count = ", ".join(references), projects.count()
    return named if count == len(references) else f"{named} … ({count})"
