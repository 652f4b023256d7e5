"""What templates of both apps say of the report: where it is cited, what it says of a project."""

from django import template
from django.utils.http import urlencode

from projects.text import cited
from projects.vocabulary import ENTITY_NOT_STATED

from ..library.citations import linked, linked_numbers
from ..library.statements import number_found
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
def cite_numbers(context, document, paragraphs):
    """Return numbers of a document's paragraphs, each as a link to its words."""
    return linked_numbers(str(paragraphs), context.get("texts", {}).get(str(document), {}))


@register.inclusion_tag("reports/_said_of_project.html", takes_context=True)
def said_of_project(context, reference):
    """Show what the report says of a project: its phases, and the statements that speak of it."""
    said = Statement.objects.of_kinds().filter(projects__contains=reference)
    found = [one for one in said if reference in one.references]
    steps = [one for one in found if one.kind == Kind.STEP]
    return {
        "texts": context.get("texts", {}),
        "steps": steps,
        "others": [one for one in found if one.kind != Kind.STEP],
    }


@register.inclusion_tag("reports/_place.html")
def place_in_matrix(project, selection):
    """Draw the project's square among those of its area."""
    return {"place": place(project, selection.whole), "project": project}


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
    return {"entities": named, "count": number_found(asked.queries), "query": query}
