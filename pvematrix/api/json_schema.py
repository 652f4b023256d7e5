"""Schemas that shapes are made of, as JSON Schema has them: values, columns, fields, pages."""

from collections.abc import Collection, Iterable
from functools import partial
from itertools import chain
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from projects.columns import Table
from projects.vocabulary import MEANINGS

Schema = dict[str, Any]
# By their names.
Shapes = dict[str, Schema]


def plain(kind: str, about: Any = None, null: bool = False, **more: Any) -> Schema:
    # What the report says in it is read when it is shown.
    described = {} if about is None else {"description": about}
    return {"type": [kind, "null"] if null else kind, **more, **described}


text = partial(plain, "string")
number = partial(plain, "integer", minimum=0)
moment = partial(plain, "string", format="date-time")
address = partial(plain, "string", format="uri")


def one_of(values: Iterable[Any], about: Any = None, null: bool = False) -> Schema:
    return plain("string", about, null, enum=[*values, None] if null else [*values])


def several(about: Any, values: Collection[Any] = ()) -> Schema:
    return plain("array", about, items=one_of(values) if values else text())


def reference(name: str, kind: str = "schemas") -> Schema:
    return {"$ref": f"#/components/{kind}/{name}"}


def many(name: str) -> Schema:
    return plain("array", items=reference(name))


def by_name(values: Schema, about: Any = None) -> Schema:
    return plain("object", about, additionalProperties=values)


def shape(name: str, about: Any = None, optional: Iterable[str] = (), /, **keys: Schema) -> Shapes:
    """Return an object by its name; all keys are there but for the optional ones."""
    required = sorted(keys.keys() - {*optional})
    return {name: plain("object", about, properties=keys, required=required)}


COUNTED = {"count": number(_("Rows on all pages"))}


def record(
    name: str, about: Any, heads: Schema = COUNTED, of_pages: Any = None, /, **keys: Schema
) -> Shapes:
    """Return an object and its pages, with `heads` before their rows."""
    following = address(_("The address of what follows; null at the end"), null=True)
    pages = shape(f"{name}Page", of_pages, **heads, next=following, results=many(name))
    return shape(name, about, **keys) | pages


def keys_of(table: Table) -> dict[str, Schema]:
    """Return a key for each column of a table, with the meaning that it has in files."""
    stored: Any = apps.get_model(table.model)._meta.get_field
    return {
        one.name: several(one.meaning, one.labels)
        if one.several
        else _key(stored(one.name), one.meaning, one.labels)
        for one in table.columns
    }


def fields_of(model: type[models.Model], *names: str) -> dict[str, Schema]:
    """Return a key for each of these fields of a model, with the words of its form."""
    stored: dict[str, Any] = {name: model._meta.get_field(name) for name in names}
    return {
        name: _key(one, one.help_text or capfirst(one.verbose_name)) for name, one in stored.items()
    }


def explained(about: Any, slugs: Iterable[str]) -> Any:
    """Return a meaning, and sentences on each slug that needs one, in backticks as in Markdown."""
    known = [(slug, MEANINGS[slug]) for slug in slugs if slug in MEANINGS]
    if not known:
        return about
    return format_lazy("{}." + " `{}`: {}" * len(known), about, *chain.from_iterable(known))


def _key(stored: Any, about: Any, labels: Iterable[str] = ()) -> Schema:
    if labels:
        # A scope that is stored empty has a value of its own there.
        may_be_empty = stored.blank and stored.name not in ("scope", "scope_basis")
        values = [*labels, ""] if may_be_empty else labels
        return one_of(values, explained(about, values))
    if isinstance(stored, models.DateTimeField):
        return moment(about)
    if isinstance(stored, models.IntegerField):
        return number(about)
    if isinstance(stored, models.BooleanField):
        return plain("boolean", about)
    return text(about, stored.null)
