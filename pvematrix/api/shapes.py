"""What the API's answers look like: the one description, of which the schema is made."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from projects.asking.answers import State
from projects.changes import Action
from projects.columns import ENTITY_TABLE, PROJECT_TABLE, Column, Table
from projects.editions import KINDS
from projects.models import Entity as EntityModel
from projects.models import Project as ProjectModel
from reports.models import PLAN_TABLE, STATEMENT_TABLE, Comparator, Unit
from reports.models import Plan as PlanModel
from reports.models import Statement as StatementModel


class Shape(serializers.Serializer):
    """An object; its first key names it, the others are there unless `fields` leaves them out."""


def means(words) -> Callable[[type], type]:
    """Return the decorator that says of a shape what it is.

    By an argument, since a docstring is not collected for translation.
    """
    return extend_schema_serializer(description=words)


def keys(shape: type[Shape]) -> list[tuple[str, str]]:
    return [(name, str(field.label or "")) for name, field in shape().fields.items()]


def string(meaning, **kwargs) -> serializers.CharField:
    """Return a text that is always there."""
    return serializers.CharField(help_text=meaning, **kwargs)


def text(meaning, **kwargs) -> serializers.CharField:
    """Return a text that may be empty, and may be left out."""
    return string(meaning, required=False, allow_blank=True, **kwargs)


def number(meaning, **kwargs) -> serializers.IntegerField:
    """Return a whole number from 0."""
    return serializers.IntegerField(help_text=meaning, **{"min_value": 0, **kwargs})


def one_of(choices, meaning, **kwargs) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=choices, help_text=meaning, **kwargs)


def several(meaning, choices=()) -> serializers.ListField:
    child: Any = serializers.ChoiceField(choices=choices) if choices else serializers.CharField()
    return serializers.ListField(child=child, help_text=meaning, required=False)


def of_table(
    about: Promise | str, model: type[models.Model], table: Table, /, **words: Any
) -> type[Shape]:
    """Return the shape of a model's records: the columns of its table, and other keys.

    `words` are meanings that are shorter here than in files, or functions that make a key.
    """
    fields = {}
    for column in table.columns:
        meaning = words.pop(column.name, column.meaning)
        fields[column.name] = (
            meaning() if callable(meaning) else _key(column, meaning, model, table)
        )
    others = {name: make() for name, make in words.items()}
    return means(about)(type(model.__name__, (Shape,), fields | others))


def _key(column: Column, meaning, model: type[models.Model], table: Table) -> serializers.Field:
    """Return the key of a column; its field of the model says whether it may be empty or null."""
    if column.name == table.identifier:
        return string(meaning)
    if column.several:
        return several(meaning, column.vocabulary)
    stored: Any = model._meta.get_field(column.name)
    if column.vocabulary:
        return one_of(column.vocabulary, meaning, required=False, allow_blank=stored.blank)
    if isinstance(stored, models.DateTimeField):
        return serializers.DateTimeField(help_text=meaning, required=False)
    if isinstance(stored, models.IntegerField):
        return number(meaning, required=False)
    return text(meaning, allow_null=stored.null)


@means(_("Words of a source, and what of the project was read from them."))
class Quotation(Shape):
    field = string(_("Which field of the project they are about"))
    words = string(_("As the source has them"))
    document = string(_("Document symbol, e.g. A/72/621"))
    paragraphs = string(
        _("Where the words stand in it; empty without paragraphs"), allow_blank=True
    )


Project = of_table(
    _("One line of the register."),
    ProjectModel,
    PROJECT_TABLE,
    quotations=lambda: Quotation(
        many=True, required=False, help_text=_("The words of a source that a field was read from")
    ),
)


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
    sentence = string(_("The same in a sentence"))
    filters = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text=_("What was asked for, by parameter"),
    )
    edition = string(_("The edition’s slug, empty for the register as it is now"), allow_blank=True)


@cache
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
    slug = string(_("The value of the filter that asks for it"))
    label = string(_("What people read"))
    count = number(_("What the reconstruction is, in the unit of the breakdown"))


@means(_("The projects asked for, by area, scope or region."))
class Breakdown(Asked):
    total = number(_("The sum of the rows"))
    unit = one_of(["projects", "mentions"], _("What the rows count"))
    rows = Part(many=True, help_text=_("One for each area, scope or region"))


class Cell(Answer):
    row = string(_("null: of all rows"), allow_null=True)
    column = string(_("null: of all columns"), allow_null=True)


@means(_("The projects asked for, by two dimensions at once."))
class CrossTable(Asked):
    rows = string(_("The dimension of the rows"))
    columns = string(_("The dimension of the columns"))
    cells = Cell(many=True, help_text=_("One for each row and column, and their totals"))


Statement = of_table(
    _("What a document says, with the register’s reading of it."),
    StatementModel,
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
    areas=lambda: several(_("Priority areas")),
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
)


Plan = of_table(
    _("A plan of action of a country or an organization, as staff registered it from a source."),
    PlanModel,
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
)


@means(_("A document that the report names, or that staff cite."))
class Document(Shape):
    slug = string(_("Names it in addresses"))
    symbol = text(_("Document symbol"))
    title = text(_("Title"))
    kind = text(_("Kind"))
    date = text(_("As precise as it is known"))
    address = text(_("As the source prints it"))
    note = text(_("Note"))
    paragraphs = number(_("Paragraphs and footnotes of its text here"), required=False)


@means(_("A numbered paragraph or footnote, word for word."))
class Paragraph(Shape):
    number = string(_("As the document numbers it; a footnote with fn"))
    position = serializers.IntegerField(
        required=False, min_value=1, help_text=_("Its place in the document")
    )
    part = text(_("Part"))
    part_heading = text(_("Heading of the part"))
    section = text(_("Section"))
    section_heading = text(_("Heading of the section"))
    carried_by = text(_("Of a footnote: the paragraph that has its mark"))
    text = text(_("Its text"))


Entity = of_table(
    _("A United Nations entity, body or working group."),
    EntityModel,
    ENTITY_TABLE,
    acronym=_("Names it in addresses and filters"),
    acronym_from=_("Where it comes from"),
    name=_("Name"),
    aliases=_("Other names in use"),
    kind=_("Kind"),
    projects=lambda: number(
        _("Projects that name it; one with two entities counts for both"), required=False
    ),
)


@means(_("A country or area of the standard M49, or one beside it."))
class Country(Shape):
    code = string(_("ISO 3166-1 alpha-3"))
    m49 = text(_("Three digits of M49, a text; empty if it has none"))
    name = text(_("Name in M49"))
    note = text(_("What documents of the United Nations say in a footnote"))
    projects = number(
        _("Projects that name it; one in two countries counts for both"), required=False
    )


@means(_("A published number, beside the register’s."))
class Figure(serializers.Serializer):
    paragraph = string(_("Where it is published"), allow_blank=True)
    label = string(_("What it counts, in words"))
    query = string(_("The filter that counts the same; empty for all"), allow_blank=True)
    unit = one_of(Unit.choices, _("What it counts"))
    comparator = one_of(Comparator.choices, _("How exact it is"))
    value = number(_("As published"))
    date = string(_("When it held"), allow_blank=True)
    register = number(_("What the register counts, null where it cannot"), allow_null=True)
    agrees = serializers.BooleanField(
        allow_null=True, help_text=_("null where the two cannot be compared")
    )


@means(_("A document that publishes totals of the register."))
class Report(Shape):
    slug = string(_("Names it in addresses"))
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
    slug = string(_("Names it in addresses and filters"))
    name = text(_("How it is cited"))
    date = text(_("When its figures held"))
    note = text(_("What it rests on"))
    published_at = serializers.DateTimeField(required=False, help_text=_("When it was published"))
    count = number(_("Projects"), required=False)
    sha256 = text(_("Of its CSV"))
    quotations_sha256 = text(_("Of its quotations; empty if it has none"))


@means(_("A column of which the value changed."))
class FieldChange(serializers.Serializer):
    column = string(_("Its name; of quotations with the field they are of"))
    old = string(_("Before, several joined by ;"), allow_blank=True)
    new = string(_("After, several joined by ;"), allow_blank=True)


@means(_("What became of one project from one edition to another."))
class EditionChange(Shape):
    reference = string(_("The project"))
    change = one_of([(kind, kind) for kind in KINDS], _("What became of it"), required=False)
    title = text(_("Its title; the old one if it was removed"))
    fields = FieldChange(many=True, required=False, help_text=_("What changed"))


def changed(name: str, key: str, record) -> type[Shape]:
    """Return the shape of a change of a record, which is called by its key."""
    fields = {
        key: string(record),
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
    parameter = string(_("As it was written"))
    detail = string(_("What is wrong, and what is allowed"))
    meant = serializers.CharField(required=False, help_text=_("What was probably meant"))
    address = serializers.CharField(required=False, help_text=_("All put right"))


@means(_("Why there is no answer, by RFC 9457."))
class Problem(serializers.Serializer):
    type = string(_("about:blank: the status says it"))
    title = string(_("The status in words"))
    status = serializers.IntegerField(help_text=_("The status of HTTP"))
    detail = string(_("What is wrong"))
    errors = Fault(many=True, required=False, help_text=_("Each wrong parameter"))


@means(_("What there is, and where."))
class Contents(serializers.Serializer):
    version = string(_("Of the API"))
    documentation = serializers.URLField(help_text=_("The page for people"))
    openapi = serializers.URLField(help_text=_("The description for programs"))
    resources = serializers.DictField(
        child=serializers.URLField(), help_text=_("Where each begins")
    )
