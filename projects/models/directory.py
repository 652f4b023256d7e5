"""The directories that projects refer to: countries, and entities of the United Nations."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ..history import Action, RecordedQuerySet, Revision
from ..languages import country_name, english, entity_acronym, entity_name
from ..vocabulary import NOT_STATED, AcronymSource, Review
from .base import NEEDED, RegisterModel, chosen, one_of, rule
from .fields import FoldedField, one_line

# What fields and their rules say.
_A_CODE, _AN_M49_CODE = _("Three capital letters, e.g. KEN."), _("Three digits, e.g. 404.")


class DirectoryQuerySet(RecordedQuerySet):
    def public(self) -> Any:
        """Return those that came with the site, or that a public record refers to."""
        added = Revision.objects.of_model(self.model).filter(action=Action.ADDED)
        found: Any = Q(~Exists(added.filter(object_id=OuterRef("pk"))))
        for link in self.model._meta.related_objects:
            if link.many_to_many:
                # Editions are public, too, and so is the page of what is set aside.
                public = link.related_model._base_manager.exclude(review=Review.DRAFT)
                found |= Exists(public.filter(**{link.field.name: OuterRef("pk")}))
        return self.filter(found)


class DirectoryModel(RegisterModel):
    """A record that projects refer to by an identifier, which editions make permanent."""

    # Django's reverse relation.
    project_set: Any

    objects = models.Manager.from_queryset(DirectoryQuerySet)()

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[str]:
        return (getattr(self, self.identifier),)

    def clean(self) -> None:
        super().clean()
        saved = type(self).objects.filter(pk=self.pk).first()
        if not saved or saved.natural_key() == self.natural_key():
            return
        if self.project_set(manager="every").exclude(edition=None).exists():
            text = _("“%(identifier)s” is in a published edition and cannot change: add another.")
            raise ValidationError({self.identifier: text % {"identifier": saved.natural_key()[0]}})

    @property
    def users(self) -> list:
        """The records that refer to it, in editions too; at most ten of each kind."""
        found = list(self.project_set(manager="every").all()[:10])
        for link in self._meta.related_objects:
            # Other apps link to it as well.
            if link.many_to_many and link.name != "project":
                linking: Any = link.related_model
                found += linking._base_manager.filter(**{link.field.name: self})[:10]
        return found

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if users := self.users:
            raise models.ProtectedError(f"“{self}” is referred to.", set(users))
        return super().delete(*args, **kwargs)


class Country(DirectoryModel):
    """A country or area of the United Nations standard M49, or one without a code there."""

    identifier = "code"

    code = models.CharField(_("code"), max_length=3, unique=True, help_text=_A_CODE)
    m49 = models.CharField(_("M49 code"), max_length=3, blank=True, help_text=_AN_M49_CODE)
    name = one_line(_("name"), 200, blank=False)
    note = one_line(_("footnote"), 300)
    search_text = FoldedField(sources=("code", "name"))

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["code"]
        constraints = [
            rule("country_code", "code", _A_CODE, Q(code__regex=r"^[A-Z]{3}\Z")),
            rule("country_m49", "m49", _AN_M49_CODE, Q(m49="") | Q(m49__regex=r"^[0-9]{3}\Z")),
            models.UniqueConstraint(
                fields=["m49"],
                condition=~Q(m49=""),
                name="country_m49_once",
                violation_error_code="m49",
                violation_error_message=_("Another country has this code."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name_and_note(self) -> str:
        name = self.local_name
        return f"{name} ({self.note})" if self.note else name

    @property
    def local_name(self) -> str:
        return country_name(self.code, self.name)


class Entity(DirectoryModel):
    identifier = "acronym"

    acronym = models.CharField(
        _("acronym"),
        max_length=30,
        unique=True,
        help_text=_("In web addresses: changing it breaks bookmarks."),
    )
    acronym_from = chosen(_("where the acronym comes from"), 10, AcronymSource, blank=True)
    name = one_line(_("name"), 300, blank=False)
    aliases = one_line(_("other names"), 500, _("Separated by semicolons."))
    kind = one_line(_("kind"), 60)
    search_text = FoldedField(sources=("acronym", "name"))

    class Meta:
        verbose_name = _("entity")
        verbose_name_plural = _("entities")
        ordering = ["search_text"]
        constraints = [
            rule(
                "entity_acronym",
                "acronym",
                format_lazy(
                    _("Letters, digits and single hyphens, e.g. UN-Women; not “{reserved}”."),
                    reserved=NOT_STATED,
                ),
                Q(acronym__regex=r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*\Z")
                & ~Q(acronym__iexact=NOT_STATED),
            ),
            models.UniqueConstraint(
                Lower("acronym"),
                name="entity_acronym_once",
                violation_error_code="acronym",
                violation_error_message=_("Another entity has this acronym."),
            ),
            one_of("entity_acronym_from", "acronym_from", AcronymSource, blank=True),
            rule("entity_name", "name", NEEDED, ~Q(name="")),
        ]

    def __str__(self) -> str:
        return f"{self.acronym}: {self.name}"

    @property
    def local_acronym(self) -> str:
        return entity_acronym(self.acronym)

    @property
    def full_name(self) -> str:
        """Its name in the reader's language, or in English, for attributes and data."""
        return entity_name(self.acronym) or self.name

    @property
    def local_name(self) -> Any:
        """The same, where it is English as a part of a page in another language."""
        return entity_name(self.acronym) or english(self.name)

    @property
    def other_names(self) -> list[str]:
        return [one for one in self.aliases.split(";") if one]

    @property
    def has_own_code(self) -> bool:
        return self.acronym_from == AcronymSource.REGISTER
