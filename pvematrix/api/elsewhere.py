"""Projects elsewhere by the API: what other publishers publish, never counted."""

from collections.abc import Iterable

from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from projects.elsewhere.models import Record
from projects.elsewhere.records import every
from projects.elsewhere.table import row_of

from .readers import ElsewhereRecords
from .views import OneRecord, Records, Row


class Elsewhere(Records):
    summary = _("Projects that other publishers describe, by number. They are not counted here.")
    shape = "Elsewhere"
    tag = _("Projects elsewhere")
    reader_class = ElsewhereRecords
    order = ("key",)

    def records(self) -> Iterable[Record]:
        return self.reader.found

    def row(self, record: Record) -> Row:
        page = self.request.build_absolute_uri(record.get_absolute_url())
        return {**row_of(record), "html_url": page}


class OneElsewhere(OneRecord, Elsewhere):
    """One of them; also one that is the same as another, or a part of it."""

    def answer(self, **named: str) -> HttpResponseBase:
        found = next((one for one in every() if one.key == named["key"]), None)
        return self.one(self.row(found) if found else None)
