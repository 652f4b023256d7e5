"""The pages and files of projects elsewhere."""

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from ..asking import Asked
from ..asking.reference import citation, source_in_words
from ..exports import write_lines, write_xlsx
from ..listing import file_name_of
from ..pages import CONTENT_TYPES, QueryView, RefusedAsText, missing
from .models import Record
from .profile import Profile, profiles
from .queries import SORTS, ElsewherePage, SortedQuery
from .records import attributions, belonging_to, every, introduction
from .table import TABLE, cells_of

A_PAGE = 50


class ElsewhereList(QueryView):
    """Projects that other publishers describe, 50 on a page; none is counted."""

    reader_class = ElsewherePage
    template_name = "projects/elsewhere_list.html"

    def answer(self) -> HttpResponse:
        reader = self.reader
        paginator = Paginator(reader.found, A_PAGE)
        if reader.page_number > paginator.num_pages:
            raise missing(str(reader.page_number))
        page = paginator.page(reader.page_number)
        said = introduction(reader.every)
        context = self.cited(said) | {
            "reader": reader,
            "page": page,
            "introduction": said,
            "profiles": profiles(page.object_list),
            "attributions": attributions(page.object_list),
            "sorts": [(name, label) for name, (label, _key) in SORTS.items()],
        }
        return render(self.request, self.template_name, context)


class ElsewhereRecord(QueryView):
    """One record: everything that is published, its source, and what is judged of it."""

    def answer(self, scheme: str, identifier: str) -> HttpResponse:
        key = f"{scheme}:{identifier}"
        record = next((one for one in every() if one.key == key), None)
        if record is None:
            raise missing(key)
        profile = Profile(record)
        address = self.request.build_absolute_uri(self.request.path)
        source = source_in_words(profile.source)
        context = {
            "profile": profile,
            "one": record.reading,
            "parts": belonging_to(key),
            "page_address": address,
            "source_in_words": source,
            "citation": citation(Asked(), address, source, record.title),
            "attributions": attributions([record]),
        }
        return render(self.request, "projects/elsewhere_record.html", context)


class ElsewhereData(RefusedAsText):
    """The records that are asked for, as a file: all of them, with everything published."""

    reader_class = SortedQuery

    def answer(self, extension: str) -> HttpResponseBase:
        name = file_name_of(f"elsewhere-{timezone.now():%Y-%m-%d}", self.reader.asked_for)
        response = getattr(self, extension)(self.reader.found)
        response["Content-Disposition"] = f'attachment; filename="pve-{name}.{extension}"'
        return response

    def csv(self, found: list[Record]) -> HttpResponseBase:
        lines = [TABLE.names, *map(cells_of, found)]
        return self.file_of(write_lines(lines), len(found), "csv")

    def xlsx(self, records: list[Record]) -> HttpResponseBase:
        about = {
            _("Query"): self.reader.sentence,
            _("Projects elsewhere"): str(len(records)),
            _("What they are"): introduction(self.reader.every),
            _("Date"): timezone.now().strftime("%Y-%m-%d %H:%M UTC"),
            _("Source"): _("The source that each row names"),
            _("Licence"): "; ".join(attributions(records)),
        }
        file = write_xlsx(_("Projects elsewhere"), TABLE, map(cells_of, records), about)
        return FileResponse(file, content_type=CONTENT_TYPES["xlsx"])
