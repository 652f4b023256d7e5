"""Template tags for the report's paragraphs and statements."""

from functools import lru_cache

from django import template
from django.conf import settings
from django.template.defaultfilters import urlize
from django.template.loader import render_to_string
from django.utils.http import urlencode
from django.utils.translation import get_language

from projects.asking import words
from projects.text import cited
from projects.vocabulary import ENTITY_NOT_STATED

from ..library import text as texts
from ..library.citations import linked, linked_numbers
from ..library.plans import plans_found, registered_plans
from ..library.statements import finding, named_entities, number_found, said_of_projects
from ..library.text import linked_to_notes
from ..models import Kind, Statement
from ..pictures import place

register = template.Library()
register.simple_tag(words.with_marks)
register.filter("with_notes", linked_to_notes)


@register.simple_tag(takes_context=True)
def cite(context, text, paragraphs=None):
    """Return a text, or with `paragraphs` a symbol and these, with links to their words."""
    words = str(text) if paragraphs is None else cited(str(text), str(paragraphs))
    return linked(words, context.get("texts", {}))


@register.simple_tag(takes_context=True)
def cite_and_link(context, text):
    """Return a text as `cite` does, with links for web addresses too."""
    return linked(str(text), context.get("texts", {}), lambda rest: urlize(rest, autoescape=True))


@register.simple_tag(takes_context=True)
def cite_numbers(context, document, paragraphs):
    """Return a document's paragraph numbers as links to their words."""
    return linked_numbers(str(paragraphs), context.get("texts", {}).get(str(document), {}))


@register.simple_tag
def entities_not_named():
    return [acronym for acronym, is_named in named_entities().items() if not is_named]


@register.simple_tag
def facet_values(facet, values, unnamed=()):
    """Return a facet's values as boxes to tick; `unnamed` entities are not named in the report."""
    # In development, changes of the template must show.
    render = _facet_values.__wrapped__ if settings.DEBUG else _facet_values
    return render(facet, tuple(values), tuple(unnamed), get_language())


# Pages that differ in order, page or layout have the same boxes, which take half of a list's time.
# One facet's are two kilobytes, all countries' sixty.
@lru_cache(maxsize=300)
def _facet_values(facet, values, unnamed, _language):
    shown = {"facet": facet, "values": values, "unnamed": unnamed}
    return render_to_string("projects/_values.html", shown)


@register.inclusion_tag("reports/_said_of_project.html", takes_context=True)
def said_of_project(context, reference):
    """Show the statements about a project: its phases, and others of the report and elsewhere."""
    found = said_of_projects().get(reference, [])
    steps = [one for one in found if one.kind == Kind.STEP]
    return {
        "texts": context.get("texts", {}),
        "steps": _nested(steps),
        "others": [one for one in found if one.kind != Kind.STEP and one.is_of_report],
        "elsewhere": [one for one in found if one.kind != Kind.STEP and not one.is_of_report],
    }


def _nested(steps: list[Statement]) -> list[tuple[Statement, list]]:
    """Return the tree of steps, as (step, its parts)."""
    here = {one.pk for one in steps}
    parts: dict[int | None, list[Statement]] = {}
    for one in steps:
        parts.setdefault(one.parent_id if one.parent_id in here else None, []).append(one)

    def parts_of(key: int | None) -> list[tuple[Statement, list]]:
        return [(one, parts_of(one.pk)) for one in parts.get(key, [])]

    return parts_of(None)


@register.inclusion_tag("reports/_plans_of_project.html", takes_context=True)
def plans_of_project(context, reference):
    plans = [plan for plan in registered_plans() if reference in plan.references]
    return {"texts": context.get("texts", {}), "plans": plans}


@register.inclusion_tag("reports/_place.html")
def place_in_matrix(project, selection):
    return {"place": place(project, selection), "project": project}


@register.inclusion_tag("reports/_said_of_search.html")
def said_of_search(asked):
    """Show the report's texts on the entities and words asked for; not for an edition."""
    if asked.edition:
        return {}
    named = [one for one in asked.conditions.get("entity", ()) if one != ENTITY_NOT_STATED]
    if not asked.queries:
        return {"entities": named}
    query = urlencode([("q", query) for query in asked.queries])
    count, elsewhere = number_found(asked.queries)
    return {
        "entities": named,
        "count": count,
        "elsewhere": elsewhere,
        "texts": texts.number_found(finding(asked.queries)),
        "plans": len(plans_found(asked.queries)),
        "query": query,
    }


@register.simple_tag(takes_context=True)
def texts_to_read(context):
    """Return each document whose text is here, with the address of the text."""
    return [
        (document, next(iter(known.values())).address.partition("#")[0])
        for document, known in context.get("texts", {}).items()
    ]
