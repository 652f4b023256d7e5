"""The parts of the report that this site has: how many of what, and their pages."""

from collections import Counter
from typing import NamedTuple

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import ngettext

from ..models import STATEMENT_PAGES, Document, Statement


class Part(NamedTuple):
    number: int
    label: str | Promise
    address: str


def contents(projects: int) -> list[Part]:
    """Return every part, the text of each document first; none where no text was loaded."""
    is_note = Q(paragraphs__number__startswith="fn")
    texts = Document.objects.with_text().annotate(
        notes=Count("paragraphs", filter=is_note), count=Count("paragraphs", filter=~is_note)
    )
    parts = []
    for one in texts:
        label = ngettext(
            "paragraph of %(document)s, with %(footnotes)d footnotes",
            "paragraphs of %(document)s, with %(footnotes)d footnotes",
            one.count,
        )
        label %= {"document": one, "footnotes": one.notes}
        parts.append(Part(one.count, label, one.text_address))
    if not parts:
        return []
    parts.append(Part(projects, ngettext("project", "projects", projects), reverse("project-list")))
    kinds = Counter(Statement.published.of_report().order_by().values_list("kind", flat=True))
    for name, page in STATEMENT_PAGES.items():
        if page.counted:
            number = sum(kinds[kind] for kind in page.kinds)
            parts.append(Part(number, page.counted, reverse(name)))
    return parts
