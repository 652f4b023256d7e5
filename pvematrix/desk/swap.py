"""Two entries that change places, so that the totals stay when a source describes one of them.

Every entry has a place in the report's totals: an area, a scope, regions. If a source places it
elsewhere, an entry that is only counted and is there can take over the old place. Its scope and
regions were filled in, and are filled in again. Its area is stated: the title, a placeholder, says
which one of the report's projects of that area it is. So together with the area it takes over the
placeholder of the old place, and the area stays stated.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from projects.cube import Combination, combination_from, combination_of_project
from projects.models import SYSTEMATIC_TITLE, Project
from projects.vocabulary import REGION_COLUMNS, Basis, Provenance, Scope
from reports.models import published_figures
from reports.reconstruction import placeholder

# The entries offered: nothing is known of them, so one is as good as another.
OFFERED = 10
REGIONS = tuple(REGION_COLUMNS.values())
# An offer's key: the entry, and its last revision that the page showed.
KEY = re.compile(r"([0-9]{1,18})-([0-9]{1,18})")


@dataclass(frozen=True)
class Move:
    """The old and the new values of a project's place, by field.

    `title` is the placeholder that it leaves in its area, empty if it stays there.
    """

    old: dict[str, Any]
    new: dict[str, Any]
    title: str

    @property
    def changes_regions(self) -> bool:
        return not self.old.keys().isdisjoint(REGIONS)

    def after(self, one: Combination) -> Combination | None:
        """Return a counted entry after it takes over the old place, None if it cannot.

        It can if it is in the new place, filled in, and if its place is possible afterwards: global
        without a region, national with one, regional with any.
        """
        if any(getattr(one, name) != value for name, value in self.new.items()):
            return None
        if "scope" in self.old and one.scope_basis != Basis.ALLOCATED:
            return None
        if self.changes_regions and one.regions_basis not in ("", Basis.ALLOCATED):
            return None
        after = one._replace(**self.old)
        regions = sum(getattr(after, name) for name in REGIONS)
        allowed = {Scope.GLOBAL: regions == 0, Scope.REGIONAL: regions > 0}
        if not after.scope or not allowed.get(Scope(after.scope), regions == 1):
            return None
        basis = Basis.ALLOCATED.value if regions else ""
        return after._replace(regions_basis=basis) if self.changes_regions else after


def offers(project: Project) -> list[tuple[str, str]]:
    """Return the entries that can take over the old place; none for a draft.

    Each is its key in a form, and its change in words.
    """
    move = _move_of(project)
    return [_offer(partner, move) for partner in _partners(project, move)] if move else []


def partner_of(project: Project, key: str) -> Project:
    """Return the entry of an offer's key, unsaved, in the place that the unsaved project leaves.

    Titles that are placeholders are exchanged. Raises ValidationError if the entry cannot take
    over the place, or changed since it was offered.
    """
    chosen, move = read_key(key), _move_of(project)
    pk, seen = chosen or (0, 0)
    partner = next(_partners(project, move, pk), None) if move else None
    if move is None or partner is None or partner.seen != seen:
        raise ValidationError(_("Choose one of the entries that are offered."))
    title = partner.title
    _take_over(partner, move)
    if project.title == partner.title:
        project.title = title
    partner.full_clean()
    return partner


def read_key(key: str) -> tuple[int, int] | None:
    """Return the primary key and the last seen revision of an offer's key, if it is one."""
    found = KEY.fullmatch(key)
    return (int(found[1]), int(found[2])) if found else None


def _move_of(project: Project) -> Move | None:
    was = Project.published.filter(pk=project.pk).first()
    if was is None:
        return None
    place = ("priority_area", "scope", *REGIONS)
    moved = [name for name in place if getattr(was, name) != getattr(project, name)]
    title = _placeholder_of(was) if "priority_area" in moved else ""
    if not moved or ("priority_area" in moved and not title):
        return None
    old, new = ({name: getattr(one, name) for name in moved} for one in (was, project))
    return Move(old, new, title)


def _placeholder_of(was: Project) -> str:
    """Return the placeholder that a project leaves in its area: its title, or the first free one.

    Empty if the area has more projects than the report counts.
    """
    if was.has_systematic_title:
        return was.title
    of, _paragraph = published_figures().figures.get(("priority_area", was.priority_area), (0, ""))
    there = Project.published.filter(priority_area=was.priority_area)
    titles = there.filter(title__regex=SYSTEMATIC_TITLE.pattern).values_list("title", flat=True)
    had = {int(found[1]) for title in titles if (found := re.search(r"(\d+) of \d+", title))}
    free = next((n for n in range(1, of + 1) if n not in had), None)
    return placeholder(was.priority_area, free, of) if free else ""


def _partners(project: Project, move: Move, pk: int | None = None) -> Iterator[Any]:
    """Yield the first entries that can take over the place, with their last revision as `seen`."""
    counted = Project.published.with_combination().filter(provenance=Provenance.COUNTED)
    counted = counted.exclude(pk=project.pk)
    if move.title:
        counted = counted.filter(title__regex=SYSTEMATIC_TITLE.pattern)
    # There are few combinations, and many entries.
    there = counted.order_by().values_list("combination", flat=True).distinct()
    able = [one for one in there if move.after(combination_from(one, 1))]
    found = counted.filter(combination__in=able)
    if pk is not None:
        found = found.filter(pk=pk)
    yield from found.order_by("number").with_seen()[:OFFERED]


def _take_over(partner: Project, move: Move) -> None:
    after = move.after(combination_of_project(partner))
    for name in (*move.old, "regions_basis"):
        setattr(partner, name, getattr(after, name))
    partner.title = move.title or partner.title


def _offer(partner: Any, move: Move) -> tuple[str, str]:
    key = f"{partner.pk}-{partner.seen}"
    before = partner.title, partner.scope_and_regions
    _take_over(partner, move)
    after = partner.title, partner.scope_and_regions
    changed = [f"{one} → {other}" for one, other in zip(before, after, strict=True) if one != other]
    return key, f"{partner.reference}: {'; '.join(changed)}"
