"""What the API's answers look like: JSON schemas, which the description has as they are."""

from itertools import chain
from typing import Any

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from projects.asking.answers import READING, State, Why
from projects.changes import Action
from projects.columns import ENTITY_TABLE, PROJECT_TABLE, Column, Table
from projects.editions import KINDS
from projects.models import Entity, Project
from projects.vocabulary import MEANINGS
from reports.models import PLAN_TABLE, STATEMENT_TABLE, Comparator, Flag, Plan, Statement, Unit

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


def keys_of(model: type[models.Model], table: Table, **words: Any) -> dict[str, Schema]:
    """Return the keys of a table: its columns, and other keys.

    `words` are meanings that are shorter here than in files, or whole keys.
    """
    meanings = {column.name: column.meaning for column in table.columns} | words
    return {
        name: about if isinstance(about, dict) else _key(table.by_name[name], about, model)
        for name, about in meanings.items()
    }


def explained(about, slugs) -> Any:
    """Return a meaning, and sentences on each slug that needs one, in backticks as in Markdown."""
    known = [(slug, MEANINGS[slug]) for slug in slugs if slug in MEANINGS]
    if not known:
        return about
    return format_lazy("{}." + " `{}`: {}" * len(known), about, *chain.from_iterable(known))


def _key(column: Column, about, model: type[models.Model]) -> Schema:
    if column.several:
        return several(about, column.labels)
    stored: Any = model._meta.get_field(column.name)
    if column.vocabulary:
        return one_of(column.labels, explained(about, column.labels), stored.blank)
    if isinstance(stored, models.DateTimeField):
        return moment(about)
    if isinstance(stored, models.IntegerField):
        return number(about)
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
    field=text(_("Which field of the project they are about")),
    words=text(_("As the source has them")),
    document=text(_("Document symbol, e.g. A/74/677")),
    paragraphs=text(_("Where the words stand in it; empty without paragraphs")),
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
    **keys_of(
        Statement,
        STATEMENT_TABLE,
        code=_("Names it in addresses"),
        kind=_("What it is about"),
        category=_("More exactly than the kind"),
        title=_("The register’s"),
        summary=_("The register’s"),
        quotation=_("The document’s words, “[…]” where pieces stand apart"),
        document=_("The slug of the document that says it"),
        paragraphs=_("Where the quotation stands, a footnote with fn"),
        mentioned_in=_("Every paragraph that speaks of it, if there are more"),
        source=_("Of what no document here says"),
        basis=_("How the reading is known"),
        areas=several(_("Priority areas")),
        areas_basis=_("How the areas are known"),
        projects=_("References of projects that it speaks of"),
        about=_("The slug of the document that it speaks of"),
        parent=_("The code of the statement that it is a part of"),
        position=_("Its place in its kind"),
        addressee=_("To whom it is addressed"),
        date=_("As precise as the source"),
        end_date=_("As precise as the source"),
        timing=_("As at the date of the document"),
        place=_("Place or level"),
        figure=_("As printed, e.g. some 80: a text"),
        unit=_("Unit of the figure"),
        base=_("Of whom the figure is"),
        size=_("How many were asked"),
        caveat=_("What may not be concluded"),
        answered_by=_("The edition that was published for it"),
        entities=_("Acronyms"),
        entities_basis=_("How it is known which entities it names"),
        projects_basis=_("How it is known which projects it speaks of"),
    ),
)
record(
    "Plan",
    _("A plan of action of a country or an organization, as staff registered it from a source."),
    **keys_of(
        Plan,
        PLAN_TABLE,
        slug=_("Names it in addresses"),
        title=_("Title"),
        level=_("Of what it is a plan"),
        country=_("ISO 3166-1 alpha-3; null of an organization’s plan"),
        organization=_("Whose plan it is; empty of a country’s"),
        status=_("How far it is, by its source"),
        adopted_on=_("As precise as the source"),
        areas=_("Priority areas that it covers"),
        projects=_("References of projects that support it"),
        source=_("The document or page that says so"),
        link=_("A page with the plan, or empty"),
    ),
)
record(
    "Document",
    _("A document that the report names, or that staff cite."),
    slug=text(_("Names it in addresses")),
    symbol=text(_("Document symbol")),
    title=text(_("Title")),
    kind=text(_("Kind")),
    date=text(_("As precise as it is known")),
    address=text(_("As the source prints it")),
    note=text(_("Note")),
    paragraphs=number(_("Paragraphs and footnotes of its text here")),
)
record(
    "Paragraph",
    _("A numbered paragraph or footnote, word for word."),
    number=text(_("As the document numbers it; a footnote with fn")),
    position=number(_("Its place in the document"), minimum=1),
    part=text(_("Part")),
    part_heading=text(_("Heading of the part")),
    section=text(_("Section")),
    section_heading=text(_("Heading of the section")),
    carried_by=text(_("Of a footnote: the paragraph that has its mark")),
    text=text(_("Its text")),
)
record(
    "Entity",
    _("A United Nations entity, body or working group."),
    **keys_of(
        Entity,
        ENTITY_TABLE,
        acronym=_("Names it in addresses and filters"),
        acronym_from=_("Where it comes from"),
        name=_("Name"),
        aliases=_("Other names in use"),
        kind=_("Kind"),
    ),
    answer=DESCRIBED,
)
record(
    "Country",
    _("A country or area of the standard M49, or one beside it."),
    code=text(_("ISO 3166-1 alpha-3")),
    m49=text(_("Three digits of M49, a text; empty if it has none")),
    name=text(_("Name in M49")),
    note=text(_("What documents of the United Nations say in a footnote")),
    answer=DESCRIBED,
)
shape(
    "Figure",
    _("A published number, beside the register’s."),
    paragraph=text(_("Where it is published")),
    label=text(_("What it counts, in words")),
    query=text(_("The filter that counts the same; empty for all")),
    category=text(_("Of a classification that the register does not have; else empty")),
    population=text(_("What the figure counts, in words")),
    flags=several(_("B and D of SDMX: it counts something else than the register"), Flag),
    words=text(_("The words of the document that give it, or empty")),
    address=text(_("The address where it was read, or empty")),
    how_seen=text(_("Whether the words were read there, or in a copy")),
    unit=one_of(Unit, _("What it counts")),
    comparator=one_of(Comparator, _("How exact it is")),
    value=number(_("As published")),
    date=text(_("When it held")),
    register=number(_("Entries of this register, null where it cannot count them"), null=True),
    register_state=plain(
        "string", _("entries: a fact about the register’s rows"), null=True, enum=["entries", None]
    ),
    agrees=plain("boolean", _("null where the two cannot be compared"), null=True),
)
REPORT = {
    "slug": text(_("Names it in addresses")),
    "symbol": text(_("Document symbol")),
    "title": text(_("Title")),
    "publisher": text(_("Who published it, or empty")),
    "population": text(_("What it counts, in words")),
    "date": text(_("As precise as the document; of an undated one, that of its event")),
    "is_undated": plain("boolean", _("Whether the document has no date")),
    "link": text(_("Web address, or empty")),
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
    slug=text(_("Names it in addresses and filters")),
    name=text(_("How it is cited")),
    date=text(_("When its figures held")),
    note=text(_("What it rests on")),
    published_at=moment(_("When it was published")),
    count=number(_("Projects")),
    sha256=text(_("Of its CSV")),
    quotations_sha256=text(_("Of its quotations; empty if it has none")),
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
