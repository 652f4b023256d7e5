"""How much of the report there is here, part by part, and where each part stands."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import CharField, Count, IntegerField, Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..models import Kind, Paragraph, Statement
from .plans import PlanQuery
from .statements import EventQuery, EvidenceQuery, LibraryQuery


class Part(NamedTuple):
    """A part of what is said: how many of what, and the page that has them."""

    number: int
    label: str
    address: str


def contents(projects: int) -> list[Part]:
    """Return every part, the text of each document first; nothing where no text was loaded.

    `projects` is the number of projects in the register.
    """
    texts, kinds = _counted()
    if not texts:
        return []
    return [
        *(_text(*one) for one in texts),
        Part(projects, ngettext("project", "projects", projects), reverse("project-list")),
        *_statements(kinds),
    ]


def _counted() -> tuple[list[tuple[str, str, int, int]], Counter]:
    """Return the texts, each with its slug, name and counts, and the report's kinds, counted."""
    named = Coalesce(NullIf("document__symbol", Value("")), "document__title")
    texts = Paragraph.objects.order_by().values_list("document__slug", named)
    said = Statement.published.of_report()
    kinds = said.order_by().values_list("kind", Value("", CharField()))
    # One query, since this stands on the page that everybody sees first.
    rows = texts.annotate(
        count=Count("pk", filter=Q(carried_by="")), notes=Count("pk", filter=~Q(carried_by=""))
    ).union(kinds.annotate(count=Count("pk"), notes=Value(-1, IntegerField())), all=True)
    found: list[tuple[str, str, int, int]] = sorted(rows)
    counts = Counter({kind: count for kind, _name, count, notes in found if notes < 0})
    return [one for one in found if one[-1] >= 0], counts


def _text(slug: str, name: str, paragraphs: int, notes: int) -> Part:
    label = ngettext(
        "paragraph of %(document)s, with %(footnotes)d footnotes",
        "paragraphs of %(document)s, with %(footnotes)d footnotes",
        paragraphs,
    )
    told = label % {"document": name, "footnotes": notes}
    return Part(paragraphs, told, reverse("document-text", args=[slug]))


def _statements(kinds: Counter) -> Iterable[Part]:
    for wanted, label, page in (
        (LibraryQuery.kinds, _("practices, lessons and experiences"), "library"),
        (EvidenceQuery.kinds, _("figures of studies, and drivers"), "evidence"),
        (EventQuery.kinds, _("events and observances"), "events"),
        ((Kind.BODY,), _("bodies"), "entities"),
        (PlanQuery.kinds, _("measures and statements on plans"), "plans"),
    ):
        yield Part(sum(kinds[kind] for kind in wanted), label, reverse(page))
