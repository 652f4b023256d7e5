"""The page that drafts paragraphs for the next report, and its files."""

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
from .draft import Drafted, draft, figures_of, why_not
from .models import Report
from .queries import DraftFilter
from .reconciliation import figures_of_projects, other_figures

FOOTNOTE_MARK = "¹"  # in plain text


class Draft(FilteredView):
    """Paragraphs for the next report; `extension` txt gives them as plain text."""

    reader_class = DraftFilter

    def answer(self, extension=""):
        refusal = why_not(self.asked, self.selection.answers.printed)
        drafted = None if refusal else self.drafted()
        if extension:
            text = refusal
            if drafted:
                text = f"{drafted.text}{FOOTNOTE_MARK}\n\n{FOOTNOTE_MARK} {self.footnote(drafted)}"
            return HttpResponse(f"{text}\n", content_type="text/plain; charset=utf-8")
        old = self.reader.compared_with
        context = self.context() | {
            "refusal": refusal,
            "drafted": drafted,
            "footnote": self.footnote(drafted) if drafted else "",
            "selectors": self.reader.selectors,
            "hidden": pairs_of(self.asked.narrowing.but(edition=None)),
            "old": old,
            "inexact": other_figures(old) if isinstance(old, Report) else [],
        }
        return render(self.request, "reports/draft.html", context)

    def drafted(self) -> Drafted:
        return draft(self.selection, Report.published.of(self.asked.edition), self.others)

    @property
    def others(self):
        old = self.reader.compared_with
        if isinstance(old, Edition):
            return figures_of(Selection(self.asked.but(edition=old)))
        return figures_of_projects(old) if old else {}

    def footnote(self, drafted: Drafted) -> str:
        page = f"{reverse('draft')}{Links(self.asked).filter_suffix}"
        words = Words(self.selection)
        # As on the page: a sentence that does not name what is counted follows its subject.
        subject = "" if is_named(self.selection.answer) else words.subject
        address = self.request.build_absolute_uri(page)
        source = citation(self.asked, address, words.sentence, subject)
        return " ".join([source, *drafted.notes])


class DraftDocument(RefusedAsText, Draft):
    def answer(self, extension="docx"):
        refusal = why_not(self.asked, self.selection.answers.printed)
        drafted = None if refusal else self.drafted()
        return files.docx_file(
            _("Text for your report"),
            [paragraph.text for paragraph in drafted.paragraphs] if drafted else [refusal],
            self.footnote(drafted) if drafted else "",
            file_name_of(f"draft-{version_of(self.asked)}", parameters_of(self.asked)),
            moment_of(self.asked),
        )
