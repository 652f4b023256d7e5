"""Statements: a document's words on practices, findings, events, bodies, plans and others."""

import re
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from projects.columns import SEPARATOR
from projects.history import Revision
from projects.models import Edition, Entity
from projects.models.base import chosen, one_of, rule
from projects.models.fields import FoldedField, PartialDateField, one_line, optional
from projects.models.reviewed import PublishedRecords, ReviewedModel, ReviewedQuerySet, review_field
from projects.text import Wording, day_in_words, searchable, validate_one_line
from projects.vocabulary import Basis, PriorityArea, Review

from .columns import CODE, STATEMENT_TABLE
from .columns import PLACES as NUMBERS
from .document import PLACES, Document, validate_places
from .kinds import (
    CODE_LETTERS,
    MEDIUM_WORDS,
    Kind,
    Medium,
    areas_field,
    projects_field,
)

# In the tables of the report's measures.
NO_ADDRESSEE = "not named"
_MEANINGS = {one.name: one.meaning for one in STATEMENT_TABLE.columns}


def _places(label: Wording, length: int, help_text: Wording) -> models.CharField:
    rules = [validate_places]
    return models.CharField(
        label, max_length=length, blank=True, validators=rules, help_text=help_text
    )


class StatementQuerySet(ReviewedQuerySet):
    def published(self) -> Self:
        return super().published().exclude(parent__review=Review.DRAFT)

    def of_kinds(self, *kinds: Kind) -> Self:
        """Return the statements of these kinds, or of all kinds, with their relations."""
        found = self.select_related("document", "about", "parent", "answered_by")
        found = found.prefetch_related("entities")
        return found.filter(kind__in=kinds) if kinds else found

    def of_report(self) -> Self:
        return self.filter(document__is_the_report=True)

    def naming(self, body: Any) -> Self:
        """Return the statements that name a body, without the body itself and its details."""
        words = Q(quotation__icontains=body.title) | Q(addressee__icontains=body.title)
        return self.of_kinds().filter(words).exclude(pk=body.pk).exclude(parent=body)


class Statement(ReviewedModel):
    """A document's words, with the register's reading of them.

    Only the quotation is the document's. `basis` says how title, summary and category are known.
    """

    identifier = "code"
    table = STATEMENT_TABLE

    code = models.CharField(
        _("code"),
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"^[A-Z]+[0-9]+\Z", CODE)],
    )
    kind = chosen(_("kind"), 12, Kind)
    category = one_line(_("category"), 100, _MEANINGS["category"])
    title = one_line(_("title"), 300, blank=False)
    summary = one_line(_("summary"), 500)
    quotation = models.TextField(
        _("quotation"),
        blank=True,
        validators=[validate_one_line],
        help_text=_MEANINGS["quotation"],
    )
    document = optional(Document, _("document"), "statements", _MEANINGS["document"])
    paragraphs = _places(_("paragraphs"), 100, NUMBERS)
    mentioned_in = _places(_("mentioned in"), 150, _MEANINGS["mentioned_in"])
    source = one_line(_("source"), 900, _MEANINGS["source"])
    basis = chosen(_("basis"), 10, Basis, default=Basis.INFERRED)
    areas = areas_field()
    areas_basis = chosen(_("basis of the priority areas"), 10, Basis, blank=True)
    entities = models.ManyToManyField(
        Entity, blank=True, related_name="statements", verbose_name=_("entities")
    )
    entities_basis = chosen(_("basis of the entities"), 10, Basis, default=Basis.INFERRED)
    projects = projects_field()
    projects_basis = chosen(_("basis of the projects"), 10, Basis, default=Basis.INFERRED)
    about = optional(Document, _("about the document"), "statements_about")
    parent = optional("self", _("part of"), "parts")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    addressee = one_line(_("addressee"), 150)
    date = PartialDateField(_("date"), max_length=10, blank=True)
    end_date = PartialDateField(_("end date"), max_length=10, blank=True)
    timing = one_line(_("timing"), 60, _MEANINGS["timing"])
    place = one_line(_("place"), 200)
    figure = one_line(_("figure"), 60, _MEANINGS["figure"])
    unit = one_line(_("unit"), 60)
    base = one_line(_("base"), 150, _MEANINGS["base"])
    size = one_line(_("n"), 100, _MEANINGS["size"])
    caveat = one_line(_("caveat"), 500)
    answered_by = optional(
        Edition, _("answered by the edition"), "answers", _MEANINGS["answered_by"]
    )
    review = review_field()
    search_text = FoldedField(sources=("title", "summary", "quotation", "category", "base"))

    # The first is Django's default: what the public sees. There is no `objects`.
    published = PublishedRecords.from_queryset(StatementQuerySet)()
    live = models.Manager.from_queryset(StatementQuerySet)()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["kind", "position", "code"]
        constraints = [
            one_of("statement_kind", "kind", Kind),
            one_of("statement_review", "review", Review),
            one_of("statement_basis", "basis", Basis),
            one_of("statement_areas_basis", "areas_basis", Basis, blank=True),
            one_of("statement_entities_basis", "entities_basis", Basis),
            one_of("statement_projects_basis", "projects_basis", Basis),
            rule("statement_title", "title", _("A title is needed."), ~Q(title="")),
            rule(
                "statement_quotation",
                "quotation",
                _("Quote the words; only a theme or a plan has none."),
                ~Q(quotation="") | Q(kind__in=[Kind.THEME, Kind.PLAN]),
            ),
            rule(
                "statement_detail",
                "parent",
                _("Name the body or event that the detail belongs to."),
                ~Q(kind=Kind.DETAIL) | Q(parent__isnull=False),
            ),
            rule(
                "statement_answered",
                "answered_by",
                _("Only an event is answered by an edition."),
                Q(answered_by__isnull=True) | Q(kind=Kind.EVENT),
            ),
            rule(
                "statement_source",
                "source",
                _("Name the source, or the document and its paragraphs."),
                ~Q(source="") | (Q(document__isnull=False) & ~Q(paragraphs="")),
            ),
            rule(
                "statement_areas_known",
                "areas_basis",
                _("Give the basis of the areas if there are any."),
                (Q(areas="") & Q(areas_basis="")) | (~Q(areas="") & ~Q(areas_basis="")),
            ),
            rule(
                "statement_dates",
                "end_date",
                _("An end date needs a start date, and is not before it."),
                Q(end_date="") | (~Q(date="") & Q(end_date__gte=models.F("date"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.title}"

    def clean(self) -> None:
        # The quotation is one line, also where the source has several.
        self.quotation = " ".join(self.quotation.split())
        document = self.document
        there = {*document.paragraphs.values_list("number", flat=True)} if document else set()
        if not document or not there:
            return
        errors = {}
        for name in ("paragraphs", "mentioned_in"):
            unknown = [one for one in PLACES.findall(getattr(self, name)) if one not in there]
            if unknown:
                errors[name] = _("%(document)s has no paragraph %(number)s.") % {
                    "document": document,
                    "number": ", ".join(unknown),
                }
        # Without paragraphs its source says where the words are, e.g. on the title page.
        is_placed = self.quotation and self.paragraphs
        missing = document.missing(self.quotation, self.paragraphs) if is_placed else []
        if missing:
            errors["quotation"] = _("“%s” is in none of these paragraphs.") % missing[0][:100]
        if errors:
            raise ValidationError(errors)

    def natural_key(self) -> tuple[str]:
        return (self.code,)

    natural_key.dependencies = ["reports.document"]  # type: ignore[attr-defined]  # for dumpdata

    def _at(self, places: str) -> str:
        return self.document.place(places) if self.document and places else self.source

    @property
    def cited(self) -> str:
        return self._at(self.paragraphs)

    @property
    def named_in(self) -> str:
        return self._at(self.mentioned_in or self.paragraphs)

    @property
    def searched(self) -> str:
        """The text in which searches find it."""
        entities = (one.search_text for one in self.entities.all())
        return searchable(self.search_text, self.code, self.place, *entities)

    @property
    def area_list(self) -> list[PriorityArea]:
        return [PriorityArea(one) for one in filter(None, self.areas.split(SEPARATOR))]

    @property
    def references(self) -> list[str]:
        return [*filter(None, self.projects.split(SEPARATOR))]

    @property
    def is_of_report(self) -> bool:
        return self.document is not None and self.document.is_the_report

    @property
    def places(self) -> list[str]:
        return list(dict.fromkeys(PLACES.findall(f"{self.paragraphs}, {self.mentioned_in}")))

    @property
    def asked_of(self) -> str:
        return "" if self.addressee == NO_ADDRESSEE else self.addressee

    @property
    def media(self) -> list[Medium]:
        said = [one for one, words in MEDIUM_WORDS.items() if words.search(self.quotation)]
        return said or [Medium.UNKNOWN]

    @property
    def day(self) -> str:
        """The date or period in words, as precise as it is known; empty if not stated."""
        first, last = day_in_words(self.date), day_in_words(self.end_date)
        if not last or first == last:
            return first
        # A shared month and year, or year, is written once: 22–23 February 2017. Other languages
        # begin with the year, or have words between.
        if (get_language() or "en") != "en":
            return f"{first} – {last}"
        for shared in (last.partition(" ")[2], last.rpartition(" ")[2]):
            first = first.removesuffix(f" {shared}")
        return f"{first}–{last}"

    @property
    def share(self) -> int | None:
        number = re.fullmatch(r"(?:some )?([0-9]{1,3})", self.figure)
        return int(number[1]) if number and self.unit == "per cent" else None

    @property
    def is_share(self) -> bool:
        return self.unit in ("per cent", "share")

    @property
    def stated(self) -> dict[str, bool]:
        """Whether the source states what is read from it, by column."""
        bases = STATEMENT_TABLE.bases.items()
        return {name: getattr(self, basis) == Basis.STATED for name, basis in bases}

    @property
    def called(self) -> str:
        """The title with kind and code, since several can have one title: what links are called."""
        return f"{self.title} ({self.kind_label} {self.code})"

    @property
    def kind_label(self) -> str:
        """The label of its kind; `get_kind_display` translates those of all kinds each time."""
        return str(Kind(self.kind).label)

    def get_absolute_url(self) -> str:
        return reverse("statement", args=[self.code])


def next_code(kind: Kind) -> str:
    """Return the next free code of a kind; codes of deleted statements are not reused."""
    letter = CODE_LETTERS[kind]
    had = Revision.objects.of_model(Statement).filter(key__startswith=letter)
    codes = {
        *Statement.live.filter(code__startswith=letter).values_list("code", flat=True),
        *had.order_by().values_list("key", flat=True),
    }
    numbers = [int(code[1:]) for code in codes if code[1:].isdecimal()]
    return f"{letter}{max(numbers, default=0) + 1:02}"
