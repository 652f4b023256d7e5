"""The values of a facet: boxes to tick, each with what it finds.

Written here, because the template engine needs half a millisecond for each of them.
"""

from collections.abc import Container, Iterable

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ..asking.activities import next_to_projects
from ..asking.answer import State
from ..asking.selection import FacetValue
from ..citations import labelled
from ..languages import english

register = template.Library()
_BOX = (
    '<li class="{look}">'
    '<input type="checkbox" id="{facet}-{slug}" name="{facet}" value="{slug}"{checked}>'
    ' <label for="{facet}-{slug}"><span>{label}{name}</span>'
    ' <span class="count">{shown}{basis}</span></label>{more}</li>'
)
_MORE = ' <a href="{}" title="{}"><span aria-hidden="true">›</span></a>'


register.filter(next_to_projects)


@register.simple_tag(takes_context=True)
def facet_values(
    context: Context, facet: str, values: Iterable[FacetValue], unnamed: Container[str] = ()
) -> SafeString:
    """Return a facet's values as a list of boxes; `unnamed` entities are not in the report."""
    page = (facet == "entity" and context.get("entity_page")) or ""
    boxes = format_html_join("", "{}", ([_box(facet, one, unnamed, page)] for one in values))
    return format_html("<ul>{}</ul>", boxes)


def _box(facet: str, value: FacetValue, unnamed: Container[str], page: str) -> SafeString:
    # Values of statements are counted one by one, without an answer.
    state, basis = (value.answer.state, value.answer.basis) if value.answer else ("", "")
    name = more = ""
    if state == State.ENTRIES:
        basis = format_html(" <small>{}</small>", basis)
    elif basis:
        basis = format_html('<span class="unseen">{}{}</span>', labelled("", ""), basis)
    if value.name:
        note = _("not named in the report") if facet == "entity" and value.slug in unnamed else ""
        note = f" ({note})" if note else ""
        name = format_html(" <small>{}{}</small>", value.name, note)
        if page:
            about = _("About %(entity)s") % {"entity": value.label}
            more = format_html(_MORE, reverse(page, args=[value.slug]), about)
    return format_html(
        _BOX,
        look=f"{'' if value.finds_something else 'none '}{state}",
        facet=facet,
        slug=value.slug,
        checked=SafeString(" checked" if value.chosen else ""),
        label=english(value.label) if facet == "theme" else value.label,
        name=name,
        shown=value.shown,
        basis=basis,
        more=more,
    )
