"""Projects elsewhere at the desk: what is to be judged, likely pairs, imports of records."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import FileExtensionValidator
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from projects import gate
from projects.elsewhere import imports
from projects.elsewhere.dates import dates_of
from projects.elsewhere.models import OF_ANOTHER, Judgement, Kind, Record
from projects.elsewhere.pairs import likely_pairs
from projects.models import Batch, Country, Entity, Project, this_second

from .corrections import describing
from .forms import LineField, ReasonForm
from .imports import ImportsAdmin
from .lists import desk_address, require
from .recorded import RecordedAdmin

# The items of each kind that a preview names.
NAMED = 25
# What a session has of the record that a new entry is filled in from, and why.
DESCRIBES = "describes_elsewhere"


def _may_judge(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("elsewhere.add_judgement"))


def judge_address(key: str, judged: int | None) -> str:
    """Return the address of the form for what is judged of a record."""
    if judged:
        return desk_address(Judgement, "change", judged)
    return f"{desk_address(Judgement, 'add')}?{urlencode({'key': key})}"


def _keys(records: QuerySet) -> str:
    return ",".join(map(str, records.values_list("pk", flat=True)))


def describe_address(record: Record, source: str) -> str:
    """Return the address of the form that describes one of the matrix, filled in from a record."""
    reading, codes = record.reading, [one["code"] for one in record.reading.countries]
    names = [one["name"] for one in reading.entities]
    start, end = dates_of(reading)
    values = {
        "title": record.title[: Project._meta.get_field("title").max_length],
        "start_date": start,
        "end_date": end,
        "source": source,
        "countries": _keys(Country.objects.filter(code__in=codes)),
        "entities": _keys(Entity.objects.filter(acronym__in=names)),
        "elsewhere": record.key,
    }
    given = urlencode({name: value for name, value in values.items() if value})
    return f"{desk_address(Project, 'add')}?{describing()}&{given}"


def judge_described(request: HttpRequest, project: Project) -> None:
    """Judge the record that a new entry was filled in from to be it; public once the entry is.

    The reason is that of the form before, which the session has: an address could have any.
    """
    require(request.user.has_perms([f"elsewhere.{one}_judgement" for one in ("add", "change")]))
    key, given = request.GET.get("elsewhere", ""), request.session.pop(DESCRIBES, {})
    judgement = Judgement.objects.filter(key=key).first() or Judgement(key=key)
    try:
        if given.get("key") != key or judgement.kind in OF_ANOTHER:
            raise ValidationError(_("Judge the record again, naming this entry."))
        judgement.kind, judgement.other = Kind.ONE_OF.value, project.reference
        judgement.source, judgement.why = project.source, given["why"]
        judgement.by_name, judgement.at = request.user.get_username(), this_second()
        judgement.full_clean()
    except ValidationError as error:
        text = _("Nothing is judged of %(key)s: %(problems)s")
        messages.error(request, text % {"key": key, "problems": " ".join(error.messages)})
    else:
        judgement.save()


class JudgedFilter(admin.SimpleListFilter):
    title = _("judgement")
    parameter_name = "judged"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("", _("Not judged")), *Kind.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset if self.value() is None else queryset.filter(judged_as=self.value() or None)


class UploadForm(forms.Form):
    """A file of another publisher, and what it does not say of itself."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("IATI 2.01 to 2.03 (XML), or CSV with the columns of this register’s files."),
        validators=[FileExtensionValidator(imports.EXTENSIONS)],
    )
    licence = LineField(label=_("Licence"), max_length=100, required=False)
    attribution = LineField(
        label=_("Attribution"),
        max_length=200,
        required=False,
        help_text=_("Shown wherever the data is, e.g. “UNDP, open.undp.org, CC BY”."),
    )
    address = forms.URLField(
        label=_("Address"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("Where the publisher has the file; linked from each of its records."),
    )


class RecordAdmin(ImportsAdmin):
    """The records, each with what is judged of it: nobody edits what others published."""

    upload_form = UploadForm
    own_pages = [
        ("pairs/", "pairs_view", "elsewhere_record_pairs"),
        ("import/", "upload_view", "elsewhere_record_import"),
        ("import/<int:pk>/", "preview_view", "elsewhere_record_preview"),
    ]
    list_display = ["key", "title_published", "data_set", "dates", "judgement"]
    list_display_links = None
    list_filter = [JudgedFilter, "data_set"]
    search_fields = ["key", "published"]
    fields = ["key", "data_set", "published", "sha256"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        same = Judgement.objects.filter(key=OuterRef("key"))
        judged, kind = (Subquery(same.values(name)) for name in ("pk", "kind"))
        may_judge = Value(_may_judge(request))
        records = super().get_queryset(request)
        return records.annotate(judged=judged, judged_as=kind, may_judge=may_judge)

    @admin.display(description=_("title"))
    def title_published(self, record: Any) -> str:
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), record.title)

    @admin.display(description=_("dates"))
    def dates(self, record: Any) -> str:
        return " – ".join(dates_of(record.reading))

    @admin.display(description=_("judgement"), ordering="judged_as")
    def judgement(self, record: Any) -> str | None:
        if not (record.judged or record.may_judge):
            return None
        words = Kind(record.judged_as).label if record.judged_as else _("Judge")
        return format_html('<a href="{}">{}</a>', judge_address(record.key, record.judged), words)

    def pairs_view(self, request: HttpRequest) -> HttpResponse:
        require(self.has_view_permission(request))
        judges = _may_judge(request)
        found = [(pair, judges and judge_address(pair.one.key, None)) for pair in likely_pairs()]
        return self.own_page(request, "elsewhere_pairs", _("Likely pairs"), {"pairs": found})

    def hold(self, request: HttpRequest, file: UploadedFile, **said: str) -> tuple[str, int]:
        batch = imports.hold(file.name or "", file.read(), said, request.user)
        return "admin:elsewhere_record_preview", batch.pk

    def upload_page(self, request: HttpRequest, form: Any, status: int) -> HttpResponse:
        title = _("Import projects elsewhere")
        return self.own_page(request, "elsewhere_import", title, {"form": form}, status)

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what the file would change; a POST with the digest of the preview does it."""
        require(self.has_import_permission(request))
        waiting = Batch.objects.filter(kind=Batch.Kind.IMPORT, applied_at=None)
        batch = get_object_or_404(waiting, pk=pk, options__table=imports.TABLE)
        publishes = gate.may_publish(request.user, batch)
        require(publishes or batch.by == request.user)
        form = ReasonForm(request.POST or None, initial={"reason": batch.reason})
        if request.method == "POST" and form.is_valid():
            return self.apply(request, batch, form.cleaned_data["reason"], publishes)
        shown = imports.preview(batch)
        context = {**self.confirmation(batch, form, shown, publishes), "most": NAMED}
        title = f"{_('Import projects elsewhere')}: {batch.file_name}"
        return self.own_page(request, "elsewhere_preview", title, context)

    def send(self, request: HttpRequest, batch: Batch, digest: str, reason: str) -> bool:
        waits = imports.preview(batch).waits
        if waits:
            imports.send(batch, digest, reason)
            messages.success(request, _("It is sent to a second person, who publishes it."))
        return waits

    def write(self, request: HttpRequest, batch: Batch, digest: str, reason: str) -> None:
        imports.apply(batch, digest, request.user, reason)


def _is_complete(judgement: Judgement) -> bool:
    """Return whether a judgement lacks nothing but the entry; its form shows what is wrong."""
    try:
        judgement.clean_fields()
    except ValidationError:
        return False
    return True


class JudgementAdmin(RecordedAdmin):
    """What is judged of records, at once and in public."""

    list_display = ["key", "kind", "other", "why", "source", "by_name", "at"]
    list_filter = ["kind"]
    search_fields = ["key", "other", "why"]
    fields = ["key", "kind", "other", "why", "source", "seen"]
    permanent_fields = ("key",)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Open the form of a project, filled in, for a record that is one of those counted."""
        sent = {
            name: request.POST.get(name, "").strip() for name in ("kind", "other", "source", "why")
        }
        describes = sent["kind"] == Kind.ONE_OF and not sent["other"]
        if describes and sent["source"] and request.user.has_perm("projects.add_project"):
            judged = Judgement.objects.filter(pk=args[0]).first() if args else None
            key = judged.key if judged else request.POST.get("key", "")
            # What is the same as another stays so until somebody says otherwise.
            is_open = judged is None or judged.kind not in OF_ANOTHER
            record = Record.objects.filter(key=key).first() if is_open else None
            if record and _is_complete(Judgement(key=key, **sent)):
                request.session[DESCRIBES] = {"key": key, "why": sent["why"]}
                return redirect(describe_address(record, sent["source"]))
        return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.by_name, obj.at = request.user.get_username(), this_second()
        super().save_model(request, obj, form, change)
