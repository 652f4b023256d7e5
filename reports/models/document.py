"""Documents that a report names, and the text of those that were loaded."""

from collections.abc import Collection
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.citations import PLACES, cited
from projects.history import RecordedManager, RecordedModel, Snapshot
from projects.models.base import RuledModel, rule
from projects.models.fields import PartialDateField, one_line
from projects.text import day_in_words, validate_plain_text

validate_places = RegexValidator(
    rf"^{PLACES.pattern}(?:, {PLACES.pattern})*\Z",
    _("“%(value)s” names no paragraphs: write numbers, a footnote with fn, e.g. 11, fn2."),
)
# Between the pieces of a quotation that are apart in the text.
LEFT_OUT = " […] "


def missing_from(quotation: str, texts: Collection[str]) -> list[str]:
    pieces = quotation.split(LEFT_OUT)
    return [piece for piece in pieces if not any(piece in text for text in texts)]


class DocumentManager(RecordedManager):
    def with_text(self) -> Any:
        return self.filter(Exists(Paragraph.objects.filter(document=OuterRef("pk"))))


class Document(RuledModel, RecordedModel):
    identifier = "slug"

    slug = models.SlugField(
        _("slug"),
        max_length=80,
        unique=True,
        help_text=_("Part of the web address; it never changes."),
    )
    symbol = one_line(_("symbol"), 50)
    title = one_line(_("title"), 300)
    kind = one_line(_("kind"), 100)
    date = PartialDateField(_("date"), max_length=10, blank=True)
    address = one_line(_("address"), 300, _("As the source prints it, errors included."))
    note = models.TextField(_("note"), blank=True, validators=[validate_plain_text])
    is_the_report = models.BooleanField(
        _("the report"), default=False, help_text=_("Pages call this document “the report”.")
    )

    objects = DocumentManager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["slug"]
        constraints = [
            rule(
                "document_named",
                "title",
                _("A document has a symbol or a title."),
                ~Q(symbol="", title=""),
            ),
            models.UniqueConstraint(
                fields=["is_the_report"],
                condition=Q(is_the_report=True),
                name="document_the_report",
                violation_error_code="is_the_report",
                violation_error_message=_("Another document is already marked as the report."),
            ),
            models.UniqueConstraint(
                fields=["symbol"],
                condition=~Q(symbol=""),
                name="document_symbol_once",
                violation_error_code="symbol",
                violation_error_message=_("Another document has this symbol."),
            ),
        ]

    def __str__(self) -> str:
        return self.symbol or self.title

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    @property
    def day(self) -> str:
        return day_in_words(self.date)

    @property
    def text_address(self) -> str:
        return reverse("document-text", args=[self.slug])

    def place(self, places: str) -> str:
        """Return places in words: the document with its paragraphs and footnotes."""
        return cited(str(self), places)

    def missing(self, quotation: str, places: str) -> list[str]:
        texts = self.paragraphs.filter(number__in=PLACES.findall(places))
        return missing_from(quotation, list(texts.values_list("text", flat=True)))


class ParagraphManager(RecordedManager):
    def get_by_natural_key(self, slug: str, number: str) -> Any:
        return self.get(document__slug=slug, number=number)


class Paragraph(RuledModel, RecordedModel):
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="paragraphs", verbose_name=_("document")
    )
    number = models.CharField(
        _("number"),
        max_length=10,
        validators=[RegexValidator(r"^(fn)?[0-9]+\Z", _("A number, e.g. 24; a footnote: fn4."))],
        help_text=_("A number, e.g. 24; a footnote: fn4."),
    )
    position = models.PositiveSmallIntegerField(
        _("position"), help_text=_("Its place in the order, from 1")
    )
    part = one_line(_("part"), 10)
    part_heading = one_line(_("heading of the part"), 300)
    section = one_line(_("section"), 10)
    section_heading = one_line(_("heading of the section"), 300)
    text = models.TextField(_("text"), validators=[validate_plain_text])
    carried_by = models.CharField(
        _("carried by"),
        max_length=10,
        blank=True,
        help_text=_("Of a footnote: the paragraph that has its mark."),
    )

    objects = ParagraphManager()

    class Meta:
        verbose_name = _("paragraph")
        verbose_name_plural = _("paragraphs")
        ordering = ["document", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "number"],
                name="paragraph_once",
            ),
            models.CheckConstraint(name="paragraph_text", condition=~Q(text="")),
            rule(
                "paragraph_carried",
                "carried_by",
                _("Only a footnote is carried by a paragraph."),
                Q(number__startswith="fn") & ~Q(carried_by="")
                | ~Q(number__startswith="fn") & Q(carried_by=""),
            ),
        ]

    def __str__(self) -> str:
        return self.document.place(self.number)

    @classmethod
    def key_of(cls, snapshot: Snapshot) -> str:
        return f"{snapshot['document']}: {snapshot['number']}"

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        # No form of an existing one has its number, which a rule asks for.
        stored = {"number"} if self.pk else set()
        super().validate_constraints({*(exclude or ())} - stored)

    def natural_key(self) -> tuple[str, str]:
        return (self.document.slug, self.number)

    natural_key.dependencies = ["reports.document"]  # type: ignore[attr-defined]  # for dumpdata

    @property
    def is_footnote(self) -> bool:
        return self.number.startswith("fn")

    @property
    def anchor(self) -> str:
        return f"fn-{self.number[2:]}" if self.is_footnote else f"para-{self.number}"

    @property
    def own_address(self) -> str:
        """The page of a paragraph alone, with all that was read from it."""
        return reverse("paragraph", args=[self.document.slug, self.number])

    def get_absolute_url(self) -> str:
        return f"{self.document.text_address}#{self.anchor}"


def known_documents() -> dict[str, frozenset[str]]:
    """Return the numbers of the paragraphs of every document with a symbol."""
    found: dict[str, set[str]] = {}
    named = Document.objects.exclude(symbol="").values_list("symbol", "paragraphs__number")
    for symbol, number in named.order_by("symbol"):
        found.setdefault(symbol, set()).update({number} - {None})
    return {symbol: frozenset(numbers) for symbol, numbers in found.items()}
