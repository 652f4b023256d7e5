"""Fills a database with generated projects, to measure how the site does with many.

    make load ARGS=100000      until the register of DATABASE_URL has a hundred thousand projects
    make load ARGS='10000 --basis'      until it has a placeholder for each project of a report

They are always the same ones, in words that come often or seldom, with accents and capitals, and
nothing of them is true: described entries outside the matrix. With `--basis` a report counts so
many projects, in the shares of the report that ships. It refuses a register that anybody has
worked in.
"""

import os
import random
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import django
from django.db import connection, transaction

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pvematrix.settings")
    django.setup()

from projects.columns import ROWS_AT_ONCE
from projects.exports import batched
from projects.history import Revision, unrecorded
from projects.models import Country, Entity, Project
from projects.vocabulary import InMatrix, PriorityArea, Review
from reports.basis import make_basis
from reports.models import Report
from reports.models.kinds import Unit

SOURCE = "Generated for measuring; nothing of it is true"
SCOPES = ["global", "regional", "national"]
REGIONS = ["africa"] * 61 + ["mena"] * 55 + ["asia"] * 22 + ["europe"] * 12 + ["americas"] * 3
STATUSES = ["ongoing"] * 5 + ["completed"] * 4 + ["planned"]
# Provenance, and the bases of area, scope and regions: they go together.
KNOWN = (
    *[("confirmed", "stated", "stated", "stated")] * 6,
    ("confirmed", "inferred", "stated", "inferred"),
    ("named", "inferred", "inferred", "inferred"),
    ("named", "stated", "inferred", "stated"),
)
OFTEN = """youth community prevention violent extremism support training national regional local
project programme capacity building women education"""
NOW_AND_THEN = """dialogue governance radicalization resilience strategic communications religious
leaders media literacy curriculum school teachers employment skills human rights rule law prisons
research toolkit workshop counter-narrative platform network survey legislation mediation sport
arts radio television internet social Sécurité État São Zürich NET-MED Düşünce O’Brien"""
WORDS = OFTEN.split() * 12 + NOW_AND_THEN.split() * 3
SYLLABLES = "ba de fi go lu ma ne po ri sa te vu wa xe yo za kel mor tan dis"
METHODS = ["Workshop series", "Technical assistance", "Policy advice", "Grants", "Peer network"]


class Refused(Exception):
    """The database is none that generated projects may be put into."""


def generated(number: int) -> Project:
    """Return the project of a number, unsaved and always the same."""
    # Of its number alone, however many there are already.
    chance = random.Random(number)
    choice = chance.choice
    scope, known, status = choice(SCOPES), choice(KNOWN), choice(STATUSES)
    start = date(2014, 1, 1) + timedelta(days=chance.randrange(1100))
    end = start + timedelta(days=chance.randrange(200, 1200))
    seldom = "".join(chance.choices(SYLLABLES.split(), k=3)).capitalize()
    project = Project(
        reference=f"PVE-{number:07}",
        title=f"{' '.join(chance.choices(WORDS, k=7)).capitalize()} {seldom}",
        summary=f"{' '.join(chance.choices(WORDS, k=26)).capitalize()}.",
        methodology=choice(METHODS),
        source=SOURCE,
        priority_area=choice(PriorityArea.values),
        priority_area_basis=known[1],
        scope=scope,
        scope_basis=known[2],
        status=status,
        start_date=start.isoformat(),
        end_date="" if status == "planned" else end.isoformat(),
        provenance=known[0],
        in_matrix=InMatrix.NO,
        review=Review.REVIEWED,
        updated_at=datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=number),
    )
    if scope != "global":
        project.regions = set(chance.choices(REGIONS, k=2 if scope == "regional" else 1))
        project.regions_basis = known[3]
    return project


def refuse_other() -> None:
    """Raise Refused unless the register is what ships, empty, or generated."""
    others = Project.every.filter(edition=None).exclude(source=SOURCE)
    if Revision.objects.of_model(Project).exists():
        raise Refused("Its projects have revisions: somebody works in this register.")
    if others.exclude(source__startswith="A/72/621").exists():
        raise Refused("It has projects that neither ship nor were generated.")


def fill(total: int) -> int:
    """Add generated projects until the live register has that many; return how many were added."""
    refuse_other()
    # Numbers go on after those that are there: the first register has 223.
    numbers = range(Project.live.count() + 1, total + 1)
    entities = list(Entity.objects.order_by("acronym"))
    countries = list(Country.objects.order_by("code"))
    with transaction.atomic(), unrecorded("nothing of them is true"):
        for some in batched(numbers):
            made = Project.every.bulk_create(map(generated, some))
            _link(made, "entity", entities, Project.entities.through)
            _link(made, "country", countries, Project.countries.through)
    return len(numbers)


def count_in_report(total: int) -> int:
    """Make a report of `total` projects the basis; return the number of its placeholders."""
    refuse_other()
    shipped = Report.published.basis()
    with transaction.atomic():
        report = Report(
            symbol="GENERATED", slug="generated", title=SOURCE, date="2017-12", population=SOURCE
        )
        report.link, report.review = "https://x.org/", Review.REVIEWED
        report.save()
        for dimension, unit in {
            "": Unit.PROJECTS,
            "priority_area": Unit.PROJECTS,
            "scope": Unit.PROJECTS,
            "region": Unit.MENTIONS,
        }.items():
            figures = [one for one in shipped.figures.all() if one.classified[0] == dimension]
            values = {one.query: one.value * total // 223 for one in figures}
            if unit == Unit.PROJECTS:
                values[figures[-1].query] += total - sum(values.values())
            for query, value in values.items():
                report.figures.create(query=query, unit=unit, value=value, paragraph="1")
        make_basis(report.slug)
    return Project.published.filter(report=report.slug).count()


def _link(projects: list[Project], name: str, others: list, links) -> None:
    def pairs() -> Iterator:
        for project in projects:
            chance = random.Random(f"{name} {project.reference}")
            for other in chance.sample(others, k=chance.choice((0, 1, 1, 2))):
                yield links(project=project, **{name: other})

    links.objects.bulk_create(pairs(), batch_size=ROWS_AT_ONCE)


def main(arguments: list[str]) -> int:
    """Fill the database of DATABASE_URL; 1 if it is refused, 2 if nobody says how many."""
    is_basis = arguments[1:] == ["--basis"]
    if not (arguments and arguments[0].isdecimal() and (is_basis or len(arguments) == 1)):
        print("How many projects? make load ARGS=100000", file=sys.stderr)
        return 2
    # The register of `make run` is never filled by accident.
    if not os.environ.get("DATABASE_URL"):
        print("Set DATABASE_URL to a database that is only for measuring.", file=sys.stderr)
        return 2
    try:
        added = (count_in_report if is_basis else fill)(int(arguments[0]))
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    with connection.cursor() as cursor:
        # As the database does after a while.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    print(f"{added} projects added.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
