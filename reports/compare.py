"""Two sets of projects side by side: the page, its figure and its numbers."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from projects.asking import query_of
from projects.asking.reference import sourced
from projects.models import Edition
from projects.pages import QueryView, RefusedAsText

from . import files
from .comparison import Side, grid, most_telling, paired, sentence
from .illustrations import caption_of_pair, charted
from .images import COLUMN, bars
from .queries import SHAPE_CHOICES, ComparisonQuery


class Compare(QueryView):
    """Two sets of projects side by side."""

    reader_class = ComparisonQuery

    def answer(self) -> HttpResponseBase:
        a, b = self.reader.cleaned_data["a"], self.reader.cleaned_data["b"]
        query = urlencode(self.asked_of(self.request), doseq=True)
        first, second, editions = Side(a), Side(b), list(Edition.objects.all())
        in_shares = self.reader.in_shares
        pairs = paired(a, b, in_shares)
        drawn = most_telling(pairs, a, b)
        percent = [("percent", "side")] if in_shares else []
        pinned = ""
        if editions and not (a.asked.edition and b.asked.edition):
            fixed = (one.asked.but(edition=one.asked.edition or editions[0]) for one in (a, b))
            pinned = urlencode([*zip("ab", map(query_of, fixed), strict=True), *percent])
        context = self.cited(sentence(a, b), query) | {
            "in_shares": in_shares,
            "selectors": self.reader.selectors,
            "shapes": SHAPE_CHOICES,
            "pairs": [("a", query_of(a.asked)), ("b", query_of(b.asked)), *percent],
            "chart": {
                "breakdown": drawn,
                "figure": f"{reverse('comparison-figure', args=['json'])}?{query}",
                "sides": [(a.answer.state, first), (f"{b.answer.state} second", second)],
            },
            "picture": bars(drawn.lines, None, COLUMN),
            "a": first,
            "b": second,
            "pickers": [("a", first.choices), ("b", second.choices)],
            "newest_edition": editions[0] if pinned else None,
            "newest_query": pinned,
            "pinned_address": self.request.build_absolute_uri(f"?{pinned}") if pinned else "",
            "no_edition": not editions,
            "breakdowns": pairs,
        }
        return render(self.request, "reports/comparison.html", context)

    def refuse(self) -> HttpResponse:
        """Return the 400 with both queries as they were asked, so that readers can fix them."""
        asked = {"problems": self.reader.problems, "asked": self.request.GET}
        return render(self.request, "reports/comparison_refused.html", asked, status=400)


class ComparisonFigure(RefusedAsText):
    """Two sets of projects as a Plotly figure."""

    reader_class = ComparisonQuery

    def answer(self, extension: str) -> HttpResponseBase:
        a, b = self.reader.cleaned_data["a"], self.reader.cleaned_data["b"]
        drawn = most_telling(paired(a, b, self.reader.in_shares), a, b)
        return charted(drawn.lines, caption_of_pair(a, b, drawn))


class CompareData(RefusedAsText):
    """The numbers of two sets of projects, a line each."""

    reader_class = ComparisonQuery
    says_when = True

    def answer(self, extension: str) -> HttpResponseBase:
        a, b = self.reader.cleaned_data["a"], self.reader.cleaned_data["b"]
        day = f"{timezone.now():%Y-%m-%d %H:%M} UTC"
        known = {_("Sentence"): sourced(sentence(a, b), a.asked), _("Date"): day}
        return files.csv_file(grid(paired(a, b)), self.reader.file_name, known)
