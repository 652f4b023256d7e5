"""The register: projects, and the directories of countries and entities that they refer to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Max, Q
from django.db.models.functions import Cast, Lower, Substr
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ..columns import COMPARED
from ..cube import COMBINATION, REGION_COLUMNS
from ..history.recorder import Action, RecordedModel, Revision, differences, find
from ..text import validate_plain_text
from ..vocabulary import (
    ENTITY_NOT_STATED,
    MEANINGS,
    Basis,
    PriorityArea,
    Provenance,
    Region,
    Review,
    Scope,
    Status,
)
from .correction import Correction  # noqa: F401 - Django finds its models here
from .fields import PARTIAL_DATE, FoldedField, PartialDateField
from .querysets import ProjectQuerySet

# Stands where an edition's slug could, for the register as it is now.
LIVE_SLUG = "live"
REFERENCE = r"^PVE-[0-9]{3,12}\Z"
HIGHEST = 10**12 - 1
HAD = _(
    "A public project that was deleted had this number. Bring it back from the history, or take "
    "another number."
)
LIVE = Q(edition=None)
# An end that contains the start ("2017" after "2017-06") contradicts nothing.
DATES_IN_ORDER = (
    Q(start_date="")
    | Q(end_date="")
    | Q(end_date__gte=F("start_date"))
    | Q(start_date__startswith=F("end_date"))
)
NO_REGION = Q(**dict.fromkeys(REGION_COLUMNS.values(), False))


def this_second():
    """Return now, to the second: the precision that exports carry, so that they lose nothing."""
    return timezone.now().replace(microsecond=0)


class Frozen(Exception):
    """Somebody tried to change an edition, or what one of its rows refers to."""


class RegisterModel(RecordedModel):
    """Keeps folded text true, and reports a broken constraint at the field that its code names."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if kwargs.get("update_fields") is not None:
            folded = {f.name for f in self._meta.fields if isinstance(f, FoldedField)}
            kwargs["update_fields"] = folded.union(kwargs["update_fields"])
        super().save(*args, **kwargs)

    def validate_constraints(self, exclude=None):
        try:
            super().validate_constraints(exclude)
        except ValidationError as error:
            fields = {field.name for field in self._meta.get_fields()} - set(exclude or ())
            by_field: dict[str, list[ValidationError]] = {}
            for fault in error.error_list if hasattr(error, "error_list") else _flat(error):
                place = fault.code if fault.code in fields else "__all__"
                by_field.setdefault(place, []).append(fault)
            raise ValidationError(by_field) from None


def _flat(error: ValidationError) -> list[ValidationError]:
    return [fault for faults in error.error_dict.values() for fault in faults]


def _rule(name: str, field: str, message, condition: Q) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name, condition=condition, violation_error_code=field, violation_error_message=message
    )


def _allowed(vocabulary):
    return format_lazy(_("Choose one of: {allowed}."), allowed=", ".join(vocabulary.values))


def _chosen(label, length: int, vocabulary, **kwargs) -> models.CharField:
    return models.CharField(
        label,
        max_length=length,
        choices=vocabulary.choices,
        error_messages={"invalid_choice": _allowed(vocabulary)},
        **kwargs,
    )


def _one_of(name: str, field: str, vocabulary, blank: bool = False) -> models.CheckConstraint:
    allowed = [*vocabulary.values, ""] if blank else vocabulary.values
    return _rule(name, field, _allowed(vocabulary), Q(**{f"{field}__in": allowed}))


class DirectoryManager(models.Manager):
    def get_by_natural_key(self, identifier):
        return self.get(**{self.model.identifier: identifier})


class DirectoryModel(RegisterModel):
    """What projects refer to by an identifier; one that an edition uses keeps it, and stays.

    `identifier` is what stands in exports, `links` the projects' field.
    """

    links: str

    objects = DirectoryManager()

    class Meta:
        abstract = True

    def natural_key(self):
        return (getattr(self, self.identifier),)

    @property
    def is_in_edition(self) -> bool:
        """Whether a row of an edition refers to it."""
        return Project.every.exclude(LIVE).filter(**{self.links: self.pk}).exists()

    def clean(self):
        super().clean()
        saved = type(self).objects.filter(pk=self.pk).first()
        if saved and saved.natural_key() != self.natural_key() and saved.is_in_edition:
            raise ValidationError(
                {
                    self.identifier: _(
                        "“%(identifier)s” stands in a published edition, which never changes. "
                        "Keep it, or add a new entry."
                    )
                    % {"identifier": saved.natural_key()[0]}
                }
            )

    @property
    def users(self) -> list["Project"]:
        """The projects that refer to it, in editions too; at most ten."""
        return list(Project.every.filter(**{self.links: self.pk})[:10])

    def delete(self, *args, **kwargs):
        if users := self.users:
            raise models.ProtectedError(f"Projects refer to “{self}”.", set(users))
        return super().delete(*args, **kwargs)


class Country(DirectoryModel):
    """A country or area of the United Nations standard M49."""

    identifier, links = "code", "countries"

    code = models.CharField(
        _("code"),
        max_length=3,
        unique=True,
        validators=[RegexValidator(r"^[A-Z]{3}\Z", _("Three capital letters, e.g. KEN."))],
        help_text=_("ISO 3166-1 alpha-3, e.g. KEN."),
    )
    m49 = models.CharField(
        _("M49 code"),
        max_length=3,
        unique=True,
        validators=[RegexValidator(r"^[0-9]{3}\Z", _("Three digits, e.g. 404."))],
        help_text=_("Three digits of the United Nations standard M49, e.g. 404."),
    )
    name = models.CharField(
        _("name"),
        max_length=200,
        validators=[validate_plain_text],
        help_text=_("The English name in the United Nations standard M49."),
    )
    search_text = FoldedField(sources=("code", "name"))

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["code"]
        constraints = [
            _rule(
                "country_code", "code", _("Three capital letters."), Q(code__regex=r"^[A-Z]{3}\Z")
            ),
            _rule("country_m49", "m49", _("Three digits."), Q(m49__regex=r"^[0-9]{3}\Z")),
        ]

    def __str__(self):
        return self.name


class Entity(DirectoryModel):
    """A United Nations entity, body or working group that carries out projects."""

    identifier, links = "acronym", "entities"

    acronym = models.CharField(
        _("acronym"),
        max_length=30,
        unique=True,
        help_text=_(
            "Letters, digits and hyphens, e.g. UN-Women. It stands in web addresses: changing it "
            "breaks bookmarks."
        ),
        validators=[
            RegexValidator(
                r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*\Z",
                _("Letters, digits and single hyphens only, e.g. UN-Women."),
            )
        ],
    )
    name = models.CharField(_("name"), max_length=300, validators=[validate_plain_text])
    aliases = models.CharField(
        _("other names"),
        max_length=500,
        blank=True,
        validators=[validate_plain_text],
        help_text=_("Other acronyms and names in use, separated by semicolons."),
    )
    kind = models.CharField(
        _("kind"),
        max_length=60,
        blank=True,
        validators=[validate_plain_text],
        help_text=_("For example: office, programme, specialized agency, working group."),
    )
    search_text = FoldedField(sources=("acronym", "name"))

    class Meta:
        verbose_name = _("entity")
        verbose_name_plural = _("entities")
        ordering = ["search_text"]
        constraints = [
            _rule(
                "entity_acronym",
                "acronym",
                format_lazy(
                    _("Letters, digits and single hyphens only; “{reserved}” is reserved."),
                    reserved=ENTITY_NOT_STATED,
                ),
                Q(acronym__regex=r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*\Z")
                & ~Q(acronym__iexact=ENTITY_NOT_STATED),
            ),
            models.UniqueConstraint(
                Lower("acronym"),
                name="entity_acronym_once",
                violation_error_code="acronym",
                violation_error_message=_("Another entity has this acronym, capitals aside."),
            ),
            _rule("entity_name", "name", _("A name is needed."), ~Q(name="")),
        ]

    def __str__(self):
        return f"{self.acronym}: {self.name}"


class Edition(RegisterModel):
    """The register as it was published under a name: rows of its own, which never change."""

    identifier = "slug"

    slug = models.SlugField(
        _("slug"),
        unique=True,
        help_text=_("Stands in web addresses, e.g. 2026-december. It never changes."),
    )
    name = models.CharField(
        _("name"),
        max_length=100,
        unique=True,
        validators=[validate_plain_text],
        help_text=_("How the edition is cited, e.g. A/72/621, December 2017."),
    )
    date = PartialDateField(
        _("date"),
        max_length=10,
        help_text=_("When its figures held: 2017, 2017-12 or 2017-12-01."),
    )
    note = models.CharField(
        _("note"),
        max_length=2000,
        validators=[validate_plain_text],
        help_text=_("What the edition rests on, and what changed since the one before."),
    )
    published_at = models.DateTimeField(_("published"), default=this_second, editable=False)
    count = models.PositiveIntegerField(_("projects"), default=0, editable=False)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-date", "-published_at", "-pk"]
        # Published, not added; and nobody changes or deletes one.
        default_permissions = ["view"]
        permissions = [("publish_edition", _("Can publish an edition"))]
        constraints = [
            _rule(
                "edition_slug",
                "slug",
                format_lazy(
                    _("“{slug}” means the register as it is now: choose another."), slug=LIVE_SLUG
                ),
                ~Q(slug=LIVE_SLUG),
            ),
            _rule("edition_name", "name", _("A name is needed."), ~Q(name__regex=r"^\s*\Z")),
            _rule(
                "edition_date",
                "date",
                _("This is not a date: write YYYY, YYYY-MM or YYYY-MM-DD, e.g. 2017-06."),
                Q(date__regex=PARTIAL_DATE),
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise Frozen(f"The edition “{self}” is published and cannot change.")
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("edition-detail", args=[self.slug])

    def delete(self, *args, **kwargs):
        raise Frozen(f"The edition “{self}” is published and cannot be deleted.")


def row_faults(row: dict) -> Iterator[tuple[str, str]]:
    """Yield (column, message) for every rule between columns that a snapshot's values break.

    The database's constraints say the same and have the last word; asking them takes a query a
    rule, too many for a file of thousands of rows.
    """
    rules = {rule.name: rule for rule in Project._meta.constraints}

    def broken(name: str, column: str) -> tuple[str, str]:
        return column, str(rules[name].violation_error_message)

    is_global, regions = row["scope"] == Scope.GLOBAL, bool(row["regions"])
    if is_global and regions:
        yield broken("project_global_no_region", "scope")
    if not is_global and not regions and row["scope"]:
        yield broken("project_region_needed", "scope")
    if regions != bool(row["regions_basis"]):
        yield broken("project_regions_basis_if_regions", "regions_basis")
    start, end = row["start_date"], row["end_date"]
    if start and end and end < start and not start.startswith(end):
        yield broken("project_dates_in_order", "end_date")


@dataclass(frozen=True)
class Classification:
    """One classification of a project in words; `basis` is empty where there is nothing to know."""

    label: str
    value: str
    basis: str

    @property
    def allocated(self) -> bool:
        """Whether the classification was assigned only to make totals equal."""
        return self.basis == Basis.ALLOCATED

    @property
    def basis_label(self) -> str:
        """The basis in words."""
        return Basis(self.basis).label

    @property
    def meaning(self) -> str:
        """What the basis means."""
        return MEANINGS.get(self.basis, "")


class LiveManager(models.Manager.from_queryset(ProjectQuerySet)):
    """The live register with its drafts, as staff see it: without the rows of editions."""

    def get_queryset(self):
        return super().get_queryset().filter(LIVE)

    def get_by_natural_key(self, reference):
        return self.get(reference=reference)


class PublishedManager(LiveManager):
    """The live register as everybody sees it."""

    def get_queryset(self):
        return super().get_queryset().published()


def had_numbers() -> models.QuerySet:
    """Return the revisions that deleted a public project, each with its `number`."""
    deleted = Revision.objects.public().filter(action=Action.DELETED).order_by()
    return deleted.annotate(number=Cast(Substr("key", 5), models.BigIntegerField()))


def highest_number() -> int:
    """Return the highest number that any project has, or had in public: none is given twice."""
    had = had_numbers().aggregate(highest=Max("number"))
    has = Project.every.aggregate(highest=Max("number"))
    return max(had["highest"] or 0, has["highest"] or 0)


class Project(RegisterModel):
    """One line of the matrix: a project that the report counts, or that staff have added."""

    identifier = "reference"

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
        help_text=_("PVE- and three or more digits, e.g. PVE-224. It never changes."),
        validators=[RegexValidator(REFERENCE, _("PVE- and three to twelve digits, e.g. PVE-224."))],
    )
    number = models.GeneratedField(
        expression=Cast(Substr("reference", 5), models.BigIntegerField()),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    title = models.CharField(_("title"), max_length=300, validators=[validate_plain_text])
    summary = models.CharField(
        _("summary"),
        max_length=4000,
        blank=True,
        validators=[validate_plain_text],
        help_text=_(
            "What the project does, as far as the source says. Leave empty if it does not."
        ),
    )
    priority_area = _chosen(_("priority area"), 20, PriorityArea)
    priority_area_basis = _chosen(
        _("basis of the priority area"),
        10,
        Basis,
        help_text=_("Does the source state it, did you infer it, or was it allocated?"),
    )
    scope = _chosen(_("scope"), 10, Scope)
    scope_basis = _chosen(_("basis of the scope"), 10, Basis)
    in_africa = models.BooleanField(Region.AFRICA.label, default=False)
    in_mena = models.BooleanField(Region.MENA.label, default=False)
    in_asia = models.BooleanField(Region.ASIA.label, default=False)
    in_europe = models.BooleanField(Region.EUROPE.label, default=False)
    in_americas = models.BooleanField(Region.AMERICAS.label, default=False)
    regions_basis = _chosen(
        _("basis of the regions"),
        10,
        Basis,
        blank=True,
        help_text=_("Leave empty for a global project: it has no region."),
    )
    countries = models.ManyToManyField(Country, verbose_name=_("countries"), blank=True)
    entities = models.ManyToManyField(Entity, verbose_name=_("entities"), blank=True)
    status = _chosen(_("status"), 10, Status, default=Status.NOT_STATED)
    start_date = PartialDateField(
        _("start date"),
        max_length=10,
        blank=True,
        help_text=_("As precise as the source: 2017, 2017-06 or 2017-06-24."),
    )
    end_date = PartialDateField(
        _("end date"),
        max_length=10,
        blank=True,
        help_text=_("As precise as the source: 2017, 2017-06 or 2017-06-24."),
    )
    methodology = models.CharField(
        _("methodology"),
        max_length=500,
        blank=True,
        validators=[validate_plain_text],
        help_text=_("How the project works, e.g. “Capacity-building workshops”."),
    )
    link = models.URLField(
        _("link"),
        max_length=500,
        blank=True,
        validators=[validate_plain_text],
        help_text=_("A page about the project, starting with https://."),
    )
    provenance = _chosen(
        _("provenance"),
        10,
        Provenance,
        help_text=_(
            "Counted: the report only counts it. Named: the report describes an activity that "
            "fits. Confirmed: you confirm the entry from the source that you cite below."
        ),
    )
    source = models.CharField(
        _("source"),
        max_length=300,
        validators=[validate_plain_text],
        help_text=_("Document symbol and paragraphs, e.g. A/72/621, para. 34."),
    )
    updated_at = models.DateTimeField(_("last changed"), default=this_second, editable=False)
    review = _chosen(_("review"), 10, Review, default=Review.REVIEWED, editable=False)
    search_text = FoldedField(sources=("reference", "title", "summary", "methodology"))
    title_sort = FoldedField(sources=("title",), length=200)

    combination = models.GeneratedField(
        expression=COMBINATION, output_field=models.TextField(), db_persist=True
    )

    # The first is Django's default: forms, the desk and relations work with drafts as well.
    live = LiveManager()
    objects = PublishedManager()
    every = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        permissions = [("review_project", _("Can publish drafts and sign changes off"))]
        ordering = ["number"]
        indexes = [
            # With what counting needs besides, so that it does not look at the rows themselves.
            models.Index(fields=["edition", "number", "id", "review"], name="edition_number"),
            models.Index(fields=["edition", "combination", "review"], name="edition_combination"),
            models.Index(fields=["edition", "title_sort", "number"], name="edition_title"),
            models.Index(fields=["edition", "updated_at", "number"], name="edition_update"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["edition", "reference"], name="edition_reference"),
            models.UniqueConstraint(
                fields=["reference"],
                condition=LIVE,
                name="project_reference_once",
                violation_error_code="reference",
                violation_error_message=_("Another project has this reference."),
            ),
            # Not on the field "number": forms do not check what they cannot edit.
            models.UniqueConstraint(
                Cast(Substr("reference", 5), models.BigIntegerField()),
                condition=LIVE,
                name="project_number",
                violation_error_code="reference",
                violation_error_message=_("Another project has this number."),
            ),
            _rule(
                "project_reference",
                "reference",
                _("PVE- and three to twelve digits, e.g. PVE-224."),
                Q(reference__regex=REFERENCE),
            ),
            _rule("project_title", "title", _("A title is needed."), ~Q(title__regex=r"^\s*\Z")),
            _rule("project_source", "source", _("A source is needed."), ~Q(source="")),
            _one_of("project_priority_area", "priority_area", PriorityArea),
            _one_of("project_priority_area_basis", "priority_area_basis", Basis),
            _one_of("project_scope", "scope", Scope),
            _one_of("project_scope_basis", "scope_basis", Basis),
            _one_of("project_regions_basis", "regions_basis", Basis, blank=True),
            _one_of("project_status", "status", Status),
            _one_of("project_provenance", "provenance", Provenance),
            _one_of("project_review", "review", Review),
            _rule(
                "project_global_no_region",
                "scope",
                _("A global project has no region: clear the regions or change the scope."),
                ~Q(scope=Scope.GLOBAL) | NO_REGION,
            ),
            _rule(
                "project_region_needed",
                "scope",
                _("A regional or national project needs at least one region."),
                Q(scope=Scope.GLOBAL) | ~NO_REGION,
            ),
            _rule(
                "project_regions_basis_if_regions",
                "regions_basis",
                _("Give the basis of the regions; leave it empty when there is no region."),
                (NO_REGION & Q(regions_basis="")) | (~NO_REGION & ~Q(regions_basis="")),
            ),
            _rule(
                "project_start_date",
                "start_date",
                _("This is not a date: write YYYY, YYYY-MM or YYYY-MM-DD, e.g. 2017-06."),
                Q(start_date="") | Q(start_date__regex=PARTIAL_DATE),
            ),
            _rule(
                "project_end_date",
                "end_date",
                _("This is not a date: write YYYY, YYYY-MM or YYYY-MM-DD, e.g. 2017-06."),
                Q(end_date="") | Q(end_date__regex=PARTIAL_DATE),
            ),
            _rule(
                "project_dates_in_order",
                "end_date",
                _("The end date is before the start date."),
                DATES_IN_ORDER,
            ),
        ]

    def __str__(self):
        return f"{self.reference}: {self.title}"

    def save(self, *args, **kwargs):
        self._refuse_if_frozen()
        self.updated_at = this_second()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "updated_at"}
        super().save(*args, **kwargs)

    def clean(self):
        if self._state.adding and re.match(REFERENCE, self.reference):
            had = had_numbers().filter(number=int(self.reference[4:]))
            if had.exclude(object_id=self.pk or 0).exists():
                raise ValidationError({"reference": HAD})

    def get_absolute_url(self):
        return reverse("project-detail", args=[self.reference])

    def delete(self, *args, **kwargs):
        self._refuse_if_frozen()
        return super().delete(*args, **kwargs)

    def _refuse_if_frozen(self):
        if self.edition_id:
            raise Frozen(f"{self.reference} belongs to the edition “{self.edition}”: it is frozen.")

    def validate_constraints(self, exclude=None):
        # No form has the edition, but the rules of the live register depend on it.
        super().validate_constraints({*(exclude or ())} - {"edition"})

    def natural_key(self):
        return (self.reference,)

    def snapshot(self, countries=None, entities=None) -> dict:
        """Return the project's row in the columns of exports, lists where a cell has several.

        `countries` and `entities` stand for those that are saved, if given.
        """
        countries = self.countries.all() if countries is None else countries
        entities = self.entities.all() if entities is None else entities
        linked = {
            "regions": [region.value for region in self.regions],
            "countries": sorted(country.code for country in countries),
            "entities": sorted((entity.acronym for entity in entities), key=str.casefold),
        }
        return {
            name: linked[name] if name in linked else str(getattr(self, name))
            for name in (*COMPARED, "review")
        }

    @classmethod
    def is_public(cls, snapshot: dict | None) -> bool:
        """Return whether anybody may see a project with these values."""
        return snapshot is not None and snapshot["review"] != Review.DRAFT

    @classmethod
    def after_change(cls, pk: int, old: dict | None, new: dict) -> dict:
        """Return the new snapshot; a reviewed entry that changed waits for another review."""
        changed = old is not None and differences(old, new | {"review": old["review"]})
        if changed and new["review"] == Review.REVIEWED:
            cls.every.filter(pk=pk).update(review=Review.CHANGED)
            return new | {"review": Review.CHANGED.value}
        return new

    def apply(self, snapshot: dict) -> None:
        """Set the project's own values to those of a snapshot, without saving it.

        How far it is reviewed is no part of it: nobody publishes by restoring. One that is brought
        back waits for review; if it was public, it is public again.
        """
        if self._state.adding:
            self.review = Review.CHANGED if self.is_public(snapshot) else Review.DRAFT
        for name in snapshot.keys() - {"countries", "entities", "review"}:
            setattr(self, name, snapshot[name])

    def apply_links(self, snapshot: dict) -> None:
        """Set the saved project's entities and countries to a snapshot's."""
        self.entities.set([find(Entity, acronym) for acronym in snapshot["entities"]])
        self.countries.set([find(Country, code) for code in snapshot["countries"]])

    @property
    def regions(self) -> list[Region]:
        """The regions of the project, in the order of paragraph 25; setting replaces them all."""
        return [Region(value) for value, column in REGION_COLUMNS.items() if getattr(self, column)]

    @regions.setter
    def regions(self, values):
        for value, column in REGION_COLUMNS.items():
            setattr(self, column, value in values)

    @property
    def classifications(self) -> list[Classification]:
        """How the project is classified, and how that is known."""
        regions = ", ".join(str(region.label) for region in self.regions)
        return [
            Classification(
                _("Priority area"), self.get_priority_area_display(), self.priority_area_basis
            ),
            Classification(_("Scope"), self.get_scope_display(), self.scope_basis),
            Classification(
                _("Regions"), regions or _("None: the project is global"), self.regions_basis
            ),
        ]

    @property
    def is_counted(self) -> bool:
        """Whether the report only counts this project."""
        return self.provenance == Provenance.COUNTED

    @property
    def provenance_meaning(self) -> str:
        """What the provenance means."""
        return MEANINGS[self.provenance]

    @property
    def has_status(self) -> bool:
        """Whether a source states the status."""
        return self.status != Status.NOT_STATED

    @property
    def has_systematic_title(self) -> bool:
        """Whether the title only numbers the project within its area, as reconstruction does."""
        return self.title.startswith(f"{self.get_priority_area_display()}: ")
