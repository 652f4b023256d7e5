"""The pages of the register: list, project, files."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.utils.http import http_date
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from .asking import Offers, Selection
from .asking.links import suffix_of
from .asking.selection import countries
from .asking.words import edition_words, moment_of, sentence_about
from .changes import changes_of
from .exports import (
    facts,
    laid_out,
    refuse_too_many,
    snapshot,
    write_csv,
    write_ndjson,
    write_xlsx,
)
from .languages import glossary
from .listing import ListFilter, Listing, TableFilter, layout_of, name_of
from .models import Project
from .pages import CONTENT_TYPES, FilteredData, FilteredView, QueryView, missing
from .profile import Profile
from .vocabulary import Provenance

# By what a glossary says of the source of a term.
STATUSES = {
    "official": gettext_lazy("official"),
    "agency": gettext_lazy("of an agency of the United Nations"),
    "member-state": gettext_lazy("of a Member State"),
    "cldr": gettext_lazy("Unicode CLDR"),
    "translation": gettext_lazy("translation by this register"),
}


class Languages(QueryView):
    """The terms of the page's language with their sources; in English, the other languages."""

    def answer(self):
        terms = glossary(get_language() or settings.LANGUAGE_CODE)
        context = {
            "terms": [one | {"status": STATUSES[one["status"]]} for one in terms],
            "countries": countries().values(),
        }
        return render(self.request, "projects/languages.html", context)


class ProjectList(FilteredView):
    reader_class = ListFilter
    template_name = "projects/project_list.html"
    directory = ""  # the name of the address of files of entities and countries

    def answer(self):
        offers = Offers(self.selection)
        if project := offers.opened:
            suffix = suffix_of(self.asked.narrowing.but(queries=()))
            return redirect(f"{project.get_absolute_url()}{suffix}")
        context = self.context()
        listing = Listing(context["words"], context["links"])
        listed = self.selection.listed
        rows, total = listed.rows.prefetch_related(*listing.linked), listed.total
        if listing.groups:
            rows = rows.exclude(provenance=Provenance.COUNTED)
            total -= listed.cube.counts("provenance")[Provenance.COUNTED]
        paginator = Paginator(rows, self.asked.per_page)
        paginator.count = total
        context |= {"paginator": paginator, "offers": offers, "listing": listing}
        context["directory"] = self.directory
        if self.asked.page > paginator.num_pages:
            return render(self.request, "projects/beyond_last.html", context, status=404)
        page = paginator.page(self.asked.page)
        context |= {
            "page": page,
            "lines": [listing.line(project) for project in page],
            "filed": self.selection.filed if self.selection.of_filed else [],
            "pages": paginator.get_elided_page_range(page.number, on_each_side=2),
        }
        return render(self.request, self.template_name, context)


class ProjectDetail(FilteredView):
    reader_class = ListFilter
    template_name = "projects/project_detail.html"

    def answer(self, reference):
        # An entry that is set aside has a page, and is in no list.
        has_page = self.selection.whole if self.asked.edition else Project.live.with_page()
        project = has_page.for_detail().filter(reference=reference).first()
        if project is None:
            raise missing(reference)
        return render(self.request, self.template_name, self.about(project))

    def about(self, project: Project) -> dict[str, Any]:
        before, after = self.selection.rows.neighbours(
            project, self.asked.sort, self.selection.all_terms
        )
        return self.context(str(project), of_register=False) | {
            "project": project,
            "profile": Profile(project, self.selection),
            "before": before,
            "after": after,
            # An edition never changes.
            "changes": [] if self.asked.edition else changes_of(project.reference),
        }


class Export(FilteredData):
    """The filtered register as a file: every row."""

    @staticmethod
    def never_changes(query, **address):
        """Return whether it is an edition's file: what a search finds may change."""
        return address["extension"] == "csv" and "edition" in query and "q" not in query

    def answer(self, extension):
        if extension == "xlsx":
            refuse_too_many(self.selection.total)
        response = getattr(self, extension)()
        name = name_of(self.asked, extension)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        if self.asked.edition:
            response["Last-Modified"] = http_date(self.asked.edition.published_at.timestamp())
        return self.described(response)

    def ndjson(self):
        lines = write_ndjson(self.selection.rows, self.asked.table)
        return self.file_of(lines, self.selection.total, "ndjson")


class TableExport(Export):
    reader_class = TableFilter

    def csv(self):
        lines = write_csv(self.selection.rows, layout_of(self.asked))
        return self.file_of(lines, self.selection.total, "csv")

    def xlsx(self):
        asked, layout = self.asked, layout_of(self.asked)
        with snapshot():
            selection = Selection(asked)
            sentence = sentence_about(asked, selection.answer)
            about = facts(sentence, selection.total, edition_words(asked), moment_of(asked))
            if layout.long:
                known = {"value": layout.long}
                about[_("Rows")] = _("One for each %(value)s: count the references.") % known
            rows = laid_out(selection.rows, layout)
            file = write_xlsx(_("Projects"), layout, rows, about)
        return FileResponse(file, content_type=CONTENT_TYPES["xlsx"])
