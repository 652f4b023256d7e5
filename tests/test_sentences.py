"""The site's sentences in six languages, as a reviser reads them: tests/data/sentences/.

With WRITE=1 the files are written, to be read and committed; without, they are compared.
"""

import os

import pytest
from django.utils import translation

from projects.asking import activities, phrases
from projects.languages import prefix_of
from projects.vocabulary import PriorityArea, Region, Scope
from reports.models.kinds import UNITS

from .conftest import ROOT

FOLDER = ROOT / "tests/data/sentences"
LANGUAGES = ["en", "fr", "es", "ru", "zh-hans", "ar"]
NUMBERS = (0, 1, 2, 3, 11, 21, 101)
# The questions of the review that still exist, then one or more of each other kind.
QUERIES = """\
priority_area=youth
priority_area=youth&scope=national
priority_area=youth&region=africa
scope=regional&region=africa
scope=global&region=africa
priority_area=youth&priority_area=education
scope=regional&scope=national
region=africa&region=asia&region=europe
entity=UNESCO
entity=UNESCO&entity=UNODC
entity=UNESCO&scope=global
entity=UNESCO&priority_area=youth&region=africa
country=KEN
country=KEN&country=IRQ
status=ongoing
status=planned&priority_area=other
status=ongoing&status=planned
year=2016
year=2016&entity=UNESCO
ends=2022
starts=2013&ends=2022
scope_basis=stated&region=africa
scope_basis=stated&scope_basis=inferred
entity=not-stated
country=not-stated
status=not-stated
region=not-stated
provenance=counted
provenance=named&provenance=counted
provenance=counted&region=africa
in_matrix=not-stated
in_matrix=yes
q=journalists
q=youth&priority_area=youth
q=zzzz
priority_area=other
priority_area=youth&scope=national&region=africa
status=completed
entity=UNDP&status=completed
scope=national
region=africa
region=americas
priority_area=governance
priority_area=gender&priority_area=youth&priority_area=other
priority_area=gender&scope=global&scope=regional
priority_area=education&region=asia&region=europe
scope=national&region=asia
scope=regional&scope=national&region=asia
priority_area=communities&region=africa&described=yes
entity=UNDP
country=not-stated&entity=UNESCO
year=2016&year=2017
year=1999
status=completed&entity=UNESCO
scope=not-stated
priority_area=not-stated
provenance=named
provenance=confirmed
in_matrix=no
q=media&q=youth
priority_area=youth&in_matrix=not-stated
edition=reconstruction-2017-12&priority_area=youth
""".strip().splitlines()
COUNTED = {
    **{f"projects, {', '.join(kind)}": text for kind, text in phrases.PROJECTS_COUNTED.items()},
    **{f"described, {facet}": text for facet, text in activities.ACTIVITIES.items()},
    **{f"next to, {kind}": text for kind, text in activities.NEXT_TO_PROJECTS.items()},
    **{f"next to all, {kind}": text for kind, text in activities.NEXT_TO_ALL.items()},
    **{f"kinds, {kind}, {first}": text for (kind, first), text in activities.OF_KIND.items()},
    **{f"no {facet}": text for facet, text in phrases.STATING_NOTHING.items()},
    **{f"in the matrix: {value}": text for value, text in phrases.IN_MATRIX.items()},
    **{f"entries, {', '.join(kind)}": text for kind, text in phrases.ENTRIES.items()},
    "entries": phrases.EVERY,
    **{f"may match, {facet}": text for facet, text in phrases.MAY_MATCH.items()},
    **{f"unit: {unit}": text for unit, text in UNITS.items()},
}


def sentences_of(client, language: str) -> str:
    """The answers to all questions, two sentences of other pages, and the counted texts."""
    prefix = prefix_of(language) and f"/{prefix_of(language)}"
    lines = []
    for query in QUERIES:
        data = client.get(f"{prefix}/reports/scope.json?{query}").json()
        lines += [f"## {query}", data["sentence"], ""]
    for slug in ("priority-area", "region"):
        lines += [f"## {slug}", client.get(f"{prefix}/reports/{slug}.json").json()["sentence"], ""]
    with translation.override(language):
        known = {
            "area": phrases.ON_AREA[PriorityArea.YOUTH],
            "region": phrases.IN_REGION[Region.AFRICA],
            "scope": phrases.OF_SCOPES[Scope.NATIONAL,],
            "values": "…",
            "facet": "…",
        }
        for name, text in COUNTED.items():
            lines.append(f"## {name}")
            of_number = name.startswith(("entries", "kinds"))
            for number in NUMBERS:
                values = {**known, "number": number, "count": number, "counter": number}
                values["hundred_millions"] = f"{number / 100:g}"
                lines.append(text % (number if of_number else values))
            lines.append("")
    return "\n".join(lines)


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentences_are_those_that_were_read(register, client, language):
    said, path = sentences_of(client, language), FOLDER / f"{language}.txt"
    if os.environ.get("WRITE"):
        path.write_text(said, encoding="utf-8")
    # On several lines, so that a failure shows which sentences changed.
    assert said.splitlines() == path.read_text(encoding="utf-8").splitlines()
    assert len(QUERIES) == 62
