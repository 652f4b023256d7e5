"""Checks of what is stored, beyond the constraints of the database."""

from collections.abc import Iterator
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.db.models import Model

from projects.columns import ROWS_AT_ONCE
from projects.editions import fingerprint, quotations_fingerprint
from projects.exports import batched
from projects.history import RecordedModel, Revision, Snapshot
from projects.models import Edition, Project, Quotation
from projects.models.fields import FoldedField

from .models import PLACES, Document, Figure, Paragraph, Statement, missing_from


def errors() -> Iterator[str]:
    yield from broken_editions()
    try:
        connection.check_constraints()
    except IntegrityError as error:
        yield f"a record names what is not there: {error}"
    for model in apps.get_models():
        yield from wrongly_folded(model)
        if issubclass(model, RecordedModel):
            yield from broken_chains(model)
    yield from unanswerable_figures()
    yield from misquoted()


def broken_editions() -> Iterator[str]:
    for edition in Edition.objects.order_by("pk"):
        count, found = Project.every.of_edition(edition).count(), fingerprint(edition)
        if count != edition.count:
            yield f"edition {edition.slug}: {count} projects, published with {edition.count}"
        if found != edition.sha256:
            yield f"edition {edition.slug}: SHA-256 is {found}, published as {edition.sha256}"
        if quotations_fingerprint(edition) != edition.quotations_sha256:
            yield f"edition {edition.slug}: its quotations are not those that were published"


def wrongly_folded(model: type[Model]) -> Iterator[str]:
    folded = [one.attname for one in model._meta.concrete_fields if isinstance(one, FoldedField)]
    if not folded:
        return
    for row in model._base_manager.order_by("pk").iterator(chunk_size=ROWS_AT_ONCE):
        for name in folded:
            # The attribute computes the text; the dictionary has what is stored.
            if row.__dict__[name] != getattr(row, name):
                yield f"{model._meta.label} {row.pk}: {name} is not the folded text of its words"


def broken_chains(model: type[RecordedModel]) -> Iterator[str]:
    """Yield the records whose revisions do not continue each other up to what is stored."""
    compared, revisions = _Comparison(model), Revision.objects.of_model(model)
    linked = [field.name for field in model._meta.many_to_many]
    keys = revisions.order_by("object_id").values_list("object_id", flat=True).distinct()
    for some in batched(keys):
        stored = model._base_manager.prefetch_related(*linked).in_bulk(some)
        of_some = revisions.filter(object_id__in=some).order_by("object_id", "pk")
        for key, chain in groupby(of_some, attrgetter("object_id")):
            record = stored.get(key)
            # A placeholder has no history of its own: it is derived.
            is_derived = isinstance(record, Project) and record.is_counted
            yield from compared.errors([*chain], record.snapshot() if record else None, is_derived)


class _Comparison:
    """Compares snapshots of one model; linked records may have been renamed in between."""

    def __init__(self, model: type[RecordedModel]) -> None:
        self.model, self.links = model, dict[str, dict[str, int]]()
        self.named = set()
        for field in model._meta.get_fields():
            if field.many_to_many and not field.auto_created:
                related: Any = field.related_model
                recorded = issubclass(related, RecordedModel)
                self.links[field.name] = _who_had(related) if recorded else {}
            elif field.is_relation and field.concrete:
                self.named.add(field.name)  # stored as a name, which may have changed

    def errors(
        self, chain: list[Revision], stored: Snapshot | None, is_derived: bool
    ) -> Iterator[str]:
        for former, revision in pairwise(chain):
            if columns := self._differing(former.new, revision.old):
                yield (
                    f"revision {revision.pk} of {revision.key}: begins with something else than "
                    f"revision {former.pk} ended with ({columns})"
                )
        last = chain[-1]
        if is_derived:
            return
        if columns := self._differing(last.new, stored):
            yield f"{last.key}: stored is not what revision {last.pk} ended with ({columns})"

    def _differing(self, first: Snapshot | None, second: Snapshot | None) -> str:
        if first is None or second is None:
            return "" if first is second else "all"
        columns = (first.keys() & second.keys()) - self.named
        different = [c for c in columns if self._plain(c, first[c]) != self._plain(c, second[c])]
        return ", ".join(sorted(different))

    def _plain(self, column: str, value: Any) -> Any:
        if column not in self.links:
            return value
        return sorted(str(self.links[column].get(key, key)) for key in value)


def _who_had(model: type[RecordedModel]) -> dict[str, int]:
    """Return the primary key by every key that a record has or had; the latest record wins."""
    had: dict[str, int] = {}
    revisions = Revision.objects.of_model(model).order_by("pk")
    for object_id, *snapshots in revisions.values_list("object_id", "old", "new"):
        had |= {model.key_of(snapshot): object_id for snapshot in snapshots if snapshot}
    return had | {
        str(key): pk for pk, key in model._base_manager.values_list("pk", model.identifier)
    }


def unanswerable_figures() -> Iterator[str]:
    for figure in Figure.objects.select_related("report"):
        try:
            figure.asked()
        except ValidationError as error:
            yield f"{figure.report.symbol}, figure {figure.pk}: {' '.join(error.messages)}"


def misquoted() -> Iterator[str]:
    """Yield the quotations, of entries and statements, whose paragraphs do not have the words."""
    texts: dict[str, dict[str, str]] = {}
    for slug, number, text in Paragraph.objects.values_list("document__slug", "number", "text"):
        texts.setdefault(slug, {})[number] = text
    slugs = dict(Document.objects.exclude(symbol="").values_list("symbol", "slug"))
    of_entries = Quotation.objects.filter(project__in=Project.live.order_by().values("pk"))
    quoted = []
    for quote in of_entries.exclude(paragraphs="").select_related("project"):
        name, slug = f"{quote.project.reference}, {quote.field}", slugs.get(quote.document, "")
        quoted.append((name, slug, quote.words, quote.paragraphs))
    quoted += (
        Statement.live.exclude(document=None)
        .exclude(paragraphs="")
        .values_list("code", "document__slug", "quotation", "paragraphs")
    )
    for name, slug, words, places in quoted:
        if slug in texts:
            existing = [texts[slug].get(place, "") for place in PLACES.findall(places)]
            for piece in missing_from(words, existing)[:1]:
                yield f"{name}: “{piece[:100]}” stands in none of its paragraphs ({places})"
