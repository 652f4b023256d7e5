"""What templates of both apps say of the report: where it is cited, what it says of a project."""

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


@register.simple_tag(takes_context=True)
def cite(context, text, paragraphs=None):
    """Return a text with every paragraph that it cites as a link to its words.

    With `paragraphs`, the text is a document's symbol and these are the numbers.
    """
    words = str(text) if paragraphs is None else cited(str(text), str(paragraphs))
    return linked(words, context.get("texts", {}))


@register.simple_tag(takes_context=True)
def cite_and_link(context, text):
    """Return a text as `cite` does, in which web addresses are links too."""
    return linked(str(text), context.get("texts", {}), lambda rest: urlize(rest, autoescape=True))


@register.simple_tag(takes_context=True)
def cite_numbers(context, document, paragraphs):
    """Return numbers of a document's paragraphs, each as a link to its words."""
    return linked_numbers(str(paragraphs), context.get("texts", {}).get(str(document), {}))


@register.simple_tag
def with_marks(text, terms):
    """Return a text with the terms of a search in marks."""
    return words.with_marks(text, terms)


@register.simple_tag
def entities_not_named():
    """Return the acronyms of the entities that the report does not name."""
    return [acronym for acronym, is_named in named_entities().items() if not is_named]


@register.simple_tag
def facet_values(facet, values, unnamed=()):
    """Return the values of a facet, by its name, as boxes to tick.

    Of entities that are `unnamed` it is said that the report does not name them.
    """
    # While somebody works at the templates, each is made anew.
    made = _made_values.__wrapped__ if settings.DEBUG else _made_values
    return made(facet, tuple(values), tuple(unnamed), get_language())


# Pages that differ in order, page or layout alone have the same boxes, and these are half of what a
# list takes to be made. One facet's are two kilobytes, all countries' sixty.
@lru_cache(maxsize=300)
def _made_values(facet, values, unnamed, _language):
    shown = {"facet": facet, "values": values, "unnamed": unnamed}
    return render_to_string("projects/_values.html", shown)


@register.inclusion_tag("reports/_said_of_project.html", takes_context=True)
def said_of_project(context, reference):
    """Show what the report says of a project: its phases, and the statements that speak of it."""
    found = said_of_projects().get(reference, [])
    steps = [one for one in found if one.kind == Kind.STEP]
    return {
        "texts": context.get("texts", {}),
        "steps": _nested(steps),
        "others": [one for one in found if one.kind != Kind.STEP and one.is_of_report],
        "elsewhere": [one for one in found if one.kind != Kind.STEP and not one.is_of_report],
    }


def _nested(steps: list[Statement]) -> list[tuple[Statement, list]]:
    """Return steps, each with its parts, and these with theirs."""
    here = {one.pk for one in steps}
    parts: dict[int | None, list[Statement]] = {}
    for one in steps:
        parts.setdefault(one.parent_id if one.parent_id in here else None, []).append(one)

    def parts_of(key: int | None) -> list[tuple[Statement, list]]:
        return [(one, parts_of(one.pk)) for one in parts.get(key, [])]

    return parts_of(None)


@register.inclusion_tag("reports/_plans_of_project.html", takes_context=True)
def plans_of_project(context, reference):
    """Show the registered plans of action that a project supports."""
    plans = [plan for plan in registered_plans() if reference in plan.references]
    return {"texts": context.get("texts", {}), "plans": plans}


@register.inclusion_tag("reports/_place.html")
def place_in_matrix(project, selection):
    """Draw the project's square among those of its area."""
    return {"place": place(project, selection), "project": project}


@register.inclusion_tag("reports/_said_of_search.html")
def said_of_search(asked):
    """Show what the report says beside the projects asked for: of entities, and what words find.

    Beside an edition it shows nothing: statements are those of today.
    """
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


@register.filter
def with_notes(text, notes):
    """Return a text in which each mark of one of the footnotes leads to it."""
    return linked_to_notes(text, notes)


@register.simple_tag(takes_context=True)
def texts_to_read(context):
    """Return each document of which there is a text, with the address of its text."""
    return [
        (document, next(iter(known.values())).address.partition("#")[0])
        for document, known in context.get("texts", {}).items()
    ]
