"""Four hundred made-up sheets, as messy as people send them: true ones agree, others never do."""

import io
from collections import Counter
from collections.abc import Iterator
from functools import cache
from random import Random

import pytest

from projects.annex.annex import Annex, values_of
from projects.annex.matches import Place
from projects.imports.lines import SHEET, keep_lines
from projects.imports.meanings import in_order
from projects.imports.reading import Translator
from projects.models import Batch
from projects.vocabulary import Region

from .annex import AREAS as AREA_NAMES
from .annex import PUBLISHED, VERBS, matrix

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("register")]

# How a sheet may write each area, the first in full; the others in brackets mean it for a person.
AREAS = {
    "governance": ["good governance", "Governance/HR/RoL", "Buena gobernanza"],
    "education": ["EDUCATION ", "skills development and education", "éducation"],
    "dialogue": ["Dialogue & conflict prevention", "Prévention des conflits"],
    "youth": ["empowering Youth", "Empowring youth", "Autonomisation des jeunes"],
    "communications": ["Strategic comms / social media", "战略通信、互联网和社交媒体"],
    "gender": ["Women's empowerment", "gender equality", "гендерное равенство"],
    "communities": ["Engaging Community", "Community engagement", "Communities"],
    "other": ["Other", "Cross-cutting", "N/A", "Autres"],
}
SCOPES = {
    "global": ["GLOBAL", "mondial", "Worldwide", "全球"],
    "regional": ["Régional", "regional ", "Multi-country", "إقليمي"],
    "national": ["Nacional", "country-level", "National", "национальный"],
}
REGIONS = {
    "africa": ["Africa", "Afrique", "Sub-Saharan Africa", "Sahel"],
    "mena": ["MENA", "Middle East & North Africa", "Moyen-Orient et Afrique du Nord"],
    "asia": ["Asie", "Asia-Pacific", "Central Asia", "亚洲"],
    "europe": ["Europa", "Europe", "Western Balkans"],
    "americas": ["Amériques", "Latin America & the Caribbean", "América"],
}
COUNTRIES = {
    "africa": ["Kenya", "The Gambia", "Tchad", "Congo (DRC)", "Côte d'Ivoire"],
    "mena": ["Egipto", "Maroc", "occupied Palestinian territory", "Líbano"],
    "asia": ["Afganistán", "Sri Lanka", "Indonésie"],
    "europe": ["Bosnie-Herzégovine", "Macedonia (FYROM)"],
    "americas": ["Colombia", "Trinité-et-Tobago"],
}
# Which region these are in, each sheet has its own way.
DOUBTFUL = {"Libya": "LBY", "Soudan": "SDN", "Mauritania": "MRT", "Somalia": "SOM"}
STATUSES = ["en cours", "Finalizado", "not started", "on-going", ""]
DATES = ["31/12/2016", "15.01.2016", "12-2016", "Mar-16", "1er mars 2016", "01/03/2016", "Q2 2016"]
HEADINGS = ["No.", "Project title", "Agency", "Pillar", "Coverage", "Region(s)", "Countries"]
HEADINGS += ["Status", "Start"]
AGENCIES = ["UNESCO", "UN Women", "UNODC", "UNDP"]


class Messy:
    """A sheet of these projects, and what a person says who knows what its words mean."""

    def __init__(self, random: Random, projects: list[Place]):
        self.random = random
        self.known = {"N/A": {"priority_area": "other"}, "Multi-country": {"scope": "regional"}}
        for area, texts in AREAS.items():
            self.known |= {text: {"priority_area": area} for text in texts}
        for region, texts in REGIONS.items():
            self.known |= {text: {"regions": [region]} for text in texts}
        self.countries = {region: [*names] for region, names in COUNTRIES.items()}
        for name, code in DOUBTFUL.items():
            region = random.choice(["africa", "mena"])
            self.countries[region].append(name)
            self.known[code] = {"regions": [region]}
        self.sheet = io.BytesIO()
        keep_lines(self.lines(projects), self.sheet)

    def lines(self, projects: list[Place]) -> Iterator[tuple[int, list[str]]]:
        texts = [["Matrix of projects (draft)"], HEADINGS]
        size = self.random.randint(10, 60)
        for number, place in enumerate(projects):
            agency = AGENCIES[number // size % len(AGENCIES)]
            if number % size == 0:
                texts.append(["", f"{agency} projects"])
            texts.append(
                [str(number + 1), f"{self.random.choice(VERBS)} {number}", *self.row(place, agency)]
            )
        texts += [
            ["Total", "", "", "", "82 global"],
            ["", f"Grand total: {len(projects)} projects"],
        ]
        texts.append(["", "Source: inputs of the entities"])
        return iter([(SHEET, ["Annex"]), *enumerate(texts, start=1)])

    def row(self, place: Place, agency: str) -> list[str]:
        choose = self.random.choice
        scope, country = choose(SCOPES[place.scope]), ""
        there = in_order("regions", place.regions)
        regions = self.random.choice(["; ", " and ", " / "]).join(
            choose(REGIONS[one]) for one in there
        )
        if place.scope == "national" and self.random.random() < 0.6:
            country, regions = choose(self.countries[there[0]]), choose(["", regions])
            if choose([True, False]):
                scope, country = f"National ({country})", ""
        elif place.scope == "regional" and self.random.random() < 0.2:
            scope, regions = f"Regional: {regions}", ""
        dates = (choose(STATUSES), choose(DATES))
        agency, area = choose(["", agency]), choose(AREAS[place.priority_area])
        return [agency, area, scope, regions, country, *dates]

    def answered(self, shared: dict) -> Annex:
        """Return the sheet with an answer to all that could be asked."""
        said: dict[str, dict] = {}
        for text, one in self.known.items():
            column = next(iter(one)) if text not in DOUBTFUL.values() else "region_of"
            said.setdefault(column, {})[text] = one
        annex = Annex(Batch(sheet=self.sheet.getvalue(), options={"readings": said}))
        annex.state.is_complete = True
        annex.translator = translator(shared, said, is_kept=True)
        # What its columns are is read once: all sheets have the same.
        annex.layout = shared.get("layout") or annex.layout
        annex.layout.constants["in_matrix"] = "yes"
        shared["layout"] = annex.layout
        return annex

    def read(self, shared: dict) -> tuple[Annex, int]:
        """Answer what is asked; return the sheet and how many questions that were."""
        annex, questions = self.answered(shared), 0
        annex.state.readings = {}
        annex.translator = translator(shared, {}, is_kept=True)
        while asked := annex.to_answer():
            known = [self.known.get(one.text, one.reading) for one in asked]
            right = [one.reading == said for one, said in zip(asked, known, strict=True)]
            questions += right.count(False) + any(one.reading for one in asked)
            for one, said in zip(asked, known, strict=True):
                annex.state.readings.setdefault(one.column, {})[one.text] = said
            annex.translator = translator(shared, annex.state.readings)
        return annex, questions


def translator(shared: dict, readings: dict, is_kept: bool = False) -> Translator:
    """One that has not to look into the directories again, nor, `is_kept`, at the same texts."""
    found = shared["kept"].get(str(readings)) or Translator(readings)
    found.__dict__ |= shared["of"]
    if is_kept:
        shared["kept"][str(readings)] = found
    return found


@cache
def made(seed: int) -> list[Place]:
    names = {"Middle East and North Africa": "mena"} | {str(one.label): one.value for one in Region}
    slugs = dict(zip(AREA_NAMES, AREAS, strict=True))
    return [
        Place(slugs[one["area"]], one["scope"].lower(), frozenset(names[r] for r in one["regions"]))
        for one in matrix(Random(seed), described=0)
    ]


def places(random: Random) -> list[Place]:
    """One of ten made-up matrices, in an order and with areas of its own: all have the totals."""
    found = [*made(random.randrange(10))]
    areas = [one.priority_area for one in found]
    random.shuffle(found)
    random.shuffle(areas)
    return [one._replace(priority_area=area) for one, area in zip(found, areas, strict=True)]


def figures_of(annex: Annex) -> list[int]:
    """The report's figures if the rows are all projects there are, in its order."""
    counts: Counter[str] = Counter()
    for row in annex.rows():
        values = values_of(row, annex.translator, True)
        counts.update(["all", values["priority_area"], values["scope"], *values.get("regions", ())])
    return [counts[name] for name in ("all", *AREAS, *SCOPES, *REGIONS)]


@pytest.fixture
def shared():
    """What every reader of these sheets finds in the directories."""
    first = Translator()
    names = ("countries", "entities", "values", "_phrases", "names_of_countries", "new_entities")
    return {"of": {name: getattr(first, name) for name in names}, "kept": {}}


def test_two_hundred_true_sheets_have_all_figures_after_at_most_twelve_questions(shared):
    for seed in range(200):
        random = Random(seed)
        annex, questions = Messy(random, places(random)).read(shared)
        assert figures_of(annex) == PUBLISHED, seed
        assert questions <= 12, seed
        if seed % 50 == 0:
            assert annex.match().moved() == [], seed


def test_two_hundred_false_sheets_never_have_all_figures(shared):
    for seed in range(200):
        random = Random(seed)
        projects = places(random)
        wrong = random.randrange(223)
        while projects[wrong].scope == "global":
            wrong = random.randrange(223)
        other = random.choice([one for one in AREAS if one != projects[wrong].priority_area])
        region = random.choice([one for one in REGIONS if {one} != projects[wrong].regions])
        projects[wrong] = random.choice(
            [
                projects[wrong]._replace(priority_area=other),
                projects[wrong]._replace(scope="global", regions=frozenset()),
                projects[wrong]._replace(scope="national", regions=frozenset([region])),
            ]
        )
        annex = Messy(random, projects).answered(shared)
        assert figures_of(annex) != PUBLISHED, seed
        if seed % 50 == 0:
            # The page of the entries names what is over.
            moved = annex.match().moved()
            assert moved and all(one.after > one.published for one in moved), seed
