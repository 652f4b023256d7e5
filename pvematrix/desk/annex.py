"""Sheets at the desk: what their columns mean, what their values mean, which entries their rows."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.annex.annex import Annex
from projects.annex.mapping import TARGETS, columns_called
from projects.annex.matches import IN_MATRIX, LEFT_OUT, How, Match, Matching
from projects.annex.questions import check
from projects.annex.sheet_rows import LACKS_REGION, Row
from projects.asking.published import published
from projects.columns import PROJECT_TABLE
from projects.imports.batches import CHANGED_SINCE
from projects.imports.lines import Refused
from projects.imports.meanings import Written
from projects.models import Batch, Mapping, Project
from projects.text import fold, in_xml, plain_newlines, reference_of
from projects.vocabulary import InMatrix, Provenance, Status

from .affected_figures import in_words
from .annex_forms import (
    LayoutPage,
    ReadingForm,
    count_invalid,
    label_of,
    words_of,
    words_of_reading,
)
from .lists import done, refused

# The most values asked about, rows of the sheet and matches shown on one page.
VALUES_A_PAGE, ROWS_A_PAGE, MATCHES_A_PAGE = 25, 25, 20
_HEADINGS = re.compile("([0-9]{1,3})-([0-9]{1,6})")
_OF_CELL = re.compile("cell-([0-9]{1,6})-([a-z_]+)")
_OF_ROW = re.compile("(?:entry|leave|in-matrix|was)-([0-9]{1,6})")
# The order of matches: those to look at first, or as somebody sorts them.
_ORDERS: dict[str, Callable[[Match], Any]] = {
    "": lambda one: one.rank,
    "row": lambda one: one.place,
    "title": lambda one: fold(str(one.values.get("title", ""))),
}
# Shows a page of the desk: given the request, the template, the title, the context and the status.
Page = Callable[..., HttpResponse]


def due(request: HttpRequest, batch: Batch) -> str:
    """Return which page of the batch is due instead of its preview, if any; say why."""
    if batch.applied_at:
        messages.error(request, _("This import was confirmed already."))
        return "change"
    annex_ = Annex(batch)
    if not batch.sheet or annex_.is_matched:
        return ""
    if not batch.content or annex_.to_answer():
        return "match"
    try:
        annex_.keep_matching(annex_.match())
    except Refused as error:
        messages.error(request, str(error))
        return "match"
    messages.warning(request, CHANGED_SINCE)
    return "preview"


def map_columns(request: HttpRequest, annex: Annex, page_of: Page) -> HttpResponse:
    """Show what the columns of a sheet are read as; a POST stores it."""
    if "forget" in request.GET:
        return _delete_mapping(request, annex, request.GET["forget"], page_of)
    if chosen := _HEADINGS.fullmatch(request.POST.get("headings", "")):
        annex.choose_headings(int(chosen[1]), int(chosen[2]))
        return redirect("admin:projects_batch_map", annex.batch.pk)
    page = LayoutPage(annex, request.POST if request.method == "POST" else None)
    if request.method == "POST" and page.is_valid:
        try:
            return _save_layout(request, annex, page)
        except (Refused, ValidationError) as error:
            page.form.add_error(None, str(error) if isinstance(error, Refused) else error)
    context = {
        "batch": annex.batch,
        "page": page,
        # Those that can be read are answered with a redirect.
        "is_refused": request.method == "POST",
        "mappings": Mapping.objects.values("name", "by_name", "at"),
    }
    status = 400 if context["is_refused"] else 200
    return page_of(request, "annex_map", _title(_("Columns"), annex), context, status)


def _save_layout(request: HttpRequest, annex: Annex, page: LayoutPage) -> HttpResponse:
    """Store the layout; other headings are shown first.

    Raises Refused if it is no layout, ValidationError if its source would confirm nothing.
    """
    layout = page.layout()
    same = not layout.headers or layout.headers == annex.layout.headers
    if same:
        check(layout)
    else:
        layout.columns = columns_called(annex.sheets, layout.headers)
        messages.warning(request, _("The headings changed. Look at the columns again."))
    name = page.form.cleaned_data["keep_as"].strip()
    if name not in ("", annex.state.mapping) and Mapping.objects.filter(name=name).exists():
        raise ValidationError({"keep_as": _("There is a mapping of this name. Write another.")})
    name = annex.state.read_by if "update" in request.POST else name
    annex.keep_layout(layout, name, request.user, is_mapped=same)
    step = "translate" if same else "map"
    return redirect(f"admin:projects_batch_{step}", annex.batch.pk)


def _delete_mapping(request: HttpRequest, annex: Annex, name: str, page_of: Page) -> HttpResponse:
    mapping = get_object_or_404(Mapping, name=name)
    if request.method == "POST":
        annex.forget(mapping)
        text = _("“%s” is deleted.") % mapping.name
        return done(request, text, "admin:projects_batch_map", annex.batch.pk)
    title = _("Delete “%(name)s”") % {"name": mapping.name}
    return page_of(request, "annex_forget", title, {"batch": annex.batch, "mapping": mapping})


def translate(request: HttpRequest, annex: Annex, page_of: Page) -> HttpResponse:
    """Ask what values mean, and show what others are read as; a POST stores it, and redirects."""
    is_sheet = bool(annex.batch.sheet)
    if is_sheet and not annex.state.is_mapped:
        return redirect("admin:projects_batch_map", annex.batch.pk)
    again = "again" in request.GET
    if "take_back" in request.POST:
        column, _colon, text = request.POST["take_back"].partition(":")
        annex.take_back(column, plain_newlines(text), request.user)
        return redirect(request.path)
    waiting = annex.values() if again else annex.to_answer()
    if not waiting:
        step = "match" if is_sheet else "preview"
        return redirect(f"admin:projects_batch_{step}", annex.batch.pk)
    given = request.POST if request.method == "POST" else None
    # Values that were answered leave the list, unless somebody reads all of them again.
    page = Paginator(waiting, VALUES_A_PAGE).get_page(request.GET.get("page") if again else 1)
    accepts = "accept_all" in request.POST
    readings = [
        ReadingForm(given, prefix=str(n), written=one, translator=annex.translator, accepts=accepts)
        for n, one in enumerate(page)
    ]
    invalid = count_invalid(readings) if given else 0
    # What is written wrongly is shown again; what is not answered yet is asked on the next page.
    is_wrong = any({*form.errors} - {"__all__"} for form in readings) if given else False
    if given and not (is_wrong if accepts else invalid):
        said = [(one.written, one.reading) for one in readings if one.is_valid() and one.is_said]
        annex.keep_readings(said, request.user)
        if again and page.has_next():
            return redirect(f"{request.path}?again=yes&page={page.next_page_number()}")
        return redirect(request.path)
    proposed = [form for form in readings if form.proposal]
    context = {
        "batch": annex.batch,
        "columns": _by_column((one.written, one) for one in readings if not one.proposal),
        "proposed": _by_column((one.written, one) for one in proposed),
        "proposals": len(proposed),
        # What needs no answer, with what it is read as.
        "known": _by_column(
            (written, (written, words_of_reading(written)))
            for written in annex.values()
            if not (again or written.is_asked)
        ),
        "invalid": invalid,
        "asked": sum(one.is_asked for one in waiting),
        "page": page,
        "again": again,
        "said": [(one, label_of(one.column), words_of_reading(one)) for one in annex.said],
        "left_out": annex.left_out() if is_sheet else [],
    }
    title, status = _title(_("Values"), annex), 400 if invalid else 200
    return page_of(request, "annex_translate", title, context, status)


def show_sheet(request: HttpRequest, annex: Annex, page_of: Page) -> HttpResponse:
    """Show the sheet, its rows with problems or all of them; a POST stores texts of its cells."""
    if not annex.state.is_mapped:
        return redirect("admin:projects_batch_map", annex.batch.pk)
    if request.method == "POST":
        named = {name: _OF_CELL.fullmatch(name) for name in request.POST}
        written = {
            (int(match[1]), match[2]): in_xml(plain_newlines(request.POST[name])).strip()
            for name, match in named.items()
            if match and match[2] in TARGETS
        }
        count = annex.keep_cells(written)
        text = ngettext("%d cell is stored.", "%d cells are stored.", count)
        return done(request, text % count, request.get_full_path())
    problems, is_all = annex.problems(), "all" in request.GET
    lines = [one for one in enumerate(annex.lines) if not one[1].heading]
    shown = [one for one in lines if is_all or one[0] in problems]
    page = Paginator(shown, ROWS_A_PAGE).get_page(request.GET.get("page"))
    wrong = {name: None for place, _row in page for name in problems.get(place, ())}
    # Regions can be written though the sheet has no column of them.
    read = filter(None, annex.layout.columns.values())
    columns = [*dict.fromkeys([*read, "regions", *wrong])]
    labels = {
        one: [str(label) for _slug, label in PROJECT_TABLE.by_name[one].vocabulary] for one in wrong
    }
    context = {
        "batch": annex.batch,
        "columns": [label_of(one) for one in columns],
        "allowed": [(label_of(name), "; ".join(some)) for name, some in labels.items() if some],
        "rows": [
            (row, [_cell(place, row, one, problems.get(place, {}).get(one, "")) for one in columns])
            for place, row in page
        ],
        "page": page,
        "is_all": is_all,
        "all": len(lines),
        "wrong": len(problems),
    }
    return page_of(request, "annex_sheet", _title(_("Row by row"), annex), context)


def _cell(place: int, row: Row, column: str, problem: str) -> dict[str, str | bool | None]:
    name, label = f"cell-{place}-{column}", f"{label_of(column)}, {row.key.strip()}"
    cell = {"name": name, "label": label, "text": row.texts.get(column, ""), "problem": problem}
    return cell | {"was": row.was.get(column), "is_from_above": column in row.from_above}


def match_rows(request: HttpRequest, annex: Annex, page_of: Page) -> HttpResponse:
    """Show which entries the rows are about, and which totals that moves; a POST changes it."""
    if not annex.state.is_mapped or annex.to_answer():
        return redirect("admin:projects_batch_translate", annex.batch.pk)
    given, problems = _chosen(request.POST, annex) if request.method == "POST" else ({}, {})
    words, order = request.GET.get("q", ""), request.GET.get("sort", "")
    try:
        if request.method == "POST" and not problems:
            if "reads_regions" in request.POST:
                annex.state.reads_regions = request.POST["reads_regions"] == "yes"
            annex.keep_choices(given, "is_complete" in request.POST)
            if "leave" in request.POST:
                places = _to_leave(request.POST["leave"], annex.match(), words)
                annex.keep_choices(dict.fromkeys(places, LEFT_OUT), annex.state.is_complete)
            if "as_drafts" in request.POST:
                annex.layout.constants["in_matrix"] = InMatrix.NO.value
                annex.keep_layout(annex.layout, annex.state.mapping, request.user)
            if "go_on" not in request.POST:
                return redirect(request.get_full_path())
            annex.keep_matching(annex.match())
            return redirect("admin:projects_batch_preview", annex.batch.pk)
        matching = annex.match()
    except Refused as error:
        return refused(request, str(error), "admin:projects_batch_map", annex.batch.pk)
    # What somebody has to look at comes first, then what differs, each in the order of the sheet.
    shown = _found(matching, words)
    in_order = sorted(shown, key=_ORDERS.get(order, _ORDERS[""]))
    page = Paginator(in_order, MATCHES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "batch": annex.batch,
        "annex": annex,
        "matching": matching,
        "report": published(),
        "surplus": _surplus(matching),
        "lack_region": sum(LACKS_REGION in one.values for one in matching.matches),
        "without_region": [one for one in matching.matches if one.has_no_region],
        "differences": in_words(matching.moved()),
        "page": page,
        "words": words,
        "order": order,
        "found": len(shown),
        "doubles": len(_later_doubles(matching)),
        "page_rows": [
            MatchRow(match, given.get(match.place), problems.get(match.place, "")) for match in page
        ],
        "problems": problems,
        "left_out": annex.left_out(),
        "left_out_by_choice": annex.left_out_by_choice,
        "LEFT_OUT": LEFT_OUT,
    }
    title, status = _title(_("Entries"), annex), 400 if problems else 200
    return page_of(request, "annex_match", title, context, status)


def _found(matching: Matching, words: str) -> list[Match]:
    """Return the matches that have all words in their title, entities or place in the sheet."""
    wanted = fold(words).split()
    return [one for one in matching.matches if all(word in one.searched for word in wanted)]


def _later_doubles(matching: Matching) -> list[Match]:
    """Return the matches with the title and entity of an earlier one."""
    later: list[Match] = []
    for one in matching.matches:
        is_free = one.how not in (How.CHOSEN, How.GIVEN)
        if is_free and one.double and one.double.place < one.place and one.double not in later:
            later.append(one)
    return later


def _to_leave(which: str, matching: Matching, words: str) -> list[int]:
    """Return the places of the rows to leave out in one act: those found, or the later doubles."""
    of = _found(matching, words) if which == "found" and fold(words).split() else []
    of = _later_doubles(matching) if which == "doubles" else of
    return [one.place for one in of]


def _title(step: str, annex: Annex) -> str:
    return f"{step}: {annex.batch.file_name}"


def _surplus(matching: Matching) -> dict[str, Any]:
    """Return how many rows are in the matrix and how many are too many: all, and by area."""
    totals, rows = published().totals, matching.in_matrix
    if totals is None or rows.total() <= totals.projects:
        return {}
    areas = rows - Counter(totals.areas)
    named = [
        f"{count} {words_of('priority_area', area) or Status.NOT_STATED.label}"
        for area, count in areas.items()
    ]
    more = rows.total() - totals.projects
    if areas.total() > more:
        named.append(_("and fewer of other areas"))
    return {"rows": rows.total(), "more": more, "areas": "; ".join(named)}


def _by_column(shown: Iterable[tuple[Written, Any]]) -> list[tuple[str, list[Any]]]:
    """Return what is shown of each value, by the label of its column."""
    found: dict[str, list[Any]] = {}
    for written, one in shown:
        found.setdefault(written.column, []).append(one)
    return [(label_of(column), some) for column, some in found.items()]


def _chosen(given: QueryDict, annex: Annex) -> tuple[dict[int, str | None], dict[int, str]]:
    """Return the references that somebody gave for rows instead of those shown, and the problems.

    A row that is no longer left out has None. No reference can be that of another row by an
    earlier choice, or by what the sheet says.
    """
    chosen: dict[int, str | None] = {}
    problems: dict[int, str] = {}
    for place in sorted({int(match[1]) for name in given if (match := _OF_ROW.fullmatch(name))}):
        was, typed = (given.get(f"{one}-{place}", "").strip().upper() for one in ("was", "entry"))
        typed = reference_of(int(typed)) if re.fullmatch("[0-9]{1,12}", typed) else typed
        reference = IN_MATRIX if f"in-matrix-{place}" in given else typed
        reference = LEFT_OUT if f"leave-{place}" in given else reference
        if reference != was:
            chosen[place] = None if was == LEFT_OUT else reference
    existing = Project.live.filter(reference__in=filter(None, chosen.values()))
    provenances = dict(existing.values_list("reference", "provenance"))
    uses = Counter({**annex.named(), **chosen}.values())
    for place, choice in chosen.items():
        if choice in (None, "", LEFT_OUT, IN_MATRIX):
            continue
        if choice not in provenances:
            problems[place] = _("The register has no %s.") % choice
        elif provenances[choice] == Provenance.COUNTED:
            problems[place] = _("%s is a placeholder. Leave it empty for a new entry.") % choice
        elif uses[choice] > 1:
            problems[place] = _("%s is given for two rows.") % choice
    return chosen, problems


@dataclass(frozen=True)
class MatchRow:
    """A row of the sheet and its entry, the reference that was typed for it, and its problem."""

    match: Match
    typed: str | None
    problem: str

    @property
    def reference(self) -> str:
        """The reference to show: what was typed, even if it is invalid."""
        return self.match.reference if self.typed is None else self.typed

    @property
    def facts(self) -> list[dict[str, Any]]:
        """What shows whether it is the same project, besides the title: by columns compared."""
        row, stored = self.match.compared
        return [
            {
                "in_row": words_of(name, value),
                "in_entry": words_of(name, stored.get(name, ())),
                "differs": name in self.match.differing,
            }
            for name, value in row.items()
        ]
