"""Every read of the register has its name here, and so have the three ways of seeing it."""

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
    """Projects, read by name; written only where a revision is kept, and never in an edition."""

    # Writing. Rows of an edition refuse it even where no revision is asked for.

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
        # Before the transaction that Django opens for it.
        if any(one.edition_id for one in objs):
            raise Frozen("Rows of an edition are among these: they never change.")
        return super().bulk_update(objs, *args, **kwargs)

    def _refuse_frozen(self) -> None:
        if self.order_by().exclude(LIVE).exists():
            raise Frozen("Rows of an edition are among these: they never change.")

    # Reading

    def of_edition(self, edition) -> "ProjectQuerySet":
        """Return the published projects of an edition, None for the live register, by reference."""
        return self.published().filter(edition=edition).in_order("reference")

    def with_page(self) -> "ProjectQuerySet":
        """Return the projects that have a page: those listed, and those set aside."""
        return self.exclude(review=Review.DRAFT)

    def set_aside(self) -> "ProjectQuerySet":
        """Return the projects that are not counted any more, and keep their pages."""
        return self.filter(review=Review.SET_ASIDE)

    def references(self) -> models.QuerySet:
        """Return the references of these projects, for another query to ask for."""
        return self.order_by().values("reference")

    def numbered(self, number: int) -> "ProjectQuerySet":
        """Return the project whose reference carries this number, if there is one."""
        return self.filter(number=number)

    def like(self, project: "Project") -> "ProjectQuerySet":
        """Return the other described projects of its entities or of its area, by reference."""
        links = self.model.entities.through.objects
        same = links.filter(project=OuterRef("pk"), entity__in=project.entities.all())
        described = self.exclude(provenance=Provenance.COUNTED).exclude(pk=project.pk)
        return described.filter(Q(priority_area=project.priority_area) | Exists(same))

    def before(self, project: "Project") -> int:
        """Return how many projects of its area and provenance stand before it in the matrix."""
        alike = {"priority_area": project.priority_area, "provenance": project.provenance}
        return self.order_by().filter(**alike, number__lt=project.number).count()

    def newest_texts(self, most: int) -> Iterator[str]:
        """Yield the folded texts of the described projects that came last, at most so many."""
        described = self.exclude(provenance=Provenance.COUNTED).order_by("-number")
        yield from described.values_list("search_text", flat=True)[:most].iterator()

    def without_link(self, name: str) -> "ProjectQuerySet":
        """Return the projects without any entity, or without any country."""
        return self.filter(**{f"{name}__isnull": True})

    def without_source(self) -> "ProjectQuerySet":
        """Return the projects of which no source is cited."""
        return self.filter(source__regex=r"^\s*\Z")

    def for_list(self, linked: Iterable[str]) -> "ProjectQuerySet":
        """Return the projects with what a line of the register shows of other tables."""
        return self.prefetch_related(*linked)

    def for_detail(self) -> "ProjectQuerySet":
        """Return the projects with what a project's own page shows."""
        return self.prefetch_related("entities", "countries", "quotations")


ProjectManager = models.Manager.from_queryset(ProjectQuerySet)


class EveryManager(ProjectManager):
    """Every row that there is: the live register, its drafts, and all editions."""


class LiveManager(EveryManager):
    """The live register with its drafts, as staff see it: without the rows of editions."""

    def get_queryset(self):
        return super().get_queryset().filter(LIVE)

    def get_by_natural_key(self, reference):
        return self.get(reference=reference)


class PublishedManager(LiveManager):
    """The live register as everybody sees it."""

    def get_queryset(self):
        return super().get_queryset().published()
