"""Tables that the totals allow, at random."""

from collections import Counter
from itertools import product
from types import SimpleNamespace

from projects.asking import Asked
from projects.asking.answers import Answers
from projects.cube import Cube
from projects.ranges import Totals

from .random_table import with_table_at_random
from .ranges_oracle import PUBLISHED
from .small import combination

AREAS, SCOPES, REGIONS = (PUBLISHED[name] for name in ("priority_area", "scope", "region"))
# Of a cell's range, which is from 0 to the number of its area: each scope has more.
LEAST_WIDTH = 0.8


def answers(*confirmed):
    cube = Cube(confirmed)
    printed = SimpleNamespace(totals=Totals(223, AREAS, SCOPES, REGIONS))
    return Answers(Asked(), cube, printed)


def table_of(number, *confirmed):
    return with_table_at_random(answers(*confirmed), number).table


def test_five_hundred_tables_have_the_totals_and_reach_over_the_ranges():
    found = {place: set() for place in product(AREAS, SCOPES)}
    for number in range(1, 501):
        table = table_of(number)
        cells = Counter()
        for one in table.combinations:
            cells[one.priority_area, one.scope] += one.projects
        for place, numbers in found.items():
            numbers.add(cells[place])
        assert table.counts("priority_area") == AREAS
        assert table.counts("scope") == SCOPES
        assert table.counts("region") == REGIONS
        assert not table.where({"scope": ["global"], "region": [*REGIONS]}).total
    for (area, scope), numbers in found.items():
        assert max(numbers) - min(numbers) >= LEAST_WIDTH * AREAS[area], (area, scope)


def test_confirmed_projects_stay_in_every_table_and_too_many_leave_none():
    known = combination(5, ["americas"], scope="national", provenance="confirmed", in_matrix="yes")
    too_many = answers(known)
    assert with_table_at_random(too_many, 1) is too_many
    known = known._replace(projects=3)
    for number in range(1, 30):
        table = table_of(number, known)
        assert table.counts("region") == REGIONS
        wanted = {"priority_area": ["youth"], "scope": ["national"], "region": ["americas"]}
        assert table.where(wanted).total == 3
