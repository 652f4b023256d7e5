"""Review at the desk: changes are shown, and approved or sent back to their authors."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from projects.evidence import refuse_to_publish
from projects.history import FieldChange, Revision, Snapshot, open_recorder, signed
from projects.locks import queue_up
from projects.models import Comment, Evidence, Objection, Project, SecondPerson
from projects.models.reviewed import ReviewedModel, ReviewedQuerySet
from projects.places import standing
from projects.review import revision_to_send_back, sign_off, since_review
from projects.vocabulary import TO_REVIEW, Review

from . import affected_figures
from .attachments import comments_context
from .forms import SAY_WHAT, LineField, last_revision, seen_by
from .lists import desk_address, require
from .recorded import RecordedAdmin

# Nobody reads more changes on one page.
MOST_AT_ONCE = 300

# Waiting records by the person for whom they wait: the label of the list, and its query.
WAITING_FOR: dict[str, tuple[Any, Callable[[ReviewedQuerySet, Any], ReviewedQuerySet]]] = {
    "review": (_("a review"), lambda all_, _me: all_.to_review()),
    "my-review": (_("my review"), lambda all_, me: all_.to_review().not_written_by(me)),
    "my-answer": (
        _("me, to whom it was sent back"),
        lambda all_, me: all_.written_by(me).sent_back(),
    ),
    "my-work": (
        _("me, who drafted it"),
        lambda all_, me: all_.written_by(me).to_review().filter(review=Review.DRAFT),
    ),
}


class WaitingForFilter(admin.SimpleListFilter):
    title = _("waits for")
    parameter_name = "waits_for"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(slug, label) for slug, (label, _find) in WAITING_FOR.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        known, waiting = WAITING_FOR.get(self.value() or ""), queryset.filter(review__in=TO_REVIEW)
        return known[1](waiting, request.user) if known else queryset


class ObjectionForm(forms.Form):
    sentence = LineField(
        label=_("What its author should do"),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vLargeTextField", "aria-keyshortcuts": "s"}),
        help_text=_("One sentence. Staff see it, the public does not."),
        error_messages={"required": SAY_WHAT},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.errors:  # below the change, out of sight on a phone
            self.fields["sentence"].widget.attrs["autofocus"] = True


@dataclass(frozen=True)
class Waiting:
    """A record that waits for review, with its changes since the last review.

    `before` is None if it was never reviewed; `is_own` says whether the user wrote it,
    `may_approve` whether the user is one of those who may sign it off.
    """

    record: Any  # of a model that is reviewed
    before: Snapshot | None
    revisions: list[Revision]
    is_own: bool
    may_approve: bool
    changes: list[FieldChange]
    comments: list[Comment]
    evidence: list[Evidence]

    @property
    def waits_for_another(self) -> bool:
        return self.is_own and not (self.may_approve or self.record.is_reviewed)

    @property
    def objection(self) -> Objection | None:
        last = self.revisions[-1] if self.revisions else None
        return getattr(last, "objection", None)

    @property
    def alike(self) -> tuple:
        """What equal changes of one import have in common; nothing else has it."""
        imports = {one.batch_id for one in self.revisions}
        if len(imports) != 1 or imports == {None} or self.objection or self.comments:
            return (self.record.pk,)
        return (*imports, *self.changes, self.record.review, self.is_own)


class ReviewedAdmin(RecordedAdmin):
    """Shows the changes since the last review; a reviewer approves them or sends them back."""

    actions = ["review"]
    own_pages = [("<int:pk>/review/", "review_view", "{0.app_label}_{0.model_name}_review")]

    @property
    def is_of_entries(self) -> bool:
        """Whether its records count in figures of the report, and have comments and files."""
        return self.model is Project

    def has_review_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("projects.review_project")

    @property
    def _records(self) -> Any:
        return self.model.live.order_by("pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        # Django's default manager hides drafts.
        return self._records.with_last_revision()

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        draft = obj is not None and obj.is_draft
        return None if draft else super().get_view_on_site_url(obj)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        context["has_review"] = True
        if obj and not obj.is_reviewed:
            context["objection"] = Objection.objects.filter(revision=obj.seen or None).first()
        return super().render_change_form(request, context, *args, **kwargs)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        if "_review" in request.POST:
            return redirect(desk_address(self.model, "review", obj.pk))
        return super().response_post_save_change(request, obj)

    response_post_save_add = response_post_save_change

    @admin.display(description=_("waits since"))
    def waits_since(self, record: Any) -> str:
        if record.is_reviewed or record.last_at is None:
            return ""
        return f"{record.last_by or _('Somebody')}, {date_format(record.last_at)}"

    @admin.action(permissions=["review"], description=_("Review"))
    def review(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Show the changes of the chosen records; approve them once they were shown."""
        chosen = list(queryset.order_by("pk")[: MOST_AT_ONCE + 1])
        if len(chosen) > MOST_AT_ONCE:
            messages.error(request, _("Choose at most %d entries.") % MOST_AT_ONCE)
            return None
        if "approve" in request.POST:
            # Who approves is the second person.
            open_recorder().check = None
            self._approve(request, chosen)
            return None
        waiting = [one for one in chosen if not one.is_reviewed]
        if not waiting:
            messages.warning(request, _("Nothing waits for review."))
            return None
        return self._page(request, waiting)

    def review_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show an entry's changes since the last review; a POST approves or sends back."""
        record = self.record_to_see(request, pk)
        form = ObjectionForm(request.POST if "object" in request.POST else None)
        if request.method == "POST":
            require(self.has_review_permission(request))
            if "approve" in request.POST:
                done = self._approve(request, [record])
            else:
                done = form.is_valid() and self._send_back(request, record, form)
            if done:
                return self._redirect_to_next(request, record)
            record = self.get_object(request, str(pk))
        if record is None:
            return redirect(desk_address(self.model, "changelist"))
        return self._page(request, [record], form)

    def _approve(self, request: HttpRequest, records: Sequence[ReviewedModel]) -> int:
        done = []
        before = standing() if self.is_of_entries else None
        # Always locked in the same order, against deadlocks.
        for record in records:
            try:
                seen = seen_by(request, last_revision(record), f"seen-{record.pk}")
                with transaction.atomic():
                    if self.model.is_derived_from:
                        queue_up()  # before a row is locked
                    sign_off(record, request.user, seen)
                    if record.is_draft and isinstance(record, Project):
                        refuse_to_publish(record)
                done.append(record)
            except ValidationError as error:
                messages.error(request, error.messages[0])
        if len(done) == 1:
            is_new = done[0].is_draft
            text = _("%s is published.") if is_new else _("The change of %s is signed off.")
            messages.success(request, text % done[0].key)
        elif done:
            messages.success(request, _("%d entries are reviewed.") % len(done))
        for sentence in affected_figures.since(before) if before is not None else ():
            messages.warning(request, sentence)
        return len(done)

    def _send_back(self, request: HttpRequest, record: ReviewedModel, form: ObjectionForm) -> bool:
        seen = seen_by(request, last_revision(record), f"seen-{record.pk}")
        try:
            with transaction.atomic():
                Objection.objects.create(
                    revision=revision_to_send_back(record, request.user, seen),
                    sentence=form.cleaned_data["sentence"],
                    **signed(request.user),
                )
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return False
        messages.success(request, _("%s is sent back.") % record.key)
        return True

    def _redirect_to_next(self, request: HttpRequest, record: ReviewedModel) -> HttpResponse:
        _before, following = self._neighbours(request, record)
        models = filter(self.admin_site.is_registered, apps.get_models())
        desks = map(self.admin_site.get_model_admin, models)
        for desk in (self, *(one for one in desks if one is not self)):
            if isinstance(desk, ReviewedAdmin) and desk.has_view_or_change_permission(request):
                following = following or desk._for(request).first()
                if following:
                    return redirect(desk_address(desk.model, "review", following.pk))
        messages.info(request, _("Nothing else waits for your review."))
        return redirect("admin:index")

    def _for(self, request: HttpRequest) -> Any:
        return self._records.waiting().to_review().not_written_by(request.user)

    def _neighbours(self, request: HttpRequest, record: ReviewedModel) -> tuple[Any, Any]:
        rest = self._for(request)
        before = rest.filter(pk__lt=record.pk).order_by("-pk").first()
        return before, rest.filter(pk__gt=record.pk).first()

    def _page(
        self, request: HttpRequest, records: list[ReviewedModel], form: ObjectionForm | None = None
    ) -> HttpResponse:
        waiting = self._waiting(request, records)
        single = waiting[0].record if form is not None else None
        groups: dict[tuple, list[Waiting]] = defaultdict(list)
        for waiting_record in waiting:
            groups[waiting_record.alike].append(waiting_record)
        moving = [(one.record, one.before) for one in waiting if not one.record.is_reviewed]
        differences = affected_figures.of_reviewing(moving if self.is_of_entries else [])
        context = {
            "original": single,
            "waiting": waiting,
            "groups": list(groups.values()),
            "to_approve": [one for one in waiting if one.may_approve],
            "moves_nothing": self.is_of_entries and bool(moving) and not differences,
            "differences": differences,
            "form": form,
        }
        if single:
            context["previous"], context["following"] = self._neighbours(request, single)
            if self.is_of_entries:
                context |= comments_context(request, single, "review")
        return self.own_page(request, "review", _("Review"), context)

    def _waiting(self, request: HttpRequest, records: Sequence[ReviewedModel]) -> list[Waiting]:
        # Read again, so that `seen` is that of the page.
        keys = [record.pk for record in records]
        records_seen = self._with_relations(self._records.filter(pk__in=keys)).with_seen()
        since = since_review(self.model, keys)
        comments = Comment.objects.by_project(keys) if self.is_of_entries else {}
        sees_files = self.is_of_entries and request.user.has_perm("projects.view_evidence")
        files = Evidence.objects.by_project(keys) if sees_files else {}
        may_review, one_suffices = self.has_review_permission(request), not SecondPerson.is_needed()
        waiting = []
        for record in records_seen:
            revisions = since[record.pk]
            before = revisions[0].old if revisions else None
            after = record.snapshot()
            if record.is_reviewed or not (revisions or record.is_draft):
                before = after
            changes = [
                self.in_words(change)
                for change in self.model.differences(before, after)
                if change.column != "review"
            ]
            is_own = any(one.by_id == request.user.pk for one in revisions)
            may_approve = not record.is_reviewed and may_review and (one_suffices or not is_own)
            added = comments.get(record.pk, []), files.get(record.pk, [])
            waiting.append(Waiting(record, before, revisions, is_own, may_approve, changes, *added))
        return waiting

    def _with_relations(self, records: Any) -> Any:
        return records
