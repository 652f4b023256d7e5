"""The page that drafts paragraphs for the next report, and its files."""

from functools import cached_property

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from projects.asking import Links, Selection, Words
from projects.asking.links import pairs_of, parameters_of
from projects.asking.words import citation, is_named, moment_of, version_of
from projects.listing import file_name_of
from projects.models import Edition
from projects.pages import FilteredView, RefusedAsText

from . import files
from .draft import Drafted, Drafter, figures_of, why_not
from .models import Report
from .queries import DraftFilter
from .reconciliation import figures_of_projects, other_figures

FOOTNOTE_MARK = "¹"  # in plain text


class Draft(FilteredView):
    """Paragraphs for the next report; `extension` txt gives them as plain text."""

    reader_class = DraftFilter

    def answer(self, extension=""):
        drafted = self.drafted
        if extension:
            text = self.refusal
            if drafted:
                text = f"{drafted.text}{FOOTNOTE_MARK}\n\n{FOOTNOTE_MARK} {self.footnote}"
            return HttpResponse(f"{text}\n", content_type="text/plain; charset=utf-8")
        old = self.reader.compared_with
        context = self.context() | {
            "refusal": self.refusal,
            "drafted": drafted,
            "footnote": self.footnote,
            "selectors": self.reader.selectors,
            "hidden": pairs_of(self.asked.narrowing.but(edition=None)),
            "old": old,
            "inexact": other_figures(old) if isinstance(old, Report) else [],
        }
        return render(self.request, "reports/draft.html", context)

    @cached_property
    def refusal(self) -> str:
        return why_not(self.asked, self.selection.answers.printed)

    @cached_property
    def drafted(self) -> Drafted | None:
        if self.refusal:
            return None
        old, others = self.reader.compared_with, {}
        if isinstance(old, Edition):
            others = figures_of(Selection(self.asked.but(edition=old)))
        elif old:
            others = figures_of_projects(old)
        report = Report.published.of(self.asked.edition)
        return Drafter(self.selection, report, others).drafted()

    @property
    def footnote(self) -> str:
        if not self.drafted:
            return ""
        page = f"{reverse('draft')}{Links(self.asked).filter_suffix}"
        words = Words(self.selection)
        # As on the page: a sentence that does not name what is counted follows its subject.
        subject = "" if is_named(self.selection.answer) else words.subject
        address = self.request.build_absolute_uri(page)
        source = citation(self.asked, address, words.sentence, subject)
        return " ".join([source, *self.drafted.notes])


class DraftDocument(RefusedAsText, Draft):
    def answer(self, extension="docx"):
        drafted = self.drafted
        return files.docx_file(
            _("Text for your report"),
            [one.text for one in drafted.paragraphs] if drafted else [self.refusal],
            self.footnote,
            file_name_of(f"draft-{version_of(self.asked)}", parameters_of(self.asked)),
            moment_of(self.asked),
        )
