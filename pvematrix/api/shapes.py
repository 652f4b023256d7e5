"""What the API's answers look like: JSON schemas, which the description has as they are."""

from django.utils.translation import gettext_lazy as _

from projects.asking.answer import State, Why, WordForWord
from projects.changes import Action
from projects.columns import ENTITY_TABLE, PROJECT_TABLE, QUOTATION_TABLE
from projects.elsewhere.profile import KINDS_OF_MONEY
from projects.elsewhere.table import TABLE as ELSEWHERE_TABLE
from projects.models import Country, Edition
from projects.vocabulary import Comparator, RegionsOf
from reports.check.findings import Mark
from reports.check.verdicts import LONGEST
from reports.models import FIGURE_TABLE, STATEMENT_TABLE, Paragraph, Report

from .json_schema import (
    Shapes,
    address,
    by_name,
    fields_of,
    keys_of,
    many,
    moment,
    number,
    one_of,
    plain,
    record,
    reference,
    several,
    shape,
    text,
)

SHAPES: Shapes = {}

# Numbers

HOW_MANY = _("How many projects match, and how that is known.")
STATES = _(
    "published: a paragraph of the report prints it, or it is a sum of printed numbers. range: not "
    "stated; the published totals allow low to high. described: activities that a source "
    "describes; a source may say whether the report counts them. entries: records of this register"
)
WHY = _(
    "Why low and high are equal. rule: a rule of this register; totals: no other number fits "
    "them; confirmed: counted from confirmed entries"
)
OF_REGIONAL = _("The same in the second reading of the report’s regions, if it differs")
WHY_NOT_TWO = _(
    "Why that reading gives no other. same: it gives the same; no-region: it states no region of "
    "these projects"
)
EDITION = _("An edition; if empty, the register as it is now")
ANSWER = {
    "state": one_of(State, STATES),
    "number": number(_("The printed number, or the sum of printed numbers"), null=True),
    "comparator": one_of(Comparator, _("What is printed before it"), null=True),
    "paragraphs": several(_("The paragraphs that contain it")),
    "sum_of": plain("array", _("The printed numbers that add up to it"), items={"type": "integer"}),
    "low": number(_("The fewest of the report’s projects that match"), null=True),
    "high": number(_("The most; null where nothing limits it"), null=True),
    "why": one_of(Why, WHY, null=True),
    "reading": one_of(
        RegionsOf, _("The scopes of the projects that numbers by region are of"), null=True
    ),
    "word_for_word_low": number(OF_REGIONAL, null=True),
    "word_for_word_high": number(OF_REGIONAL, null=True),
    "word_for_word_why": one_of(WordForWord, WHY_NOT_TWO, null=True),
    "in_matrix": number(_("Described entries that match and that a source places in the matrix")),
    "may_be": number(_("Those that may be in the matrix: no source says it")),
    "others": number(_("Those that a source says are not in the matrix")),
    "entries": number(_("Entries that match by what is stated"), null=True),
    "placeholders": number(_("Placeholders among these entries"), null=True),
    "filled_in": number(_("Rows of the filled-in table, an example")),
}
SHAPES |= shape("Answer", HOW_MANY, ["filled_in"], **ANSWER)
DESCRIBED = reference("Answer") | {
    "description": _("The activities that name it; an activity that names two counts for both")
}
ASKED = {
    "answer": reference("Answer"),
    "sentence": text(_("The answer in words")),
    "filters": by_name(several(None), _("What was asked for, by parameter")),
    "edition": text(EDITION),
}
SHOWN = text(_("What is shown, in words"))
SHAPES |= shape("Asked", HOW_MANY, **ASKED)
SHAPES |= shape("Part", HOW_MANY, ["filled_in"], **ANSWER, slug=text(), label=text())
SHAPES |= shape(
    "Breakdown",
    _("How many projects match, by area, scope or region. Regions add up to mentions."),
    **ASKED,
    shown=SHOWN,
    total=reference("Answer") | {"description": _("The sum of the rows, in their unit")},
    unit=one_of(["projects", "mentions"]),
    rows=many("Part"),
)
OF_TOTAL = text(_("null: the total"), null=True)
SHAPES |= shape("Cell", HOW_MANY, ["filled_in"], **ANSWER, row=OF_TOTAL, column=OF_TOTAL)
SHAPES |= shape(
    "CrossTable",
    _("How many projects match, by two dimensions."),
    **ASKED,
    shown=SHOWN,
    rows=text(),
    columns=text(),
    cells=many("Cell"),
)

# Records

RECOGNIZED = _("The question that all words of a search are, with its answer, if they are one")
SHAPES |= shape(
    "Quotation",
    _("Words of a source, and the column that was read from them."),
    **keys_of(QUOTATION_TABLE.only(["field", "words", "document", "paragraphs"])),
)
SHAPES |= record(
    "Project",
    _("A project of the register or of an edition."),
    {
        "rows": number(_("Rows on all pages")),
        "rows_of_report": number(
            _("Those that hold a place among the report’s projects, or stand for one")
        ),
        **ASKED,
        "recognized": many("Asked") | {"description": RECOGNIZED},
    },
    HOW_MANY,
    **keys_of(PROJECT_TABLE)
    | {
        "reference": text(_("Its permanent number; null of a row that counts one"), null=True),
        "updated_at": moment(_("When it last changed; null of a row that counts one"), null=True),
    },
    quotations=many("Quotation"),
    url=text(_("Its address in the API; null of a row that counts one"), null=True),
    html_url=text(_("The address of its page; null of a row that counts one"), null=True),
)
# An edition has the columns of its day alone.
SHAPES["Project"]["required"] = ["html_url", "quotations", "reference", "url"]
SHAPES |= record(
    "Statement",
    _("What a document says, with the register’s reading of it."),
    **keys_of(STATEMENT_TABLE),
)
SHAPES |= record(
    "Paragraph",
    _("A numbered paragraph or footnote, word for word."),
    document=text(_("Whose text")),
    **fields_of(Paragraph, "number", "position", "part", "part_heading"),
    **fields_of(Paragraph, "section", "section_heading", "carried_by", "text"),
)
SHAPES |= record(
    "Entity",
    _("A United Nations entity, body or working group."),
    **keys_of(ENTITY_TABLE),
    iati=text(_("Its code in IATI’s lists, e.g. XM-DAC-41304; empty if it has none")),
    answer=DESCRIBED,
)
SHAPES |= record(
    "Country",
    _("A country or area of M49. XKX is there if an entry names Kosovo."),
    **fields_of(Country, "code", "m49", "name", "note"),
    alpha_2=text(_("ISO 3166-1 alpha-2, e.g. KE; empty if it has none")),
    answer=DESCRIBED,
)
OF_FIGURE = (
    *("paragraph", "query", "unit", "comparator", "value", "date", "population", "words"),
    *("address", "how_seen", "category"),
)
SHAPES |= shape(
    "Figure",
    _("A published number next to the register’s."),
    label=text(_("What it counts, in words")),
    **keys_of(FIGURE_TABLE.only(OF_FIGURE)),
    comparable=plain("boolean", FIGURE_TABLE.by_name["comparable"].meaning),
    register=number(_("Entries of this register; null where it cannot count them"), null=True),
    register_state=one_of(["entries"], null=True),
    agrees=plain("boolean", _("null where the two cannot be compared"), null=True),
)
REPORT = {
    **fields_of(Report, "slug", "symbol", "title", "publisher"),
    **fields_of(Report, "population", "date", "is_undated", "link"),
    "is_basis": plain("boolean", _("Whether the register must agree with it")),
}
SHAPES |= record("Report", _("A document that publishes totals of the register."), **REPORT)
SHAPES |= shape(
    "ReportWithFigures",
    _("A report and its figures, next to the register’s or an edition’s."),
    **REPORT,
    figures=many("Figure"),
)
SHAPES |= record(
    "Edition",
    _("The register as it was published under a name; it never changes."),
    **fields_of(Edition, "slug", "name", "date", "note", "published_at", "count"),
    **fields_of(Edition, "sha256", "quotations_sha256"),
)
# Changes

JOINED = text(_("Several values are separated by semicolons"))
SHAPES |= shape(
    "FieldChange",
    _("A column whose value changed."),
    column=text(_("Its name, e.g. scope or quotations.scope")),
    old=JOINED,
    new=JOINED,
)
SHAPES |= record(
    "Change",
    _("A change that anybody may see: values and reasons, no names."),
    {},
    reference=text(),
    at=moment(),
    action=one_of(Action),
    reason=text(),
    fields=many("FieldChange"),
)

# Projects elsewhere

SHAPES |= shape("OtherNumber", None, scheme=text(_("Whose number it is")), identifier=text())
SHAPES |= shape(
    "Amount",
    _("Money of one year."),
    year=text(),
    kind=one_of(KINDS_OF_MONEY),
    currency=text(_("ISO 4217")),
    amount=text(_("A decimal number, as published")),
)
SHAPES |= shape(
    "Output",
    _("A part of a project elsewhere with a number of its own."),
    **{name: text() for name in ("identifier", "title", "description")},
    donors=several(None),
    money=many("Amount"),
    speaks_of_it=plain("boolean", _("A quoted word is in its own text")),
)
# The columns whose values are objects.
_OBJECTS = {
    **dict.fromkeys(("other_identifiers", "parents"), "OtherNumber"),
    **{"money": "Amount", "outputs": "Output"},
}
SHAPES |= record(
    "Elsewhere",
    _("A project as another publisher describes it. No answer of the register counts it."),
    **{
        one.name: plain("array", one.meaning, items=reference(_OBJECTS[one.name]))
        if one.name in _OBJECTS
        else several(one.meaning)
        if one.several
        else one_of(one.labels, one.meaning)
        if one.vocabulary
        else text(one.meaning)
        for one in ELSEWHERE_TABLE.columns
    },
    html_url=address(),
)

# The check of a text

SHAPES |= shape(
    "TextToCheck",
    _("A text on the projects that the report counts."),
    ["language"],
    text=text(maxLength=LONGEST),
    language=one_of(["en", "fr", "es", "ru", "ar", "zh"], _("Its language: English if not given")),
)
SHAPES |= shape(
    "CheckedStatement",
    None,
    start=number(_("Where it begins in the text, in characters")),
    end=number(),
    text=text(_("Its words")),
    mark=one_of(Mark.values, _("Whether the report prints it, it follows, or it differs")),
    reason=text(null=True),
    source=text(_("Where it is printed"), null=True),
    instead=text(_("A sentence to put in its place"), null=True),
)
SHAPES |= shape(
    "CheckedText",
    _("The statements of a text that have a number, and which of them hold. Nothing is stored."),
    language=text(),
    characters=number(),
    marks=by_name(number(), _("How many statements have each mark")),
    statements=many("CheckedStatement"),
)

# Errors, and what there is

SHAPES |= shape(
    "Fault",
    None,
    ["meant", "address"],
    parameter=text(),
    detail=text(_("What is wrong, and what is allowed")),
    meant=text(_("What was probably meant")),
    address=text(_("The address with every parameter corrected")),
)
SHAPES |= shape(
    "Problem",
    _("Why there is no answer, by RFC 9457."),
    ["errors"],
    type=text(),
    title=text(),
    status=plain("integer"),
    detail=text(),
    errors=many("Fault"),
)
SHAPES |= shape(
    "Contents",
    _("What there is, and where."),
    version=text(),
    documentation=address(),
    openapi=address(),
    resources=by_name(address()),
)
