"""What the API's answers look like: the one description, of which the schema is made."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from projects.asking.answers import State
from projects.changes import Action
from projects.columns import PROJECT_TABLE, QUOTATIONS, Column
from projects.editions import KINDS
from projects.vocabulary import AcronymSource, Basis, PriorityArea
from reports.models import Comparator, Kind, Level, PlanStatus, Unit


class Shape(serializers.Serializer):
    """An object; its first key names it, the others are there unless `fields` leaves them out."""


def means(words) -> Callable[[type], type]:
    """Return the decorator that says of a shape what it is.

    By an argument, since a docstring is not collected for translation.
    """
    return extend_schema_serializer(description=words)


def keys(shape: type[Shape]) -> list[tuple[str, str]]:
    """Return the keys of a shape, as the choices of a parameter."""
    return [(name, str(field.label or "")) for name, field in shape().fields.items()]


def text(meaning, **kwargs) -> serializers.CharField:
    """Return a text that may be empty, and may be left out."""
    return serializers.CharField(
        help_text=meaning, **{"required": False, "allow_blank": True, **kwargs}
    )


def maybe(meaning, **kwargs) -> serializers.CharField:
    """Return a text, or null where there is none."""
    return text(meaning, allow_null=True, **kwargs)


def number(meaning, **kwargs) -> serializers.IntegerField:
    """Return a whole number from 0."""
    return serializers.IntegerField(help_text=meaning, **{"min_value": 0, **kwargs})


def one_of(choices, meaning, **kwargs) -> serializers.ChoiceField:
    """Return one of the values of a vocabulary."""
    return serializers.ChoiceField(choices=choices, help_text=meaning, **kwargs)


def several(meaning, choices=()) -> serializers.ListField:
    """Return a list of texts, of a vocabulary if there is one."""
    child: Any = serializers.ChoiceField(choices=choices) if choices else serializers.CharField()
    return serializers.ListField(child=child, help_text=meaning, required=False)


def identifier(meaning) -> serializers.CharField:
    """Return the key that names an object, and is always there."""
    return serializers.CharField(help_text=meaning)


def described(column: Column) -> serializers.Field:
    """Return the key of a table's column."""
    if column.name == PROJECT_TABLE.identifier:
        return identifier(column.meaning)
    if column.several:
        return several(column.meaning, column.vocabulary)
    if column.vocabulary:
        blank = column.name == PROJECT_TABLE.bases["regions"]
        return one_of(column.vocabulary, column.meaning, required=False, allow_blank=blank)
    if column.name in PROJECT_TABLE.stamps:
        return serializers.DateTimeField(help_text=column.meaning, required=False)
    return text(column.meaning)


@means(_("Words of a source, and what of the project was read from them."))
class Quotation(Shape):
    field = serializers.CharField(help_text=_("Which field of the project they are about"))
    words = serializers.CharField(help_text=_("As the source has them"))
    document = serializers.CharField(help_text=_("Document symbol, e.g. A/72/621"))
    paragraphs = serializers.CharField(
        allow_blank=True, help_text=_("Where the words stand in it; empty without paragraphs")
    )


# The table of columns, as a class of serializers is made.
Project: type[Shape] = type(
    "Project",
    (Shape,),
    {
        **{column.name: described(column) for column in PROJECT_TABLE.columns},
        QUOTATIONS.name: Quotation(
            many=True,
            required=False,
            help_text=_("The words of a source that a field was read from"),
        ),
    },
)
means(_("One line of the register."))(Project)


@means(_("How many projects, and how that is known."))
class Answer(serializers.Serializer):
    state = one_of([(state.value, state.value) for state in State], _("How the number is known"))
    published = number(_("The figure of A/72/621, or a sum of its figures"), allow_null=True)
    documented = number(_("How many of the entries belong there by what a source says"))
    low = number(_("The least that the published totals allow"), allow_null=True)
    high = number(_("The most that the published totals allow"), allow_null=True)
    reconstruction = number(_("What the rows of the register add up to"))


@means(_("What was asked for, and how many projects that are."))
class Asked(serializers.Serializer):
    answer = Answer(help_text=_("How many, and how that is known"))
    sentence = serializers.CharField(help_text=_("The same in a sentence"))
    filters = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text=_("What was asked for, by parameter"),
    )
    edition = serializers.CharField(
        allow_blank=True, help_text=_("The edition’s slug, empty for the register as it is now")
    )


def listed(shape: type[Shape], *more: type[serializers.Serializer]) -> type:
    """Return the shape of a part of a long answer: the rows, and where it goes on."""
    fields = {
        "next": serializers.URLField(
            allow_null=True, help_text=_("The address of what follows; null at the end")
        ),
        "results": shape(many=True, help_text=_("The rows of this page")),
    }
    return type(f"{shape.__name__}Page", (*more, serializers.Serializer), fields)


class Counted(serializers.Serializer):
    count = number(_("All that were asked for, on all pages"))


class Part(Answer):
    slug = serializers.CharField(help_text=_("The value of the filter that asks for it"))
    label = serializers.CharField(help_text=_("What people read"))
    count = number(_("What the reconstruction is, in the unit of the breakdown"))


@means(_("The projects asked for, by area, scope or region."))
class Breakdown(Asked):
    total = number(_("The sum of the rows"))
    unit = one_of(["projects", "mentions"], _("What the rows count"))
    rows = Part(many=True, help_text=_("One for each area, scope or region"))


class Cell(Answer):
    row = serializers.CharField(allow_null=True, help_text=_("null: of all rows"))
    column = serializers.CharField(allow_null=True, help_text=_("null: of all columns"))


@means(_("The projects asked for, by two dimensions at once."))
class CrossTable(Asked):
    rows = serializers.CharField(help_text=_("The dimension of the rows"))
    columns = serializers.CharField(help_text=_("The dimension of the columns"))
    cells = Cell(many=True, help_text=_("One for each row and column, and their totals"))


@means(_("What a document says, with the register’s reading of it."))
class Statement(Shape):
    code = identifier(_("Names it in addresses"))
    kind = one_of(Kind.choices, _("What it is about"), required=False)
    category = text(_("More exactly than the kind"))
    title = text(_("The register’s"))
    summary = text(_("The register’s"))
    quotation = text(_("The document’s words, “[…]” where pieces stand apart"))
    document = maybe(_("The slug of the document that says it"))
    paragraphs = text(_("Where the quotation stands, a footnote with fn"))
    mentioned_in = text(_("Every paragraph that speaks of it, if there are more"))
    source = text(_("Of what no document here says"))
    basis = one_of(Basis.choices, _("How the reading is known"), required=False)
    areas = several(_("Priority areas"))
    areas_basis = one_of(
        Basis.choices, _("How the areas are known"), required=False, allow_blank=True
    )
    projects = several(_("References of projects that it speaks of"))
    about = maybe(_("The slug of the document that it speaks of"))
    parent = maybe(_("The code of the statement that it is a part of"))
    position = number(_("Its place in its kind"), required=False)
    addressee = text(_("To whom it is addressed"))
    date = text(_("As precise as the source"))
    end_date = text(_("As precise as the source"))
    timing = text(_("As at the date of the document"))
    place = text(_("Place or level"))
    figure = text(_("As printed, e.g. some 80: a text"))
    unit = text(_("Unit of the figure"))
    base = text(_("Of whom the figure is"))
    size = text(_("How many were asked"))
    caveat = text(_("What may not be concluded"))
    answered_by = maybe(_("The edition that was published for it"))
    entities = several(_("Acronyms"))
    entities_basis = one_of(
        Basis.choices, _("How it is known which entities it names"), required=False
    )
    projects_basis = one_of(
        Basis.choices, _("How it is known which projects it speaks of"), required=False
    )


@means(_("A plan of action of a country or an organization, as staff registered it from a source."))
class Plan(Shape):
    slug = identifier(_("Names it in addresses"))
    title = text(_("Title"))
    level = one_of(Level.choices, _("Of what it is a plan"), required=False)
    country = maybe(_("ISO 3166-1 alpha-3; null of an organization’s plan"))
    organization = text(_("Whose plan it is; empty of a country’s"))
    status = one_of(PlanStatus.choices, _("How far it is, by its source"), required=False)
    adopted_on = text(_("As precise as the source"))
    areas = several(_("Priority areas that it covers"), PriorityArea.choices)
    projects = several(_("References of projects that support it"))
    source = text(_("The document or page that says so"))
    link = text(_("A page with the plan, or empty"))


@means(_("A document that the report names, or that staff cite."))
class Document(Shape):
    slug = identifier(_("Names it in addresses"))
    symbol = text(_("Document symbol"))
    title = text(_("Title"))
    kind = text(_("Kind"))
    date = text(_("As precise as it is known"))
    address = text(_("As the source prints it"))
    note = text(_("Note"))
    paragraphs = number(_("Paragraphs and footnotes of its text here"), required=False)


@means(_("A numbered paragraph or footnote, word for word."))
class Paragraph(Shape):
    number = identifier(_("As the document numbers it; a footnote with fn"))
    position = serializers.IntegerField(
        required=False, min_value=1, help_text=_("Its place in the document")
    )
    part = text(_("Part"))
    part_heading = text(_("Heading of the part"))
    section = text(_("Section"))
    section_heading = text(_("Heading of the section"))
    carried_by = text(_("Of a footnote: the paragraph that has its mark"))
    text = text(_("Its text"))


@means(_("A United Nations entity, body or working group."))
class Entity(Shape):
    acronym = identifier(_("Names it in addresses and filters"))
    acronym_from = one_of(
        AcronymSource.choices, _("Where it comes from"), required=False, allow_blank=True
    )
    name = text(_("Name"))
    aliases = several(_("Other names in use"))
    kind = text(_("Kind"))
    projects = number(
        _("Projects that name it; one with two entities counts for both"), required=False
    )


@means(_("A country or area of the standard M49, or one beside it."))
class Country(Shape):
    code = identifier(_("ISO 3166-1 alpha-3"))
    m49 = text(_("Three digits of M49, a text; empty if it has none"))
    name = text(_("Name in M49"))
    note = text(_("What documents of the United Nations say in a footnote"))
    projects = number(
        _("Projects that name it; one in two countries counts for both"), required=False
    )


@means(_("A published number, beside the register’s."))
class Figure(serializers.Serializer):
    paragraph = serializers.CharField(allow_blank=True, help_text=_("Where it is published"))
    label = serializers.CharField(help_text=_("What it counts, in words"))
    query = serializers.CharField(
        allow_blank=True, help_text=_("The filter that counts the same; empty for all")
    )
    unit = one_of(Unit.choices, _("What it counts"))
    comparator = one_of(Comparator.choices, _("How exact it is"))
    value = number(_("As published"))
    date = serializers.CharField(allow_blank=True, help_text=_("When it held"))
    register = number(_("What the register counts, null where it cannot"), allow_null=True)
    agrees = serializers.BooleanField(
        allow_null=True, help_text=_("null where the two cannot be compared")
    )


@means(_("A document that publishes totals of the register."))
class Report(Shape):
    slug = identifier(_("Names it in addresses"))
    symbol = text(_("Document symbol"))
    title = text(_("Title"))
    date = text(_("As precise as the document"))
    link = text(_("Web address, or empty"))
    is_basis = serializers.BooleanField(
        required=False, help_text=_("Whether the register is kept equal to it")
    )


@means(_("A report with its figures."))
class ReportWithFigures(Report):
    figures = Figure(many=True, required=False, help_text=_("Its published numbers"))


@means(_("The register as it was published under a name; it never changes."))
class Edition(Shape):
    slug = identifier(_("Names it in addresses and filters"))
    name = text(_("How it is cited"))
    date = text(_("When its figures held"))
    note = text(_("What it rests on"))
    published_at = serializers.DateTimeField(required=False, help_text=_("When it was published"))
    count = number(_("Projects"), required=False)
    sha256 = text(_("Of its CSV"))
    quotations_sha256 = text(_("Of its quotations; empty if it has none"))


@means(_("A column of which the value changed."))
class FieldChange(serializers.Serializer):
    column = serializers.CharField(
        help_text=_("Its name; of quotations with the field they are of")
    )
    old = serializers.CharField(allow_blank=True, help_text=_("Before, several joined by ;"))
    new = serializers.CharField(allow_blank=True, help_text=_("After, several joined by ;"))


@means(_("What became of one project from one edition to another."))
class EditionChange(Shape):
    reference = identifier(_("The project"))
    change = one_of([(kind, kind) for kind in KINDS], _("What became of it"), required=False)
    title = text(_("Its title; the old one if it was removed"))
    fields = FieldChange(many=True, required=False, help_text=_("What changed"))


def changed(name: str, key: str, record) -> type[Shape]:
    """Return the shape of a change of a record, which is called by its key."""
    fields = {
        key: identifier(record),
        "at": serializers.DateTimeField(required=False, help_text=_("When")),
        "action": one_of(Action.choices, _("What happened"), required=False),
        "reason": text(_("Why")),
        "fields": FieldChange(many=True, required=False, help_text=_("What changed")),
    }
    shape: type[Shape] = type(name, (Shape,), fields)
    means(_("A change that anybody may see: values and reasons, no names."))(shape)
    return shape


Change = changed("Change", "reference", _("The project"))
StatementChange = changed("StatementChange", "code", _("The statement"))
PlanChange = changed("PlanChange", "slug", _("The plan"))


class Fault(serializers.Serializer):
    parameter = serializers.CharField(help_text=_("As it was written"))
    detail = serializers.CharField(help_text=_("What is wrong, and what is allowed"))
    meant = serializers.CharField(required=False, help_text=_("What was probably meant"))
    address = serializers.CharField(required=False, help_text=_("All put right"))


@means(_("Why there is no answer, by RFC 9457."))
class Problem(serializers.Serializer):
    type = serializers.CharField(help_text=_("about:blank: the status says it"))
    title = serializers.CharField(help_text=_("The status in words"))
    status = serializers.IntegerField(help_text=_("The status of HTTP"))
    detail = serializers.CharField(help_text=_("What is wrong"))
    errors = Fault(many=True, required=False, help_text=_("Each wrong parameter"))


@means(_("What there is, and where."))
class Contents(serializers.Serializer):
    version = serializers.CharField(help_text=_("Of the API"))
    documentation = serializers.URLField(help_text=_("The page for people"))
    openapi = serializers.URLField(help_text=_("The description for programs"))
    resources = serializers.DictField(
        child=serializers.URLField(), help_text=_("Where each begins")
    )
