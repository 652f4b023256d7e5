"""Published numbers and ranges as SDMX-CSV 2.0, and their structures as SDMX-JSON 2.0.

A range has no value, so that no program takes one of its ends for a fact. Codes are the slugs of
all other files. `sdmx.json` declares the columns: the data structures, without
the code lists that the register has. https://sdmx.org/standards-2/
"""

import json
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.asking import FACET_LABELS, Asked, Selection
from projects.asking.answer import Why
from projects.asking.links import parameters_of
from projects.asking.published import shown
from projects.asking.reference import version_of
from projects.cube import VOCABULARIES
from projects.exports import snapshot, write_lines
from projects.listing import file_name_of
from projects.pages import RefusedAsText
from projects.ranges import PUBLISHED_DIMENSIONS
from projects.vocabulary import Comparator

from .breakdowns import BREAKDOWNS
from .files import as_download, flat
from .models import Report, Unit
from .queries import EditionQuery
from .series import series

WHOLE = "_T"  # SDMX's code of a total
# The dimensions of a file by its slug: all projects, and each value or combination.
TABLES: dict[str, tuple[str, ...]] = {slug: (one,) for slug, (one, _title) in BREAKDOWNS.items()}
TABLES |= {
    "priority-area-by-scope": ("priority_area", "scope"),
    "priority-area-by-region": ("priority_area", "region"),
    "scope-by-region": ("scope", "region"),
}
Observation = dict[str, Any]


def _observations(dimensions: tuple[str, ...], asked: Asked) -> Iterator[Observation]:
    answers = Selection(asked).answers
    for place in product(*((WHOLE, *VOCABULARIES[one].values) for one in dimensions)):
        chosen = dict(zip(dimensions, place, strict=True))
        answer = answers.of(*({one: [value]} for one, value in chosen.items() if value != WHOLE))
        values = dict.fromkeys(PUBLISHED_DIMENSIONS, WHOLE) | chosen | flat(answer.as_data())
        yield {
            **{name.upper(): one for name, one in values.items()},
            "REPORT": answer.report.about.slug,
            "TIME_PERIOD": answer.report.date,
            "COMPARATOR": Comparator(answer.comparator).name if answer.comparator else "",
            # A rule excludes what has the status M.
            "OBS_VALUE": 0 if answer.status == "M" else answer.number,
        }


def _series() -> Iterator[Observation]:
    for printed in (figure for step in series() for figure in step):
        status, another = [*printed.flags, "A", ""][:2]
        yield {
            "REPORT": printed.report.slug,
            "FIGURE": printed.position,
            "TIME_PERIOD": printed.date or printed.report.date,
            "OBS_VALUE": printed.value,
            "OBS_STATUS": status,
            "OBS_STATUS_2": another,
            "UNIT_MEASURE": printed.unit,
            "COMPARATOR": Comparator(printed.comparator).name,
            "POPULATION": printed.counted,
            "PARAGRAPHS": printed.paragraph,
        }


def _declared() -> dict[str, Any]:
    return json.loads(Path(__file__).with_name("sdmx.json").read_text(encoding="utf-8"))


def _columns(flow: str) -> list[str]:
    """Return the names of a flow's columns, in the order of the standard."""
    data = _declared()["data"]
    urn = next(one["structure"] for one in data["dataflows"] if one["id"] == flow)
    parts = next(
        one["dataStructureComponents"] for one in data["dataStructures"] if f":{one['id']}(" in urn
    )
    dimensions = parts["dimensionList"]
    every = [*dimensions["dimensions"], dimensions["timeDimension"]]
    every += parts["measureList"]["measures"] + parts["attributeList"]["attributes"]
    return [one["id"] for one in every]


class _Observations(RefusedAsText):
    def written(self, flow: str, observed: Iterable[Observation], name: str) -> HttpResponseBase:
        columns = _columns(flow)
        lines = [["STRUCTURE", "STRUCTURE_ID", "ACTION", *columns]]
        start = ["dataflow", f"PVEMATRIX:{flow}(1.0.0)", "I"]
        lines += [[*start, *(one[column] for column in columns)] for one in observed]
        structures = reverse("sdmx-structures", args=["structures", "json"])
        response = HttpResponse(
            b"".join(write_lines(lines)).removeprefix(BOM_UTF8),  # SDMX-CSV has no such mark
            content_type="application/vnd.sdmx.data+csv; version=2.0.0; charset=utf-8",
            headers={"Link": f'<{structures}>; rel="describedby"'},
        )
        return as_download(response, name, "sdmx.csv")


class SdmxData(_Observations):
    """A breakdown or a two-way table, whole, with the totals that it divides."""

    reader_class = EditionQuery

    @snapshot()
    def answer(self, slug: str, extension: str) -> HttpResponseBase:
        if not shown().whole:
            raise Http404(_("There is no report that the register is kept equal to."))
        asked = Asked.of(self.reader.edition_asked)
        name = file_name_of(f"{slug}-{version_of(asked)}", parameters_of(asked))
        return self.written("PROJECTS", _observations(TABLES[slug], asked), name)


class SdmxSeries(_Observations):
    """What each report counts as a whole."""

    def answer(self, extension: str) -> HttpResponseBase:
        return self.written("SERIES", _series(), f"series-{version_of(Asked())}")


def _code_lists() -> Iterator[dict[str, Any]]:
    reports = Report.published.order_by("date", "symbol").values_list("slug", "symbol")
    lists: dict[str, tuple[object, list]] = {
        "CL_REPORT": ("Report", [*reports]),
        "CL_UNIT": ("Unit", Unit.choices),
        "CL_WHY": ("Why a number is exact", Why.choices),
        "CL_COMPARATOR": ("Comparator", [(one.name, one.label) for one in Comparator]),
    }
    for dimension in PUBLISHED_DIMENSIONS:
        codes = [(WHOLE, "All projects"), *VOCABULARIES[dimension].choices]
        lists[f"CL_{dimension.upper()}"] = (FACET_LABELS[dimension], codes)
    for name, (label, codes) in lists.items():
        named = {"agencyID": "PVEMATRIX", "id": name, "version": "1.0.0", "name": str(label)}
        yield named | {"codes": [{"id": code, "name": str(text)} for code, text in codes]}


class SdmxStructures(RefusedAsText):
    """All structures, or those of that name: a code list, the concepts, a structure of data."""

    def answer(self, name: str, extension: str) -> HttpResponseBase:
        message = _declared()
        message["meta"]["prepared"] = f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}"
        message["data"]["codelists"] += _code_lists()
        if name != "structures":
            every = message["data"].items()
            wanted = {kind: [one for one in many if one["id"] == name] for kind, many in every}
            message["data"] = {kind: many for kind, many in wanted.items() if many}
        if not message["data"]:
            raise Http404(_("There is no structure “%s”.") % name)
        kind = "application/vnd.sdmx.structure+json; version=2.0.0"
        return JsonResponse(message, json_dumps_params={"ensure_ascii": False}, content_type=kind)
