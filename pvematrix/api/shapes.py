"""What the API's answers look like: JSON schemas, which the description has as they are."""

from collections.abc import Collection
from itertools import chain
from typing import Any

from django.db import models
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from projects.asking.answers import READING, State, Why
from projects.changes import Action
from projects.columns import ENTITY_TABLE, PROJECT_TABLE, QUOTATION_TABLE, Table
from projects.editions import KINDS
from projects.models import Country, Edition, Entity, Project, Quotation
from projects.vocabulary import MEANINGS
from reports.models import (
    FIGURE_TABLE,
    PLAN_TABLE,
    STATEMENT_TABLE,
    Document,
    Figure,
    Paragraph,
    Plan,
    Report,
    Statement,
)

Schema = dict[str, Any]
# Every shape by its name.
SHAPES: dict[str, Schema] = {}


def plain(kind: str, about, null: bool = False, **more) -> Schema:
    return {"type": [kind, "null"] if null else kind, **more, "description": about}


def text(about, null: bool = False) -> Schema:
    return plain("string", about, null)


def number(about, null: bool = False, minimum: int = 0) -> Schema:
    return plain("integer", about, null, minimum=minimum)


def moment(about) -> Schema:
    return plain("string", about, format="date-time")


def address(about, null: bool = False) -> Schema:
    return plain("string", about, null, format="uri")


def one_of(values, about, blank: bool = False) -> Schema:
    return {"enum": [*values, ""] if blank else [*values], **plain("string", about)}


def several(about, values=()) -> Schema:
    one = {"enum": [*values], "type": "string"} if values else {"type": "string"}
    return plain("array", about, items=one)


def reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def like(name: str, about) -> Schema:
    return {"allOf": [reference(name)], "description": about}


def many(name: str, about) -> Schema:
    return plain("array", about, items=reference(name))


def shape(name: str, about="", optional=(), /, **keys: Schema) -> None:
    """Declare an object; all keys are there but for the optional ones."""
    described = {"description": about} if about else {}
    required = sorted(keys.keys() - {*optional})
    SHAPES[name] = {"type": "object", **described, "properties": keys, "required": required}


def page(name: str, about="", /, **heads: Schema) -> None:
    """Declare a part of a long answer: its heads, the rows, and where it goes on."""
    following = address(_("The address of what follows; null at the end"), null=True)
    results = many(name, _("The rows of this page"))
    shape(f"{name}Page", about, **heads, next=following, results=results)


def record(name: str, about, /, **keys: Schema) -> None:
    """Declare an object that its first key names, and its pages; `fields` leaves out other keys."""
    shape(name, about, [*keys][1:], **keys)
    page(name, **COUNTED)


def keys_of(model: type[models.Model], table: Table) -> dict[str, Schema]:
    """Return a key for each column of a table, with the meaning that it has in files."""
    return {
        column.name: several(column.meaning, column.labels)
        if column.several
        else _key(model, column.name, column.meaning, column.labels)
        for column in table.columns
    }


def fields_of(model: type[models.Model], *names: str) -> dict[str, Schema]:
    """Return a key for each of these fields of a model, with the words of its form."""
    found = {}
    for name in names:
        stored: Any = model._meta.get_field(name)
        found[name] = _key(model, name, stored.help_text or capfirst(stored.verbose_name))
    return found


def explained(about, slugs) -> Any:
    """Return a meaning, and sentences on each slug that needs one, in backticks as in Markdown."""
    known = [(slug, MEANINGS[slug]) for slug in slugs if slug in MEANINGS]
    if not known:
        return about
    return format_lazy("{}." + " `{}`: {}" * len(known), about, *chain.from_iterable(known))


def _key(model: type[models.Model], name: str, about, values: Collection[str] = ()) -> Schema:
    stored: Any = model._meta.get_field(name)
    if values:
        return one_of(values, explained(about, values), stored.blank)
    if isinstance(stored, models.DateTimeField):
        return moment(about)
    if isinstance(stored, models.IntegerField):
        return number(about)
    if isinstance(stored, models.BooleanField):
        return plain("boolean", about)
    return text(about, stored.null)


COUNTED = {"count": number(_("All rows that were asked for, on all pages: entries"))}

# Numbers

HOW_MANY = _("How many projects, and how that is known.")
STATES = _(
    "published: a paragraph of the report prints it, or it is a sum of printed numbers. range: not "
    "stated; the published totals allow low to high. described: how many of the activities that a "
    "source describes match, which says nothing of the projects that the report counts. entries: "
    "a fact about the register’s own records"
)
WHY = _(
    "Why low and high are equal. rule: of this register; totals: they allow no other number; "
    "confirmed: counted from confirmed entries"
)
OBS_STATUS = _(
    "The code of SDMX. A: published; L: not collected; M: cannot exist; null for entries"
)
ANSWER = {
    "state": one_of(State, STATES),
    "number": number(_("What the report prints, or the sum of what it prints"), null=True),
    "paragraphs": several(_("The paragraphs of the report that print it")),
    "sum_of": plain("array", _("The printed numbers of a sum"), items={"type": "integer"}),
    "low": number(
        _("The least of the report’s projects that match, if anything says so"), null=True
    ),
    "high": number(_("The most of them, null where nothing limits it"), null=True),
    "why": plain("string", WHY, null=True, enum=[*Why, None]),
    "reading": plain(
        "string",
        _("How the paragraph on regions is read: as one on regional and national projects"),
        null=True,
        enum=[READING, None],
    ),
    "word_for_word_low": number(_("The least, of regional projects alone, if another"), null=True),
    "word_for_word_high": number(_("The most, of regional projects alone, if another"), null=True),
    "described": number(_("Described activities that match by what is stated or our reading")),
    "entries": number(_("Entries of the register that match by what is stated of them"), null=True),
    "placeholders": number(_("How many of these entries are placeholders"), null=True),
    "obs_status": plain("string", OBS_STATUS, null=True, enum=["A", "L", "M", None]),
    "filled_in": number(_("Rows of the filled-in table, an example; only with filled_in=yes")),
}
shape("Answer", HOW_MANY, ["filled_in"], **ANSWER)
DESCRIBED = like("Answer", _("The activities that name it; one that names two counts for both"))
ASKED_FOR = _("What was asked for, and how many projects that are.")
ASKED = {
    "answer": like("Answer", _("How many, and how that is known")),
    "sentence": text(_("The same in a sentence")),
    "filters": plain(
        "object",
        _("What was asked for, by parameter"),
        additionalProperties={"type": "array", "items": {"type": "string"}},
    ),
    "edition": text(_("The edition’s slug, empty for the register as it is now")),
}
shape("Asked", ASKED_FOR, **ASKED)
shape(
    "Part",
    HOW_MANY,
    ["filled_in"],
    **ANSWER,
    slug=text(_("The value of the filter that asks for it")),
    label=text(_("What people read")),
)
shape(
    "Breakdown",
    _("The projects asked for, by area, scope or region."),
    **ASKED,
    shown=text(_("What the rows show, in a sentence")),
    total=like("Answer", _("What the rows add up to, in their unit")),
    unit=one_of(["projects", "mentions"], _("What the rows count")),
    rows=many("Part", _("One for each area, scope or region")),
)
shape(
    "Cell",
    HOW_MANY,
    ["filled_in"],
    **ANSWER,
    row=text(_("null: of all rows"), null=True),
    column=text(_("null: of all columns"), null=True),
)
shape(
    "CrossTable",
    _("The projects asked for, by two dimensions at once."),
    **ASKED,
    shown=text(_("What the cells show, in a sentence")),
    rows=text(_("The dimension of the rows")),
    columns=text(_("The dimension of the columns")),
    cells=many("Cell", _("One for each row and column, and their totals")),
)

# Records

shape(
    "Quotation",
    _("Words of a source, and what of the project was read from them."),
    **keys_of(Quotation, QUOTATION_TABLE.only(["field", "words", "document", "paragraphs"])),
)
record(
    "Project",
    _("One line of the register."),
    **keys_of(Project, PROJECT_TABLE),
    quotations=many("Quotation", _("The words of a source that a field was read from")),
)
page("Project", ASKED_FOR, **COUNTED, **ASKED)
record(
    "Statement",
    _("What a document says, with the register’s reading of it."),
    **keys_of(Statement, STATEMENT_TABLE),
)
record(
    "Plan",
    _("A plan of action of a country or an organization, as staff registered it from a source."),
    **keys_of(Plan, PLAN_TABLE),
)
record(
    "Document",
    _("A document that the report names, or that staff cite."),
    **fields_of(Document, "slug", "symbol", "title", "kind", "date", "address", "note"),
    paragraphs=number(_("Paragraphs and footnotes of its text here")),
)
record(
    "Paragraph",
    _("A numbered paragraph or footnote, word for word."),
    **fields_of(Paragraph, "number", "position", "part", "part_heading"),
    **fields_of(Paragraph, "section", "section_heading", "carried_by", "text"),
)
record(
    "Entity",
    _("A United Nations entity, body or working group."),
    **keys_of(Entity, ENTITY_TABLE),
    iati=text(_("The code in IATI’s lists, e.g. XM-DAC-41304; empty if they have none")),
    answer=DESCRIBED,
)
record(
    "Country",
    _("A country or area of the standard M49, and XKX once an entry names Kosovo."),
    **fields_of(Country, "code", "m49", "name", "note"),
    alpha_2=text(_("ISO 3166-1 alpha-2, e.g. KE; empty if it has none")),
    answer=DESCRIBED,
)
OF_FIGURE = ("paragraph", "query", "category", "population", "flags", "words", "address")
shape(
    "Figure",
    _("A published number, beside the register’s."),
    label=text(_("What it counts, in words")),
    **keys_of(
        Figure, FIGURE_TABLE.only([*OF_FIGURE, "how_seen", "unit", "comparator", "value", "date"])
    ),
    register=number(_("Entries of this register, null where it cannot count them"), null=True),
    register_state=plain(
        "string", _("entries: a fact about the register’s rows"), null=True, enum=["entries", None]
    ),
    agrees=plain("boolean", _("null where the two cannot be compared"), null=True),
)
REPORT = {
    **fields_of(Report, "slug", "symbol", "title", "publisher"),
    **fields_of(Report, "population", "date", "is_undated", "link"),
    "is_basis": plain("boolean", _("Whether the register is kept equal to it")),
}
record("Report", _("A document that publishes totals of the register."), **REPORT)
shape(
    "ReportWithFigures",
    _("A report with its figures."),
    [*REPORT, "figures"][1:],
    **REPORT,
    figures=many("Figure", _("Its published numbers")),
)
record(
    "Edition",
    _("The register as it was published under a name; it never changes."),
    **fields_of(Edition, "slug", "name", "date", "note", "published_at", "count"),
    **fields_of(Edition, "sha256", "quotations_sha256"),
)

# Changes

shape(
    "FieldChange",
    _("A column of which the value changed."),
    column=text(_("Its name; of quotations with the field they are of")),
    old=text(_("Before, several joined by ;")),
    new=text(_("After, several joined by ;")),
)
FIELDS = many("FieldChange", _("What changed"))
record(
    "EditionChange",
    _("What became of one project from one edition to another."),
    reference=text(_("The project")),
    change=one_of(KINDS, _("What became of it")),
    title=text(_("Its title; the old one if it was removed")),
    fields=FIELDS,
)
page("EditionChange")
for name, named in {
    "Change": {"reference": text(_("The project"))},
    "StatementChange": {"code": text(_("The statement"))},
    "PlanChange": {"slug": text(_("The plan"))},
}.items():
    record(
        name,
        _("A change that anybody may see: values and reasons, no names."),
        **named,
        at=moment(_("When")),
        action=one_of(Action, _("What happened")),
        reason=text(_("Why")),
        fields=FIELDS,
    )
    page(name)

# Errors, and what there is

shape(
    "Fault",
    "",
    ["meant", "address"],
    parameter=text(_("As it was written")),
    detail=text(_("What is wrong, and what is allowed")),
    meant=text(_("What was probably meant")),
    address=text(_("All put right")),
)
shape(
    "Problem",
    _("Why there is no answer, by RFC 9457."),
    ["errors"],
    type=text(_("about:blank: the status says it")),
    title=text(_("The status in words")),
    status=plain("integer", _("The status of HTTP")),
    detail=text(_("What is wrong")),
    errors=many("Fault", _("Each wrong parameter")),
)
shape(
    "Contents",
    _("What there is, and where."),
    version=text(_("Of the API")),
    documentation=address(_("The page for people")),
    openapi=address(_("The description for programs")),
    resources=plain(
        "object",
        _("Where each begins"),
        additionalProperties={"type": "string", "format": "uri"},
    ),
)
