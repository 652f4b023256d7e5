"""Template tags for the report's paragraphs and statements."""

from functools import lru_cache

from django import template
from django.conf import settings
from django.template.defaultfilters import urlize
from django.template.loader import render_to_string
from django.utils.translation import get_language

from projects.asking import words
from projects.text import cited

from ..library.citations import linked, linked_numbers
from ..library.statements import named_entities
from ..library.text import linked_to_notes

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


@register.simple_tag(takes_context=True)
def texts_to_read(context):
    """Return each document whose text is here, with the address of the text."""
    return [
        (document, next(iter(known.values())).address.partition("#")[0])
        for document, known in context.get("texts", {}).items()
    ]
