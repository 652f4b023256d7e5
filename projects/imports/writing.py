"""What an import writes and its undoing takes back: projects by the thousand, and directories."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import CASCADE, ProtectedError
from django.utils.translation import gettext as _

from ..columns import PROJECT_TABLE, QUOTATIONS, ROWS_AT_ONCE, Column
from ..exports import batched
from ..history import RecordedModel, Recorder, Snapshot, find, recorded_by_caller, restore
from ..models import Batch, Country, Entity, Project, Quotation, this_second
from ..vocabulary import AcronymSource
from .lines import Refused
from .names import beside_m49, un_entities


@dataclass
class Write:
    """A project to be written: added where `old` is None, deleted where `new` is."""

    pk: Any  # None until one that is new is saved
    old: Snapshot | None
    new: Snapshot | None


def write(writes: Iterable[Write], recorder: Recorder, batch: Batch) -> None:
    now = this_second()
    with recorded_by_caller("the recorder gets every row"):
        for some in batched(writes):
            gone = [write for write in some if write.new is None]
            kept = [(write, write.new) for write in some if write.new is not None]
            _save(kept, now)
            for column in PROJECT_TABLE.columns:
                if column.linked_by:
                    _relink(column, gone, kept)
            _requote(kept)
            _delete([write.pk for write in gone])
            recorder.write_all((Project, write.pk, write.old, write.new) for write in some)
            batch.deleted += len(gone)
            batch.changed += sum(write.old is not None for write, _new in kept)
            batch.added += sum(write.old is None for write, _new in kept)


def _save(writes: list[tuple[Write, Snapshot]], now: Any) -> None:
    """Save the projects' own values; those that are new get their primary key."""
    there = [write.pk for write, _new in writes if write.old is not None]
    merged = {new["merged_into"] for _write, new in writes if new.get("merged_into")}
    others = Project.live.filter(reference__in=merged)
    keys = dict(others.values_list("reference", "pk"))
    if lacking := sorted(merged - keys.keys()):
        raise Refused(_("%s has been deleted in the meantime.") % ", ".join(lacking))
    stored = Project.live.select_for_update().in_bulk(there)
    made: dict[bool, list[Project]] = {True: [], False: []}
    projects = []
    for write, new in writes:
        project = Project(pk=write.pk) if write.old is None else stored[write.pk]
        project.apply(new)
        project.review, project.updated_at = new["review"], now
        project.merged_into_id = keys.get(new.get("merged_into", ""))
        made[write.old is None].append(project)
        projects.append(project)
    Project.live.bulk_create(made[True], batch_size=ROWS_AT_ONCE)
    written = [
        f.name for f in Project._meta.concrete_fields if not f.primary_key and not f.generated
    ]
    Project.live.write_over(made[False], written)
    for (write, _new), project in zip(writes, projects, strict=True):
        write.pk = project.pk


def _delete(keys: list[Any]) -> None:
    try:
        Project.live.filter(pk__in=keys).delete()
    except ProtectedError:
        raise Refused(_("Others were merged into its entries: undo that first.")) from None


def _relink(column: Column, gone: list[Write], kept: list[tuple[Write, Snapshot]]) -> None:
    links: Any = Project._meta.get_field(column.name)
    through, other = links.remote_field.through, links.related_model
    record, linked = (
        f"{name()}_id" for name in (links.m2m_field_name, links.m2m_reverse_field_name)
    )
    changed = [
        (write, new[column.name])
        for write, new in kept
        if new[column.name] != (write.old or {}).get(column.name, [])
    ]
    there = [write for write, _names in changed if write.old is not None]
    loosened = [write.pk for write in (*gone, *there)]
    through.objects.filter(**{f"{record}__in": loosened}).delete()
    keys = dict(other.objects.values_list(column.linked_by, "pk"))
    through.objects.bulk_create(
        [
            through(**{record: write.pk, linked: keys.get(name) or _had(other, name)})
            for write, names in changed
            for name in names
        ],
        batch_size=ROWS_AT_ONCE,
    )


def _requote(kept: list[tuple[Write, Snapshot]]) -> None:
    """Give the projects the words that they are quoted with, where these changed.

    Versions from before quotations were a part of projects say nothing of them.
    """
    name = QUOTATIONS.name
    changed = [
        (write.pk, new[name])
        for write, new in kept
        if name in new and new[name] != (write.old or {}).get(name, {})
    ]
    if not changed:
        return
    Quotation.objects.filter(project__in=[pk for pk, _quoted in changed]).delete()
    made = [Quotation.of(pk, *one) for pk, quoted in changed for one in quoted.items()]
    Quotation.objects.bulk_create(made, batch_size=ROWS_AT_ONCE)


def _had(model: type[RecordedModel], identifier: str) -> int:
    """Return the key of what was called so, since an undone row may speak of it."""
    try:
        return find(model, identifier).pk
    except ValidationError as error:
        raise Refused(error.messages[0]) from None


def name_entities(batch: Batch) -> None:
    """Bring what comes with a batch into the directories; raises Refused for what cannot."""
    try:
        for key in batch.state.countries:
            country = Country(**beside_m49()[key])
            country.full_clean()
            country.save()
        names = un_entities()
        for key, name in batch.state.entities.items():
            entity = Entity(acronym=key, name=name)
            if key in names and names[key]["name"] == name:
                entity.aliases = names[key]["aliases"]
                entity.acronym_from = AcronymSource.IN_USE.value
            entity.full_clean()
            entity.save()
    except ValidationError as error:
        raise Refused(f"{key}: {' '.join(error.messages)}") from None


def take_back(revisions: Any, undoing: Batch, keep_used: bool) -> None:
    """Undo the changes of other records than projects, what came last first."""
    for revision in revisions.select_related("content_type").order_by("-pk"):
        model: Any = revision.content_type.model_class()
        try:
            if revision.old is None:
                record = model._base_manager.get(pk=revision.object_id)
                if _has_parts(record):  # which somebody added since
                    raise ProtectedError("", set())
                record.delete()
                undoing.deleted += 1
            else:
                restore(model, revision.object_id, revision.old)
                undoing.changed += 1
        except ProtectedError:
            if not keep_used:
                text = _("%s is in use by now and stays.")
                raise Refused(text % revision.key) from None
        except ValidationError as error:
            raise Refused(f"{revision.key}: {' '.join(error.messages)}") from None


def _has_parts(record: Any) -> bool:
    """Return whether other records would be deleted with this one."""
    relations = (one for one in record._meta.related_objects if one.one_to_many)
    return any(
        getattr(record, one.get_accessor_name()).exists()
        for one in relations
        if one.on_delete is CASCADE
    )
