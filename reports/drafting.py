"""The page that drafts paragraphs for the next report, and its files."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from projects.asking import Links, Selection, Words
from projects.asking.links import pairs_of, parameters_of
from projects.asking.words import citation, moment_of, version_of
from projects.listing import file_name_of
from projects.models import Edition
from projects.pages import FilteredView, RefusedAsText

from . import files
from .draft import Drafted, draft, figures_of
from .models import Report
from .queries import DraftFilter
from .reconciliation import figures_of_projects, other_figures

FOOTNOTE_MARK = "¹"  # in plain text


class Draft(FilteredView):
    """Paragraphs for the next report; `extension` txt gives them as plain text."""

    reader_class = DraftFilter

    def answer(self, extension=""):
        drafted = draft(self.selection, self.others)
        footnote = self.footnote(drafted)
        if extension:
            text = f"{drafted.text}{FOOTNOTE_MARK}\n\n{FOOTNOTE_MARK} {footnote}\n"
            return HttpResponse(text, content_type="text/plain; charset=utf-8")
        old = self.reader.compared_with
        context = self.context() | {
            "drafted": drafted,
            "footnote": footnote,
            "selectors": self.reader.selectors,
            "hidden": pairs_of(self.asked.narrowing.but(edition=None)),
            "old": old,
            "inexact": other_figures(old) if isinstance(old, Report) else [],
        }
        return render(self.request, "reports/draft.html", context)

    @property
    def others(self):
        old = self.reader.compared_with
        if isinstance(old, Edition):
            return figures_of(Selection(self.asked.but(edition=old)))
        return figures_of_projects(old) if old else {}

    def footnote(self, drafted: Drafted) -> str:
        page = f"{reverse('draft')}{Links(self.asked).filter_suffix}"
        source = citation(
            self.asked, self.request.build_absolute_uri(page), Words(self.selection).sentence
        )
        if not drafted.has_ranges:
            return source
        ranges = _(
            "A range is what the totals of %s allow, and “at least” stands where nothing follows "
            "from them: the number itself is not known."
        )
        return f"{source} {ranges % self.selection.answers.printed.symbol}"


class DraftDocument(RefusedAsText, Draft):
    def answer(self, extension="docx"):
        drafted = draft(self.selection, self.others)
        return files.docx_file(
            _("Draft paragraphs"),
            [paragraph.text for paragraph in drafted.paragraphs],
            self.footnote(drafted),
            file_name_of(f"draft-{version_of(self.asked)}", parameters_of(self.asked)),
            moment_of(self.asked),
        )
