"""The parts of the report that this site has: how many of what, and their pages."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import CharField, Count, IntegerField, Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import ngettext

from ..models import STATEMENT_PAGES, Paragraph, Statement


class Part(NamedTuple):
    number: int
    label: str | Promise
    address: str


def contents(projects: int) -> list[Part]:
    """Return every part, the text of each document first; none where no text was loaded."""
    texts, kinds = _counted()
    if not texts:
        return []
    return [
        *(_text(*one) for one in texts),
        Part(projects, ngettext("project", "projects", projects), reverse("project-list")),
        *_statements(kinds),
    ]


def _counted() -> tuple[list[tuple[str, str, int, int]], Counter]:
    """Return (slug, name, paragraphs, footnotes) of each text, and the statements by kind."""
    named = Coalesce(NullIf("document__symbol", Value("")), "document__title")
    texts = Paragraph.objects.order_by().values_list("document__slug", named)
    said = Statement.published.of_report()
    kinds = said.order_by().values_list("kind", Value("", CharField()))
    # One query, since this is on the first page.
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
    label %= {"document": name, "footnotes": notes}
    return Part(paragraphs, label, reverse("document-text", args=[slug]))


def _statements(kinds: Counter) -> Iterable[Part]:
    for name, page in STATEMENT_PAGES.items():
        if page.counted:
            yield Part(sum(kinds[kind] for kind in page.kinds), page.counted, reverse(name))
