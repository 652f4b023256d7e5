"""Numbers by the API: of any filter, divided by one dimension or by two, and how each is known."""

from django.utils.translation import gettext_lazy as _

from projects.asking import ProjectFilter
from reports.breakdowns import as_rows, breakdown

from . import readers
from .views import ApiView, asked_for


class Answers(ApiView):
    summary = _("How many projects a filter asks for, and how that is known.")
    reader_class = ProjectFilter
    shape = "Asked"
    tag = _("Answers")

    def answer(self):
        return self.json(asked_for(self.reader.selection))


class Breakdown(ApiView):
    summary = _("The projects of a filter by area, scope or region, and how each number is known.")
    reader_class = ProjectFilter
    shape = "Breakdown"
    tag = _("Answers")

    def answer(self, slug):
        selection = self.reader.selection
        one = breakdown(slug, selection)
        rows = {"total": one.total, "unit": one.unit, "rows": as_rows(one)}
        return self.json({**asked_for(selection), **rows})


class CrossTable(ApiView):
    summary = _("The projects of a filter by two dimensions at once, and how each number is known.")
    reader_class = readers.CrossTableQuery
    shape = "CrossTable"
    tag = _("Answers")

    def answer(self):
        from reports.cross_table import (  # noqa: PLC0415 - pandas, when asked for
            Layout,
            cross_table,
        )

        selection, chosen = self.reader.selection, self.reader.chosen
        rows, columns = chosen["rows"], chosen["columns"]
        table = cross_table(selection, Layout(rows, columns))
        cells = []
        for number in table.numbers:
            known = {k: v for k, v in number.items() if k not in (rows, columns)}
            place = {"row": number[rows] or None, "column": number[columns] or None}
            cells.append({**place, **known})
        divided = {"rows": rows, "columns": columns, "cells": cells}
        return self.json({**asked_for(selection), **divided})
