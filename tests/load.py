"""Fills a database with generated projects, to measure how the site does with many.

    make load ARGS=1000000      until the register of DATABASE_URL has a million projects

They are always the same ones, in words that come often, seldom or once, with accents and capitals,
and nothing of them is true. It refuses a register that anybody has worked in.
"""

import io
import os
import random
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import islice

import django
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pvematrix.settings")
    django.setup()

from projects.exclusive import exclusively
from projects.history import Revision, move_data_version
from projects.models import Country, Entity, Project
from projects.text import fold
from projects.vocabulary import REGION_COLUMNS

SOURCE = "Generated for measuring; nothing of it is true"
# The shares of the report, roughly; a list with something twice has it twice as often.
AREAS = (
    *(["governance"] * 40 + ["education"] * 31 + ["dialogue"] * 29 + ["youth"] * 27),
    *(["communications"] * 23 + ["gender"] * 22 + ["communities"] * 18 + ["other"] * 33),
)
SCOPES = ["global"] * 82 + ["regional"] * 66 + ["national"] * 75
REGIONS = ["africa"] * 61 + ["mena"] * 55 + ["asia"] * 22 + ["europe"] * 12 + ["americas"] * 3
COUNTRIES = {
    "africa": "KEN SOM NGA MLI NER TCD CMR UGA ETH CIV",
    "mena": "IRQ JOR LBN LBY MAR TUN YEM EGY DZA SDN",
    "asia": "IDN BGD PHL PAK AFG KGZ TJK MDV",
    "europe": "BIH ALB SRB UKR MKD",
    "americas": "TTO COL CAN",
}
STATUSES = ["ongoing"] * 5 + ["completed"] * 4 + ["planned"]
# Provenance, and the bases of area, scope and regions: they go together.
KNOWN = (
    *[("confirmed", "stated", "stated", "stated")] * 6,
    ("confirmed", "inferred", "stated", "inferred"),
    ("named", "inferred", "inferred", "inferred"),
    ("named", "stated", "inferred", "stated"),
    ("counted", "stated", "allocated", "allocated"),
)
OFTEN = """youth community prevention violent extremism support training national regional local
project programme capacity building women education"""
NOW_AND_THEN = """dialogue governance radicalization resilience strategic communications religious
leaders media literacy curriculum school teachers employment skills human rights rule law prisons
rehabilitation reintegration gender equality mothers civil society policing border municipal mayors
research toolkit workshop roundtable online counter-narrative platform network mapping survey
assessment action plan legislation judiciary mediation interfaith vocational entrepreneurship sport
arts radio television internet social Sécurité État São Zürich NET-MED Düşünce O’Brien"""
METHODS = ["Workshop series", "Technical assistance", "Policy advice", "Grants", "Peer network"]
_SYLLABLES = "ba de fi go lu ma ne po ri sa te vu wa xe yo za kel mor tan dis"
_DAYS = [(date(2014, 1, 1) + timedelta(days=n)).isoformat() for n in range(2400)]
# Of so many numbers at once: each such block is drawn from a seed of its own.
_BLOCK = 1000
_PHRASES = 4000
COLUMNS = (
    *("id", "edition_id", "reference", "title", "summary", "methodology", "link", "source"),
    *("priority_area", "priority_area_basis", "scope", "scope_basis", *REGION_COLUMNS.values()),
    *("regions_basis", "status", "start_date", "end_date", "provenance", "review", "updated_at"),
    *("search_text", "title_sort"),
)
LINKED = {"entities": "entity_id", "countries": "country_id"}


class Refused(Exception):
    """The database is none that generated projects may be put into."""


def _phrases(chance: random.Random, least: int, most: int) -> list[str]:
    """Return beginnings of texts, each of words that come often or now and then."""
    words = OFTEN.split() * 12 + NOW_AND_THEN.split() * 3
    found = []
    for _n in range(_PHRASES):
        phrase = " ".join(chance.choices(words, k=chance.randint(least, most)))
        found.append(phrase[0].upper() + phrase[1:])
    return found


class Generator:
    """Rows of projects by their numbers, in the order of COLUMNS, each with its links."""

    def __init__(self, entities: list[int], countries: dict[str, int], is_postgresql: bool):
        chance = random.Random(7)
        self.entities = entities
        # As each database writes truth values, and times in UTC.
        self.flags, self.zone = (("f", "t"), "+00") if is_postgresql else ((0, 1), "")
        self.countries = {
            region: [countries[code] for code in codes.split()]
            for region, codes in COUNTRIES.items()
        }
        # Folded once: a text's parts fold by themselves.
        self.titles = [(text, fold(text)) for text in _phrases(chance, 5, 10)]
        self.sentences = [(f"{text}.", fold(f"{text}.")) for text in _phrases(chance, 10, 16)]
        self.methods = [(text, fold(text)) for text in METHODS]
        self.seldom = sorted({_word(chance, chance.randint(2, 4)) for _n in range(3000)})

    def rows(self, numbers: range, first_key: int) -> Iterator[tuple[tuple, list[int], list[int]]]:
        """Yield (values, keys of entities, keys of countries); keys count from the first."""
        for key, number in enumerate(numbers, start=first_key):
            if number == numbers.start or number % _BLOCK == 0:
                chance = random.Random(number // _BLOCK)
                # Whatever number of the block is the first, the others are what they would be.
                for _before in range(number % _BLOCK):
                    self._row(chance, 0, 0)
            yield self._row(chance, key, number)

    def _row(self, chance: random.Random, key: int, number: int):
        choice, draw = chance.choice, chance.random
        scope, known = choice(SCOPES), choice(KNOWN)
        regions: dict[str, None] = {}
        if scope != "global":
            regions[choice(REGIONS)] = None
            if scope == "regional" and draw() < 0.3:
                regions[choice(REGIONS)] = None
        countries = [choice(self.countries[one]) for one in regions if draw() < 0.8]
        entities = {choice(self.entities) for _n in range(choice((0, 1, 1, 1, 2, 3)))}
        title, folded_title = choice(self.titles)
        # Six of ten have a word that comes seldom, one of ten a word that is in no other.
        seldom = choice(self.seldom) if draw() < 0.6 else "peace"
        if draw() < 0.1:
            seldom = _word(chance, 6)
        title, folded_title = f"{title} {seldom.capitalize()}", f"{folded_title} {seldom}"
        one, folded_one = choice(self.sentences)
        other, folded_other = choice(self.sentences)
        method, folded_method = choice(self.methods)
        status, start = choice(STATUSES), int(draw() * 1100)
        reference = f"PVE-{number:07}"
        at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=int(draw() * 60_000_000))
        values = (
            *(key, None, reference, title, f"{one} {other}", method, "", SOURCE),
            *(choice(AREAS), known[1], scope, known[2]),
            *(self.flags[region in regions] for region in REGION_COLUMNS),
            *(known[3] if regions else "", status, _DAYS[start]),
            *("" if status == "planned" else _DAYS[start + 200 + int(draw() * 1000)], known[0]),
            *("reviewed", f"{at:%Y-%m-%d %H:%M:%S}{self.zone}"),
            f"pve-{number:07} {folded_title} {folded_one} {folded_other} {folded_method}",
            folded_title,
        )
        return values, sorted(entities), sorted(set(countries))


def _word(chance: random.Random, syllables: int) -> str:
    return "".join(chance.choices(_SYLLABLES.split(), k=syllables))


def refuse_other() -> None:
    """Raise Refused unless the register is what ships, empty, or generated."""
    others = Project.every.filter(edition=None).exclude(source=SOURCE)
    if Revision.objects.of_model(Project).exists():
        raise Refused("Its projects have revisions: somebody works in this register.")
    if others.exclude(source__startswith="A/72/621").exists():
        raise Refused("It has projects that neither ship nor were generated.")


def fill(total: int) -> int:
    """Add generated projects until the live register has so many; return how many were added."""
    refuse_other()
    have = Project.live.count()
    links = {name: getattr(Project, name).through for name in LINKED}
    last = Project.every.order_by("-pk").values_list("pk", flat=True).first() or 0
    made = generator()
    # Numbers go on behind those that are there: the first register has 223.
    numbers = range(have + 1, total + 1)
    pairs: dict[str, list[tuple[int, int]]] = {name: [] for name in LINKED}

    def rows() -> Iterator[tuple]:
        for values, entities, countries in made.rows(numbers, last + 1):
            pairs["entities"] += [(values[0], entity) for entity in entities]
            pairs["countries"] += [(values[0], country) for country in countries]
            yield values

    with exclusively(), transaction.atomic(), _bare([Project, *links.values()]):
        _put(Project, COLUMNS, rows())
        for name, column in LINKED.items():
            _put(links[name], ("project_id", column), pairs[name])
        with connection.cursor() as cursor:
            for reset in connection.ops.sequence_reset_sql(no_style(), [Project]):
                cursor.execute(reset)
        move_data_version()
    settle([model._meta.db_table for model in (Project, *links.values())])
    return len(numbers)


def generator() -> Generator:
    """Return what generates projects with the entities and countries of the database."""
    return Generator(
        list(Entity.objects.order_by("acronym").values_list("pk", flat=True)),
        dict(Country.objects.values_list("code", "pk")),
        connection.vendor == "postgresql",
    )


def settle(tables: list[str]) -> None:
    """Let the database look at what is in its tables now, as it does by itself after a while."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET statement_timeout = 0")
            cursor.execute(f"VACUUM ANALYZE {', '.join(tables)}")
        else:
            cursor.execute("ANALYZE")


def _put(model, columns: Iterable[str], rows: Iterable[tuple]) -> None:
    table = model._meta.db_table
    if connection.vendor == "postgresql":
        with connection.wrap_database_errors, connection.cursor() as cursor:
            cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", _Lines(rows))
        return
    places = ", ".join("?" * len(tuple(columns)))
    # SQLite's own cursor: Django's would read each statement anew.
    sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"
    connection.ensure_connection()
    connection.connection.cursor().executemany(sql, rows)


class _Lines(io.TextIOBase):
    """Rows as PostgreSQL's COPY reads them; no value has a tab, a break or a backslash."""

    def __init__(self, rows: Iterable[tuple]):
        self.rows = iter(rows)

    def read(self, size=-1) -> str:
        # Whatever size is asked for: lines do not have to end with it.
        some = islice(self.rows, 200)
        return "".join(
            "\t".join(["\\N" if one is None else str(one) for one in row]) + "\n" for row in some
        )


@contextmanager
def _bare(models) -> Iterator[None]:
    """Take indexes and foreign keys off tables inside, and make them anew after it.

    Only on PostgreSQL, where keeping them up row by row takes several times as long. What is unique
    stays.
    """
    if connection.vendor != "postgresql":
        yield
        return
    tables = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
            " FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)",
            [tables],
        )
        keys = cursor.fetchall()
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE NOT indisunique AND indrelid::regclass::text = ANY(%s)",
            [tables],
        )
        indexes = cursor.fetchall()
        for table, name, _definition in keys:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        for _name, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in keys:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def main(arguments: list[str]) -> int:
    """Fill the database of DATABASE_URL; 1 if it is refused, 2 if nobody says how many."""
    if not (len(arguments) == 1 and arguments[0].isdecimal()):
        print("How many projects? make load ARGS=100000", file=sys.stderr)
        return 2
    # One's own register of `make run` is never filled by accident.
    if not os.environ.get("DATABASE_URL"):
        print("Set DATABASE_URL to a database that is only for measuring.", file=sys.stderr)
        return 2
    started = time.monotonic()
    try:
        added = fill(int(arguments[0]))
    except Refused as refused:
        print(f"{settings.DATABASES['default']['NAME']}: {refused}", file=sys.stderr)
        return 1
    took = time.monotonic() - started
    print(f"{added} projects added in {took:.0f} s, {added / max(took, 0.001):.0f} a second.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
