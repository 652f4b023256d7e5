"""DOCX: the projects as an annex, a table for each priority area, to be edited and printed."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.shared import Mm
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from ..columns import PROJECT_TABLE
from ..models import Project, ProjectQuerySet
from ..text import day_in_words, in_xml
from ..vocabulary import MEANINGS, Basis, Provenance
from .word import Footnotes, new_document
from .xlsx import saved

# More than this no Word document takes: it is made in memory, in about 2 milliseconds a row, and
# Word itself is slow with longer tables.
MOST_PROJECTS = 1000
# The columns of the table and their widths in millimetres, those of a landscape page together.
_WIDTHS = {
    **{"reference": 19, "title": 66, "entities": 25, "scope": 24, "regions": 29},
    **{"countries": 22, "status": 18, "start_date": 15, "end_date": 15, "provenance": 24},
}


def write_docx(
    projects: ProjectQuerySet,
    title: str,
    facts: Mapping[str, str],
    headings: Mapping[str, str],
    moment: datetime,
):
    """Return an open temporary file that holds a Word document: the projects by priority area.

    `facts` say where it comes from, each by its name; `headings` say of an area how many there are
    and how that is known. Within an area the order is that of the queryset. What was filled in is
    marked; how an entry is known, and what documents say of a country, are footnotes.
    """
    document = new_document(title, moment, is_landscape=True)
    for name, fact in facts.items():
        line = document.add_paragraph()
        line.add_run(f"{name}: ").bold = True
        line.add_run(in_xml(fact))
    footnotes = Footnotes(document)
    by_area: dict[str, list[Project]] = {}
    for project in projects.for_detail():
        by_area.setdefault(project.priority_area, []).append(project)
    for area, heading in headings.items():
        if area in by_area:
            document.add_heading(in_xml(heading), level=1)
            table = _table(document)
            for project in by_area[area]:
                _add_row(table, project, footnotes)
    return saved(document)


def _table(document: WordDocument) -> WordTable:
    table = document.add_table(rows=0, cols=len(_WIDTHS), style="Table Grid")
    table.autofit = False
    if get_language_bidi():
        table.table_direction = True
    for column, width in zip(table.columns, _WIDTHS.values(), strict=True):
        column.width = Mm(width)
    for cell, name in zip(_cells(table, "w:tblHeader"), _WIDTHS, strict=True):
        label = PROJECT_TABLE.by_name[name].label
        cell.paragraphs[0].add_run(str(label)).bold = True
    return table


def _cells(table: WordTable, *properties: str) -> tuple[_Cell, ...]:
    row = table.add_row()
    known = row._tr.get_or_add_trPr()
    for name in ("w:cantSplit", *properties):
        known.append(OxmlElement(name))
    return row.cells


def _add_row(table: WordTable, project: Project, footnotes: Footnotes) -> None:
    cells = dict(zip(_WIDTHS, _cells(table), strict=True))
    lines = {name: cell.paragraphs[0] for name, cell in cells.items()}
    for name, text in _texts(project).items():
        line = lines[name]
        if _is_filled_in(project, name):
            _write_filled_in(line, text, footnotes)
        else:
            line.add_run(in_xml(text) or _("Not stated"))
    if project.priority_area_basis == Basis.ALLOCATED:
        line = cells["title"].add_paragraph(f"{PROJECT_TABLE.by_name['priority_area'].label}: ")
        _write_filled_in(line, project.get_priority_area_display(), footnotes)
    for name in ("summary", "methodology"):
        if text := getattr(project, name):
            label = PROJECT_TABLE.by_name[name].label
            cells["title"].add_paragraph(f"{label}: {in_xml(text)}")
    for place, country in enumerate(project.countries.all()):
        lines["countries"].add_run(f"{', ' if place else ''}{in_xml(country.name)}")
        if country.note:
            footnotes.refer(lines["countries"], country.note)
    if not project.countries.all():
        lines["countries"].add_run(_("Not stated"))
    footnotes.refer(lines["provenance"], _entry(project))


def _texts(project: Project) -> dict[str, str]:
    regions = ", ".join(str(region.label) for region in project.regions)
    return {
        "reference": project.reference,
        "title": project.title_without_area,
        "entities": ", ".join(entity.acronym for entity in project.entities.all()),
        "scope": project.get_scope_display(),
        "regions": _("Worldwide") if project.is_worldwide else regions,
        "status": project.get_status_display(),
        "start_date": day_in_words(project.start_date),
        "end_date": day_in_words(project.end_date),
        "provenance": project.get_provenance_display(),
    }


def _is_filled_in(project: Project, name: str) -> bool:
    basis = PROJECT_TABLE.bases.get(name)
    return basis is not None and getattr(project, basis) == Basis.ALLOCATED


def _write_filled_in(line: Paragraph, text: str, footnotes: Footnotes) -> None:
    line.add_run(_("Not stated"))
    line.add_run(_(" (counted under %s)") % in_xml(text)).italic = True
    footnotes.refer(line, str(MEANINGS[Basis.ALLOCATED]))


def _entry(project: Project) -> str:
    """Return how the entry is known; of all that are only counted in one place, the same."""
    known = {"reference": project.reference, "source": project.source}
    known["meaning"] = str(MEANINGS[project.provenance])
    if project.provenance == Provenance.COUNTED:
        return _("%(meaning)s Source: %(source)s.") % known
    sentences = [_("%(reference)s: %(meaning)s Source: %(source)s.") % known]
    quoted = project.quoted.items()
    sentences += [f"{PROJECT_TABLE.by_name[name].label}: {one.with_place}." for name, one in quoted]
    return " ".join([*sentences, *filter(None, [project.link])])
