"""Conflicts between two people who change one record.

A form has the number of the last revision that it shows. If there is a later one, saving shows a
page with both values. That page sends the whole form again (`carried`), the other person's values
as `theirs-…`, and for every column in `merged` which one to `keep-…`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import ModelForm
from django.http import QueryDict

from projects.history import Revision, text_of

THEIRS, MINE = "theirs", "mine"


@dataclass(frozen=True)
class Conflict:
    """A column that another person changed meanwhile, to a different value."""

    column: str
    label: str
    before: str
    theirs: str
    mine: str
    revision: Revision

    @property
    def keep_theirs(self) -> bool:
        return self.mine == self.before


def merged(submitted: QueryDict, column_fields: Mapping[str, list[str]]) -> QueryDict:
    """Return the submitted form with the values that the page of conflicts chose to keep."""
    if "merged" not in submitted:
        return submitted
    data = submitted.copy()
    for column in data.getlist("merged"):
        if data.get(f"keep-{column}") == MINE:
            continue
        for field in column_fields.get(column, [column]):
            data.setlist(field, data.getlist(f"{THEIRS}-{field}"))
            if not data.getlist(field):
                del data[field]
    return data


def carried(submitted: QueryDict) -> list[tuple[str, str]]:
    """Return the form's fields, which the page of conflicts sends again, as (name, value)."""
    own = {"csrfmiddlewaretoken", "seen", "merged"}
    return [
        (name, value)
        for name, values in submitted.lists()
        if name not in own and not name.startswith(("keep-", f"{THEIRS}-"))
        for value in values
    ]


def find_conflicts(
    record: Any, form: ModelForm, later: list[Revision], label_of: Callable[[str], str]
) -> list[Conflict]:
    """Return the columns that the `later` revisions and the valid form set to different values."""
    links = {
        field.name: form.cleaned_data[field.name]
        for field in record._meta.many_to_many
        if field.name in form.cleaned_data
    }
    now, mine = record.snapshot(), form.instance.snapshot(links)
    touched: dict[str, tuple[str, Revision]] = {}
    for revision in later:
        for change in revision.changes:
            before = touched[change.column][0] if change.column in touched else change.old
            touched[change.column] = (before, revision)
    conflicts = []
    for column, (before, revision) in touched.items():
        if column in now:
            values = text_of(now[column]), text_of(mine[column])
            if values[0] != values[1]:
                conflicts.append(Conflict(column, label_of(column), before, *values, revision))
    return conflicts


def form_values(record: Any, name: str) -> list[str]:
    field = record._meta.get_field(name)
    value = field.value_from_object(record)
    if field.many_to_many:
        return [str(linked.pk) for linked in value]
    if isinstance(value, bool):
        return ["on"] if value else []
    return ["" if value is None else str(value)]
