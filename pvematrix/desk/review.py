"""Review at the desk: the page is the change, and it is approved or sent back to its author."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from projects.columns import PROJECT_TABLE, QUOTABLE, QUOTATIONS, SEPARATOR
from projects.history import FieldChange, Revision, Snapshot, differences
from projects.models import Objection, Project
from projects.review import count_again, revision_to_send_back, sign_off, since_review
from projects.text import validate_one_line

from . import stakes
from .forms import last_revision, seen_by
from .recorded import FoldedSearchAdmin, with_seen

# So many changes are approved at once: nobody reads more on one page.
MOST_AT_ONCE = 300


class ObjectionForm(forms.Form):
    """Why a change goes back to its author."""

    sentence = forms.CharField(
        label=_("What its author should do"),
        max_length=300,
        validators=[validate_one_line],
        widget=forms.TextInput(attrs={"class": "vLargeTextField", "aria-keyshortcuts": "s"}),
        help_text=_("One sentence. Its author finds it on the desk; the public does not see it."),
        error_messages={"required": _("Say what is missing or wrong.")},
    )


@dataclass(frozen=True)
class Waiting:
    """An entry that waits for review: what was last reviewed, and what was done to it since.

    `before` is None for one that was never reviewed; `is_own` says whether the reviewer wrote it.
    """

    project: Project
    before: Snapshot | None
    revisions: list[Revision]
    is_own: bool
    changes: list[FieldChange]

    @property
    def objection(self) -> Objection | None:
        """What its last revision met, None if nobody sent it back."""
        last = self.revisions[-1] if self.revisions else None
        return getattr(last, "objection", None)


class ReviewedAdmin(FoldedSearchAdmin):
    """Shows what changed since the last review, and takes a reviewer's word on it."""

    actions = ["review", "count_again"]

    def has_review_permission(self, request) -> bool:
        """Return whether the user may publish drafts and sign changes off."""
        return request.user.has_perm("projects.review_project")

    def get_urls(self):
        one = path(
            "<int:pk>/review/",
            self.admin_site.admin_view(self.review_view),
            name="projects_project_review",
        )
        return [one, *super().get_urls()]

    @admin.display(description=_("waits since"))
    def waits_since(self, project):
        """Return who wrote what waits, and how long ago; nothing if nothing waits."""
        if project.is_reviewed or project.last_at is None:
            return ""
        known = {
            "name": project.last_by or _("Somebody"),
            "age": timesince(project.last_at, depth=1),
        }
        return _("%(name)s, %(age)s ago") % known

    @admin.action(permissions=["review"], description=_("Review the changes of the entries chosen"))
    def review(self, request, queryset):
        """Show the changes of all that were chosen; approve them once they were shown."""
        chosen = list(queryset.order_by("number")[: MOST_AT_ONCE + 1])
        if len(chosen) > MOST_AT_ONCE:
            text = _("Choose at most %d entries at once: their changes are shown on one page.")
            messages.error(request, text % MOST_AT_ONCE)
            return None
        if "approve" in request.POST:
            self._approve(request, chosen)
            return None
        waiting = [one for one in chosen if not one.is_reviewed]
        if not waiting:
            messages.warning(request, _("None of the entries chosen waits for review."))
            return None
        return self._page(request, waiting)

    @admin.action(
        permissions=["review"], description=_("Count the entries chosen again that are set aside")
    )
    def count_again(self, request, queryset):
        """Let entries that a complete sheet lacked be counted again; they wait for review."""
        done, before = 0, Project.published.cube()
        for project in queryset.order_by("number"):
            try:
                count_again(project, request.user, str(_("Counted again")))
                done += 1
            except ValidationError as error:
                messages.error(request, error.messages[0])
        text = ngettext("%d entry is counted again.", "%d entries are counted again.", done)
        messages.success(request, text % done)
        for stake in stakes.since(before):
            messages.warning(request, stake)

    def review_view(self, request, pk):
        """Show what changed in an entry since the last review; a POST approves or objects."""
        project = self.get_object(request, str(pk))
        if not self.has_view_or_change_permission(request, project):
            raise PermissionDenied
        if project is None:
            raise Http404
        form = ObjectionForm(request.POST if "object" in request.POST else None)
        if request.method == "POST":
            if not self.has_review_permission(request):
                raise PermissionDenied
            if "approve" in request.POST:
                done = self._approve(request, [project])
            else:
                done = form.is_valid() and self._send_back(request, project, form)
            if done:
                return self._next(request, project)
            project = self.get_object(request, str(pk))
        if project is None:
            return redirect("admin:projects_project_changelist")
        return self._page(request, [project], form)

    def _approve(self, request, projects: Sequence[Project]) -> int:
        done, before = 0, Project.published.cube()
        # Locked in one order everywhere, so that nobody waits for each other.
        for project in projects:
            try:
                seen = seen_by(request, last_revision(project), f"seen-{project.pk}")
                sign_off(project, request.user, seen)
                done += 1
            except ValidationError as error:
                messages.error(request, error.messages[0])
        if done:
            text = ngettext("%d entry is reviewed.", "%d entries are reviewed.", done)
            messages.success(request, text % done)
        for stake in stakes.since(before):
            messages.warning(request, stake)
        return done

    def _send_back(self, request, project: Project, form: ObjectionForm) -> bool:
        seen = seen_by(request, last_revision(project), f"seen-{project.pk}")
        try:
            with transaction.atomic():
                Objection.objects.create(
                    revision=revision_to_send_back(project, request.user, seen),
                    sentence=form.cleaned_data["sentence"],
                    by=request.user,
                    by_name=request.user.get_username(),
                )
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return False
        text = _("%s is sent back: its author finds your sentence on the desk.")
        messages.success(request, text % project.reference)
        return True

    def _next(self, request, project: Project):
        """Lead to what waits next for the same reviewer, else to the first page."""
        _before, after = self._neighbours(request, project)
        rest = self._for(request).exclude(pk=project.pk)
        following = after or rest.order_by("number").first()
        if following is None:
            messages.info(request, _("Nothing else waits for your review."))
            return redirect("admin:index")
        return redirect("admin:projects_project_review", following.pk)

    def _for(self, request):
        return Project.live.waiting().to_review().not_written_by(request.user)

    def _neighbours(self, request, project: Project) -> tuple[Project | None, Project | None]:
        """Return what waits for the same reviewer before and after an entry."""
        rest = self._for(request)
        before = rest.filter(number__lt=project.number).order_by("-number").first()
        return before, rest.filter(number__gt=project.number).order_by("number").first()

    def _page(self, request, projects: Sequence[Project], form: ObjectionForm | None = None):
        shown = self._waiting(request, projects)
        single = shown[0].project if form is not None else None
        waits = [one for one in shown if not one.project.is_reviewed]
        may_review = self.has_review_permission(request)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Review"),
            "opts": self.opts,
            "original": single,
            "shown": shown,
            "to_approve": [one for one in waits if may_review and not one.is_own],
            "differences": stakes.of_reviewing((one.project, one.before) for one in waits),
            "form": form,
        }
        if single:
            context["previous"], context["following"] = self._neighbours(request, single)
        return TemplateResponse(request, "admin/review.html", context)

    def _waiting(self, request, projects: Sequence[Project]) -> list[Waiting]:
        # Read anew, so that `seen` is of what the page shows.
        keys = [project.pk for project in projects]
        found = with_seen(Project.live.filter(pk__in=keys).for_detail().order_by("number"))
        since = since_review(Project, keys)
        shown = []
        for project in found:
            revisions = since[project.pk]
            before = revisions[0].old if revisions else None
            after = project.snapshot()
            if project.is_reviewed:
                before = after
            changes = [
                FieldChange(
                    self._label_of(one.column), *map(_words_of(one.column), (one.old, one.new))
                )
                for one in differences(before, after, PROJECT_TABLE.names)
                if one.column != "review"
            ]
            is_own = any(one.by_id == request.user.pk for one in revisions)
            shown.append(Waiting(project, before, revisions, is_own, changes))
        return shown

    def _label_of(self, column: str) -> str:
        """Return what a column is called at the desk, the parts of quotations too."""
        name, _dot, field = column.partition(".")
        if name == QUOTATIONS.name:
            return _("Words for the %s") % QUOTABLE[field]
        return self.label_of(column)


def _words_of(column: str):
    """Return a function that gives the labels for the slugs of a column's value."""
    known = PROJECT_TABLE.by_name.get(column)
    labels = dict(known.vocabulary) if known else {}

    def words(text: str) -> str:
        if not labels:
            return text
        return "; ".join(str(labels.get(one, one)) for one in text.split(SEPARATOR))

    return words
