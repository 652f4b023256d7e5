"""The managers of statements."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from projects.models.reviewed import ReviewedQuerySet
from projects.vocabulary import Review

from .document import THE_REPORT
from .kinds import Kind


class StatementQuerySet(ReviewedQuerySet):
    def of_kinds(self, *kinds: Kind) -> Self:
        """Return the statements of these kinds, or of all kinds, with their relations."""
        found = self.select_related("document", "about", "parent", "answered_by")
        found = found.prefetch_related("entities")
        return found.filter(kind__in=kinds) if kinds else found

    def of_report(self) -> Self:
        return self.filter(document__symbol=THE_REPORT)

    def naming(self, body) -> Self:
        """Return the statements that name a body, without the body itself and its details."""
        words = Q(quotation__icontains=body.title) | Q(addressee__icontains=body.title)
        return self.of_kinds().filter(words).exclude(pk=body.pk).exclude(parent=body)


EveryStatement = models.Manager.from_queryset(StatementQuerySet)


class StatementManager(EveryStatement):
    def get_by_natural_key(self, code):
        return self.model._base_manager.get(code=code)


class PublishedStatements(StatementManager):
    def get_queryset(self):
        everything: Any = super().get_queryset()
        return everything.published().exclude(parent__review=Review.DRAFT)
