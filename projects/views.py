"""The pages of the register: list, project, files."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import http_date
from django.utils.translation import gettext as _

from .asking import Asked, Offers, Rows, Selection, Words, query_of
from .asking.asked import PAGE_SIZES
from .asking.links import suffix_of
from .asking.reference import edition_words, moment_of, source_in_words, sourced
from .asking.sentences import sentence_about
from .changes import changes_of
from .editions import rows_of
from .exports import (
    facts,
    in_blocks,
    laid_out,
    refuse_too_many,
    snapshot,
    write_csv,
    write_xlsx,
)
from .list_filters import ListFilter, PanelFilter
from .listing import Listing, name_of, table_of
from .models import Project
from .pages import (
    CONTENT_TYPES,
    FilteredData,
    FilteredView,
    missing,
    redirect_to_merged,
)
from .profile import Profile


class ProjectList(FilteredView):
    reader_class = PanelFilter
    template_name = "projects/project_list.html"
    directory = ""  # the name of the address of files of entities and countries

    known_words: Callable[[], Iterable[str]] = tuple  # which no search corrects

    def answer(self) -> HttpResponse:
        offers = Offers(self.selection, self.known_words())
        if project := offers.opened:
            suffix = suffix_of(self.asked.narrowing.but(queries=()))
            return redirect(f"{project.get_absolute_url()}{suffix}")
        context = self.context()
        listing = Listing(context["words"], context["links"])
        paginator = Paginator(range(listing.total), self.asked.per_page)
        context |= {"paginator": paginator, "offers": offers, "listing": listing}
        context["directory"] = self.directory
        if self.asked.page > paginator.num_pages:
            return render(self.request, "projects/beyond_last.html", context, status=404)
        page = paginator.page(self.asked.page)
        context |= {
            "page": page,
            "parts": listing.parts(page.object_list),
            "pages": paginator.get_elided_page_range(page.number, on_each_side=2),
        }
        return render(self.request, self.template_name, context)


class ProjectDetail(FilteredView):
    reader_class = ListFilter
    template_name = "projects/project_detail.html"

    def answer(self, reference: str) -> HttpResponse:
        # An entry that is set aside has a page, and is in no list.
        has_page = self.selection.whole if self.asked.edition else Project.live.with_page()
        project = has_page.for_detail().filter(reference=reference).first()
        if project is None:
            raise missing(reference)
        if project.merged_into:
            return redirect_to_merged(self.request, project)
        return render(self.request, self.template_name, self.about(project))

    def about(self, project: Project) -> dict[str, Any]:
        before, after = (
            Rows(self.selection)
            .block_of(project)
            .neighbours(project, self.asked.order, self.selection.all_terms)
        )
        source = source_in_words(project.cited or project.source)
        return self.context(str(project), of_register=False, source=source) | {
            "project": project,
            "profile": Profile(project, self.selection),
            "before": before,
            "after": after,
            # An edition never changes.
            "changes": [] if self.asked.edition else changes_of(project.reference),
        }


class Export(FilteredData):
    """The rows that match, as a table."""

    reader_class = ListFilter

    @staticmethod
    def never_changes(query: dict[str, list[str]], **address: str) -> bool:
        """Return whether it is an edition's whole CSV: rows of a filter follow the answer."""
        return address["extension"] == "csv" and query.keys() == {"edition"}

    def answer(self, extension: str) -> HttpResponseBase:
        rows = Rows(self.selection)
        if rows.are_unknown:
            return self.refuse_rows()
        response = self.csv(rows) if extension == "csv" else self.xlsx(rows)
        name = name_of(self.asked, extension)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        if self.asked.edition:
            response["Last-Modified"] = http_date(self.asked.edition.published_at.timestamp())
        return response

    def refuse_rows(self) -> HttpResponse:
        """Return a 409: how many projects match is not known, so that none can be listed."""
        context = {"answer": self.selection.answer, "sentence": Words(self.selection).sentence}
        request, kind = self.request, CONTENT_TYPES["txt"]
        response = render(request, "projects/no_rows.txt", context, kind, status=409)
        ways = (query_of(self.asked.but(**{way: True})) for way in ("described", "filled_in"))
        links = (f'<{request.path}?{query}>; rel="alternate"' for query in ways)
        response["Link"] = ", ".join(links)
        return response

    def csv(self, rows: Rows) -> HttpResponseBase:
        asked, table = self.asked, table_of(self.asked)
        if asked.edition and replace(asked, page=1, per_page=PAGE_SIZES[0]) == Asked(
            edition=asked.edition
        ):
            found = rows_of(asked.edition)
        else:
            found = in_blocks(rows.of_file, table, asked.filled_in)
        return self.file_of(write_csv(found, table), rows.total, "csv")

    def xlsx(self, rows: Rows) -> HttpResponseBase:
        refuse_too_many(rows.total)
        asked, table = self.asked, table_of(self.asked)
        with snapshot():
            selection = Selection(asked)
            sentence = sourced(sentence_about(asked, selection.answer), asked)
            about = facts(sentence, edition_words(asked), moment_of(asked))
            if asked.filled_in:
                about[_("Note")] = _(
                    "The filled-in table is an example, one of many that the totals allow."
                )
            blocks = in_blocks(Rows(selection).of_file, table, asked.filled_in)
            file = write_xlsx(_("Projects"), table, laid_out(blocks, table), about)
        return FileResponse(file, content_type=CONTENT_TYPES["xlsx"])
