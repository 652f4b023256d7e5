"""Projects: the lines of the matrix."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Max
from django.db.models.functions import Cast, Substr
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..citations import cited
from ..columns import DATE, PROJECT_TABLE, QUOTABLE, QUOTATIONS
from ..cube import stated
from ..history import NO_LINKS, Action, FieldChange, Links, Revision, Snapshot, text_of
from ..text import NUMBER_STARTS, REFERENCE, is_link, number_of
from ..vocabulary import (
    MEANINGS,
    NOT_COUNTED,
    NOT_STATED,
    REGION_COLUMNS,
    Basis,
    InMatrix,
    PriorityArea,
    Provenance,
    Region,
    Review,
    Scope,
    Status,
)
from .base import Frozen, chosen, this_second
from .constraints import A_REFERENCE, CONSTRAINTS, INDEXES
from .directory import Country, Entity
from .edition import Edition
from .fields import (
    CitedDocumentField,
    CitedParagraphsField,
    FoldedField,
    PartialDateField,
    SearchableField,
    WebAddressField,
    one_line,
    several_lines,
)
from .querysets import EveryManager, LiveManager, PublishedManager
from .reviewed import ReviewedModel, review_field
from .rules import area_problem

NUMBER_WAS_TAKEN = _(
    "A deleted project had this number: restore it from its history, or take another number."
)
PLACEHOLDER = re.compile(r"Unidentified project (\d+) of (\d+) \(.*\)")
SYSTEMATIC_TITLE = re.compile(r"^Unidentified project \d+ of \d+ \(|: project \d+ of \d+$")
# The columns of a placeholder that are not derived, and those that every placeholder has.
OF_PLACEHOLDER = {
    *("reference", "title", "priority_area", "priority_area_basis", "provenance", "source"),
    *("in_matrix", "review", "report", "merged_into"),
}


def is_placeholder(snapshot: Snapshot | None) -> bool:
    return snapshot is not None and snapshot["provenance"] == Provenance.COUNTED


def _place_of(snapshot: Snapshot) -> tuple | None:
    """Return what the place of an entry is derived from; None if it has none in any matrix."""
    in_matrix = snapshot["in_matrix"]
    if snapshot["review"] in NOT_COUNTED or in_matrix == InMatrix.NO:
        return None
    known = stated(snapshot)
    classified = (str(known[name]) for name in sorted(PROJECT_TABLE.classifying))
    return (snapshot["report"], in_matrix, *classified)


def had_numbers() -> models.QuerySet:
    """Return the revisions that deleted a public project, each with its `number`."""
    deleted = Revision.objects.of_model(Project).filter(is_public=True, action=Action.DELETED)
    number = Cast(Substr("key", NUMBER_STARTS + 1), models.BigIntegerField())
    return deleted.order_by().annotate(number=number)


def highest_number() -> int:
    had = had_numbers().aggregate(highest=Max("number"))
    has = Project.every.aggregate(highest=Max("number"))
    return max(had["highest"] or 0, has["highest"] or 0)


class Project(ReviewedModel):
    """A project that the report counts, or that staff have added."""

    identifier = "reference"
    is_derived_from = True
    table = PROJECT_TABLE

    edition = models.ForeignKey(
        Edition,
        null=True,
        editable=False,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("edition"),
    )
    reference = models.CharField(
        _("reference"),
        max_length=40,
        help_text=A_REFERENCE,
        validators=[RegexValidator(REFERENCE, A_REFERENCE)],
    )
    number = models.GeneratedField(
        expression=Cast(Substr("reference", NUMBER_STARTS + 1), models.BigIntegerField()),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    title = one_line(_("title"), 300, blank=False)
    summary = several_lines(
        _("summary"), 4000, _("What the project does, as far as the source says")
    )
    priority_area = chosen(_("priority area"), 20, PriorityArea, blank=True)
    priority_area_basis = chosen(_("basis of the priority area"), 10, Basis, blank=True)
    scope = chosen(_("scope"), 10, Scope, blank=True)
    scope_basis = chosen(_("basis of the scope"), 10, Basis, blank=True)
    in_africa = models.BooleanField(Region.AFRICA.label, default=False)
    in_mena = models.BooleanField(Region.MENA.label, default=False)
    in_asia = models.BooleanField(Region.ASIA.label, default=False)
    in_europe = models.BooleanField(Region.EUROPE.label, default=False)
    in_americas = models.BooleanField(Region.AMERICAS.label, default=False)
    regions_basis = chosen(_("basis of the regions"), 10, Basis, blank=True)
    countries = models.ManyToManyField(Country, verbose_name=_("countries"), blank=True)
    entities = models.ManyToManyField(Entity, verbose_name=_("entities"), blank=True)
    status = chosen(_("status"), 10, Status, default=Status.NOT_STATED)
    start_date = PartialDateField(_("start date"), max_length=10, blank=True, help_text=DATE)
    end_date = PartialDateField(_("end date"), max_length=10, blank=True, help_text=DATE)
    methodology = one_line(_("methodology"), 500, _("How the project works"))
    link = WebAddressField(
        _("link"), max_length=500, blank=True, help_text=_("A page about the project")
    )
    provenance = chosen(
        _("provenance"),
        10,
        Provenance,
        help_text=_("Confirmed: you confirm the entry from the source that you cite."),
    )
    source = one_line(_("source"), 300, _("Document symbol and paragraphs"), blank=False)
    in_matrix = chosen(
        _("in the matrix"),
        10,
        InMatrix,
        default=InMatrix.NOT_STATED,
        help_text=_("Whether a source says that the project is one that the report counts"),
    )
    licence = one_line(_("licence"), 100, _("Of the source’s data, e.g. CC BY 4.0"))
    attribution = one_line(_("attribution"), 300, _("Whom that licence wants to be named"))
    # The slug of the report whose matrix `in_matrix` speaks of; of a placeholder, which counts it.
    report = models.CharField(_("report"), max_length=50, blank=True, editable=False)
    # The entry that its address redirects to; only as long as it is set aside.
    merged_into = models.ForeignKey(
        "self",
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="merged",
        verbose_name=_("merged into"),
    )
    # Derived by `places.update`: it is one of the projects that its report counts; and: what is
    # said of its report's matrix says nothing of the matrix of the basis.
    holds_place = models.BooleanField(default=False, editable=False)
    is_of_other_report = models.BooleanField(default=False, editable=False)
    updated_at = models.DateTimeField(_("last changed"), default=this_second, editable=False)
    review = review_field()
    search_text = SearchableField(sources=("title", "summary", "methodology"))
    cited_document = CitedDocumentField(sources=("source",))
    cited_paragraphs = CitedParagraphsField(sources=("source",))
    title_sort = FoldedField(sources=("title",), length=200)

    # The first is Django's default. There is no `objects`.
    published = PublishedManager()
    live = LiveManager()
    every = EveryManager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        permissions = [("review_project", _("Can review drafts and changes"))]
        ordering = ["number"]
        indexes = INDEXES
        constraints = CONSTRAINTS

    def __str__(self) -> str:
        return f"{self.reference}: {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.updated_at = this_second()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if problem := area_problem(self.in_matrix, self.priority_area_basis):
            raise ValidationError({"priority_area": problem})
        number = number_of(self.reference)
        if self._state.adding and number is not None:
            had = had_numbers().filter(number=number)
            if had.exclude(object_id=self.pk or 0).exists():
                raise ValidationError({"reference": NUMBER_WAS_TAKEN})

    def get_absolute_url(self) -> str:
        return reverse("project-detail", args=[self.reference])

    def check_can_change(self) -> None:
        if self.edition_id:
            raise Frozen(f"{self.reference} belongs to the edition “{self.edition}”: it is frozen.")

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        # Forms do not have the edition, on which the rules of the live register depend.
        super().validate_constraints({*(exclude or ())} - {"edition"})

    def get_constraints(self) -> list[Any]:
        # Django checks uniqueness with the default manager, which hides drafts.
        return [(_Everything(), some) for _model, some in super().get_constraints()]

    def natural_key(self) -> tuple[str]:
        return (self.reference,)

    @classmethod
    def snapshot_columns(cls) -> Collection[str]:
        return (*PROJECT_TABLE.kept, QUOTATIONS.name, "review", "report", "merged_into")

    def snapshot(self, links: Links = NO_LINKS) -> Snapshot:
        values = {
            **super().snapshot(links),
            "regions": [region.value for region in self.regions],
            QUOTATIONS.name: {field: one.with_place for field, one in self.quoted.items()},
            "report": self.report,
            "merged_into": self.merged_into.reference if self.merged_into else "",
        }
        return self.known({name: values[name] for name in self.snapshot_columns()})

    @classmethod
    def differences(cls, old: Snapshot | None, new: Snapshot | None) -> list[FieldChange]:
        # The report goes along with "in the matrix", and is in no file.
        return [one for one in super().differences(old, new) if one.column != "report"]

    @classmethod
    def moves(cls, old: Snapshot | None, new: Snapshot | None) -> bool:
        """Return whether a change moves a place: of an entry that counts, or of a placeholder."""
        was, now = (_place_of(one) if one else None for one in (old, new))
        return was != now or is_placeholder(old) or is_placeholder(new)

    @classmethod
    def known(cls, snapshot: Snapshot) -> Snapshot:
        """Return a version without filled-in values: of a placeholder only the area is known."""
        columns = (PROJECT_TABLE.by_name[name] for name in PROJECT_TABLE.kept)
        nothing: Snapshot = {**{one.name: one.nothing for one in columns}, QUOTATIONS.name: {}}
        if is_placeholder(snapshot):
            return {**nothing, **{name: snapshot[name] for name in OF_PLACEHOLDER}}
        unknown = {
            name
            for column in ("scope", "regions")
            for name in (column, PROJECT_TABLE.bases[column])
            if snapshot.get(PROJECT_TABLE.bases[column]) == Basis.ALLOCATED
        }
        return {**snapshot, **{name: nothing[name] for name in unknown}}

    def apply(self, snapshot: Snapshot) -> None:
        """Set the values to those of a version; a scope that is filled in stays, if it can.

        What it was merged into goes along with its review state, which is not set here.
        """
        snapshot = {name: value for name, value in snapshot.items() if name != "merged_into"}
        filled_in = self.filled_in_scope(snapshot)
        super().apply(snapshot)
        if "regions" in snapshot:
            self.regions = snapshot["regions"]
        for name, value in filled_in.items():
            setattr(self, name, value)

    def filled_in_scope(self, values: Mapping[str, Any]) -> dict[str, str]:
        """Return the filled-in scope and its basis if these values leave it as it is, else none."""
        is_open = not (values.get("scope") or values.get("scope_basis"))
        is_local = self.scope != Scope.GLOBAL or not values.get("regions")
        is_kept = is_open and is_local and self.scope_basis == Basis.ALLOCATED
        return {"scope": self.scope, "scope_basis": self.scope_basis} if is_kept else {}

    def apply_links(self, snapshot: Snapshot) -> None:
        super().apply_links(snapshot)
        quoted = snapshot[QUOTATIONS.name]
        for field, there in self.quoted.items():
            if quoted.get(field) != there.with_place:
                there.delete()
        for field in quoted.keys() - self.quoted.keys():
            self.quotations.model.of(self.pk, field, quoted[field]).save()

    def stated(self) -> dict[str, Any]:
        """Return the classifications and their bases as sources state them, by column.

        Also whether it is in the matrix of the report that is shown.
        """
        known = stated({name: getattr(self, name) for name in PROJECT_TABLE.classifying})
        said = NOT_STATED if self.is_of_other_report else self.in_matrix
        return known | {"in_matrix": said}

    @property
    def regions(self) -> list[Region]:
        """The regions, in the order of the vocabulary; setting replaces them all."""
        return [Region(value) for value, column in REGION_COLUMNS.items() if getattr(self, column)]

    @regions.setter
    def regions(self, values: Collection[str]) -> None:
        for value, column in REGION_COLUMNS.items():
            setattr(self, column, value in values)

    @property
    def scope_and_regions(self) -> str:
        """The stated scope and regions in words, e.g. "National: Africa"; empty if none is."""
        known = self.stated()
        columns = (PROJECT_TABLE.by_name[name] for name in ("scope", "regions"))
        said = (one for one in columns if NOT_STATED not in known[one.name])
        return ": ".join(filter(None, (one.words(text_of(known[one.name])) for one in said)))

    @property
    def quoted(self) -> dict[str, Any]:
        """The quotations by field, in the order of the fields."""
        found = {quotation.field: quotation for quotation in self.quotations.all()}
        return {field: found[field] for field in QUOTABLE if field in found}

    @property
    def cited(self) -> str:
        """What the source cites, in the reader's language; empty if it is no citation."""
        return cited(self.cited_document, self.cited_paragraphs)

    @property
    def has_title_of_ours(self) -> bool:
        """Whether the title is the register's, since the report gives no name."""
        described = self.provenance == Provenance.NAMED
        return described and bool(self.quoted) and "title" not in self.quoted

    @property
    def is_set_aside(self) -> bool:
        return self.review == Review.SET_ASIDE

    @property
    def is_counted(self) -> bool:
        return self.provenance == Provenance.COUNTED

    @property
    def provenance_meaning(self) -> str | Promise:
        return MEANINGS[self.provenance]

    @property
    def priority_area_meaning(self) -> str | Promise:
        return MEANINGS.get(self.priority_area, "")

    @property
    def has_web_page(self) -> bool:
        return is_link(self.link)

    @property
    def title_without_area(self) -> str:
        """The title; a placeholder's is translated, without its area."""
        placeholder = PLACEHOLDER.fullmatch(self.title)
        if placeholder is None:
            return self.title
        known = dict(zip(("number", "count"), placeholder.groups(), strict=True))
        return str(_("Unidentified project %(number)s of %(count)s") % known)


class _Everything:
    """In place of the model where rules are checked, so that drafts and editions count."""

    _default_manager = Project.every

    def __getattr__(self, name: str) -> Any:
        return getattr(Project, name)
