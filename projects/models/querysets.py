"""The named reads of the register, and its three managers."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from ..vocabulary import Provenance, Review
from .base import Frozen
from .counting import CountedQuerySet
from .narrowing import LIVE

if TYPE_CHECKING:
    from .project import Project


class ProjectQuerySet(CountedQuerySet):
    """Projects; written only with a revision, and never in an edition."""

    def update(self, **kwargs):
        self._refuse_frozen()
        return super().update(**kwargs)

    def delete(self):
        self._refuse_frozen()
        return super().delete()

    delete.queryset_only = True  # type: ignore[attr-defined]  # as in RecordedQuerySet

    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        if sealed := {one.edition for one in objs if one.edition_id and one.edition.is_sealed}:
            raise Frozen(f"Nothing can be added to {', '.join(map(str, sealed))}: it is published.")
        return super().bulk_create(objs, *args, **kwargs)

    def bulk_update(self, objs, *args, **kwargs):
        objs = list(objs)
        # Before Django opens its transaction.
        if any(one.edition_id for one in objs):
            raise Frozen("Rows of an edition are among these: they never change.")
        return super().bulk_update(objs, *args, **kwargs)

    def _refuse_frozen(self) -> None:
        if self.order_by().exclude(LIVE).exists():
            raise Frozen("Rows of an edition are among these: they never change.")

    def of_edition(self, edition) -> "ProjectQuerySet":
        """Return the published projects of an edition (None: the live register), by reference."""
        return self.published().filter(edition=edition).in_order("reference")

    def with_page(self) -> "ProjectQuerySet":
        """Return the projects that have a page, also those set aside."""
        return self.exclude(review=Review.DRAFT)

    def set_aside(self) -> "ProjectQuerySet":
        return self.filter(review=Review.SET_ASIDE)

    def references(self) -> models.QuerySet:
        """Return the references, for a subquery."""
        return self.order_by().values("reference")

    def numbered(self, number: int) -> "ProjectQuerySet":
        """Return the project whose reference carries this number, if there is one."""
        return self.filter(number=number)

    def like(self, project: "Project") -> "ProjectQuerySet":
        links = self.model.entities.through.objects
        same = links.filter(project=OuterRef("pk"), entity__in=project.entities.all())
        described = self.exclude(provenance=Provenance.COUNTED).exclude(pk=project.pk)
        return described.filter(Q(priority_area=project.priority_area) | Exists(same))

    def before(self, project: "Project") -> int:
        """Return the number of projects of its area and provenance before it in the matrix."""
        alike = {"priority_area": project.priority_area, "provenance": project.provenance}
        return self.order_by().filter(**alike, number__lt=project.number).count()

    def newest_texts(self, most: int) -> Iterator[str]:
        """Yield the folded texts of the newest described projects."""
        described = self.exclude(provenance=Provenance.COUNTED).order_by("-number")
        yield from described.values_list("search_text", flat=True)[:most].iterator()

    def without_link(self, name: str) -> "ProjectQuerySet":
        """Return the projects without "entities" or "countries"."""
        return self.filter(**{f"{name}__isnull": True})

    def without_source(self) -> "ProjectQuerySet":
        return self.filter(source__regex=r"^\s*\Z")

    def for_list(self, linked: Iterable[str]) -> "ProjectQuerySet":
        return self.prefetch_related(*linked)

    def for_detail(self) -> "ProjectQuerySet":
        return self.prefetch_related("entities", "countries", "quotations")


ProjectManager = models.Manager.from_queryset(ProjectQuerySet)


class EveryManager(ProjectManager):
    """Every row: the live register, its drafts, and all editions."""


class LiveManager(EveryManager):
    """The live register with its drafts, as staff see it."""

    def get_queryset(self):
        return super().get_queryset().filter(LIVE)

    def get_by_natural_key(self, reference):
        return self.get(reference=reference)


class PublishedManager(LiveManager):
    """The live register, as everybody sees it."""

    def get_queryset(self):
        return super().get_queryset().published()
