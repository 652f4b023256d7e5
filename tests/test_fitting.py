"""Tables that the totals allow, at random."""

from collections import Counter
from html import unescape
from itertools import product
from random import Random
from types import SimpleNamespace

import pytest

from projects.asking import Asked
from projects.asking.answers import Answers
from projects.cube import Cube
from projects.ranges import Range, Totals
from reports.fitting import Transport, any_fits, ranges_with, with_table_at_random

from .pages import text_of
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
    assert not any_fits(answers(known))
    assert any_fits(answers())
    known = known._replace(projects=3)
    for number in range(1, 30):
        table = table_of(number, known)
        assert table.counts("region") == REGIONS
        wanted = {"priority_area": ["youth"], "scope": ["national"], "region": ["americas"]}
        assert table.where(wanted).total == 3


# Ranges


def programme(cases):
    """The least and the most of a cell of each table, by one integer programme of all of them.

    A case has the totals, the cells that are known, the one that is asked for, and what others have
    at least.
    """
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp  # a second to load
    from scipy.sparse import block_diag

    matrices, numbers, chosen, least = [], [], [], []
    for rows, columns, known, wanted, sure in cases:
        cells = [*product(rows, columns)]
        least += [sure.get(cell, 0) for cell in cells]
        equations = [
            *([row == cell[0] for cell in cells] for row in rows),
            *([column == cell[1] for cell in cells] for column in columns),
            *([place == cell for cell in cells] for place in known),
        ]
        matrices.append(np.array(equations, dtype=float))
        numbers += [*rows.values(), *columns.values(), *known.values()]
        chosen.append(np.array([cell == wanted for cell in cells], dtype=float))
    together, found = block_diag(matrices), []
    for sign in (1, -1):
        solved = milp(
            sign * np.concatenate(chosen),
            constraints=LinearConstraint(together, numbers, numbers),
            integrality=np.ones(together.shape[1]),
            bounds=Bounds(least, np.inf),
        )
        assert solved.status == 0, solved.message
        parts = np.split(solved.x, np.cumsum([len(one) for one in chosen])[:-1])
        found.append([round(x @ one) for x, one in zip(parts, chosen, strict=True)])
    return [Range(*one) for one in zip(*found, strict=True)]


def test_no_range_differs_from_the_integer_programme_in_500_random_cases():
    random = Random(1)
    cases, found = [], []
    for _case in range(500):
        table = {place: random.randint(0, 9) for place in product("abcd", "xyz")}
        rows = {one: sum(n for (row, _), n in table.items() if row == one) for one in "abcd"}
        columns = {
            one: sum(n for (_, column), n in table.items() if column == one) for one in "xyz"
        }
        *fixed, wanted = random.sample([*table], random.randint(2, 7))
        transport = Transport(rows, columns)
        for place in fixed:
            transport.fix(place, table[place])
        found.append(transport.range_of(wanted))
        cases.append((rows, columns, {place: table[place] for place in fixed}, wanted, {}))
    assert found == programme(cases)
    assert sum(not one.is_single for one in found) > 300


@pytest.mark.long
def test_a_supposed_number_leaves_what_the_integer_programme_leaves_in_500_random_cases():
    random, few = Random(2), ["youth", "gender", "other"]
    cases, found, moved = [], [], 0
    for _case in range(500):
        table = {place: random.randint(0, 9) for place in product(few, SCOPES)}
        areas = {one: sum(table[one, scope] for scope in SCOPES) for one in few}
        scopes = {one: sum(table[area, one] for area in few) for one in SCOPES}
        totals = Totals(sum(areas.values()), areas, scopes, {"asia": 0})
        known = random.sample([*table.items()], 3)
        confirmed = Cube(
            combination(n, priority_area=area, scope=scope, provenance="confirmed", in_matrix="yes")
            for (area, scope), n in known
        )
        source = Answers(Asked(), confirmed, SimpleNamespace(totals=totals))
        usual = ranges_with(source, {})
        fixed, wanted = random.sample([*usual], 2)
        number = random.randint(usual[fixed].low, usual[fixed].high)
        ranges = ranges_with(source, {fixed: number})
        assert ranges[fixed] == Range(number, number)
        found.append(ranges[wanted])
        moved += ranges[wanted] != usual[wanted]
        cases.append((areas, scopes, {fixed: number}, wanted, dict(known)))
    assert found == programme(cases)
    assert moved > 150


# Pages


@pytest.mark.usefixtures("register")
def test_a_table_at_random_says_what_it_is(client):
    address = "/reports/cross-table/?view=filled-in"
    assert "Another table that fits" in text_of(client, address)
    response = client.get(f"{address}&table=7")
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "X-Robots-Tag" not in client.get(address).headers
    text = text_of(client, f"{address}&table=7")
    said = "Made at random: no table is more likely than another."
    assert said in text
    assert "Table 7" in text
    html = response.content.decode()
    assert "view=filled-in&amp;table=8" in html
    # The range is the number, the table's is below it, and no list has its projects.
    assert 'href="/projects/?priority_area=youth&amp;scope=global' not in html
    assert "<bdi>0–27</bdi>\n<small><bdi>" in html
    data = client.get("/reports/cross-table.json?view=filled-in&table=7").json()["table"]
    assert [row[1:] for row in data[1:]] == [
        ["14 (at random)", "25 (at random)", "1 (at random)", "40 (¶ 24)"],
        ["1 (at random)", "3 (at random)", "27 (at random)", "31 (¶ 24)"],
        ["22 (at random)", "3 (at random)", "4 (at random)", "29 (¶ 24)"],
        ["5 (at random)", "20 (at random)", "2 (at random)", "27 (¶ 24)"],
        ["18 (at random)", "4 (at random)", "1 (at random)", "23 (¶ 24)"],
        ["12 (at random)", "3 (at random)", "7 (at random)", "22 (¶ 24)"],
        ["0 (at random)", "0 (at random)", "18 (at random)", "18 (¶ 24)"],
        ["10 (at random)", "8 (at random)", "15 (at random)", "33 (¶ 24)"],
        ["82 (¶ 25)", "66 (¶ 25)", "75 (¶ 25)", "223 (¶ 22, 24)"],
    ]


@pytest.mark.usefixtures("register")
def test_every_table_of_a_number_is_of_the_same_projects(client):
    def filled_in(rows, columns):
        ask = "view=filled-in&filled_in=yes&table=12"
        address = f"/reports/cross-table.json?{ask}&rows={rows}&columns={columns}"
        numbers = client.get(address).json()["numbers"]
        return {(one[rows], one[columns]): one["filled_in"] for one in numbers}

    of_areas = filled_in("priority_area", "region")
    of_scopes = filled_in("scope", "region")
    # In any region, and in each.
    for region in ("", *REGIONS):
        assert (
            of_areas["", region]
            == of_scopes["", region]
            == sum(of_areas[area, region] for area in AREAS)
        )
    assert {one: of_scopes["", one] for one in REGIONS} == REGIONS
    assert of_scopes["", ""] == 108


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("view=filled-in&table=0", "table: “0” is not allowed. Allowed: a whole number from 1"),
        ("view=filled-in&table=1001", "table: “1001” is not allowed."),
        ("view=filled-in&table=1&table=2", "table: given 2 times, allowed once."),
        ("table=7", "table: “7” is not possible with this table. Allowed: a whole number from 1"),
        ("view=filled-in&table=7&rows=status", "two of priority_area, scope and region"),
        ("view=filled-in&table=7&scope=global", "and no filter"),
    ],
)
def test_other_tables_are_refused_with_what_is_allowed(client, query, said):
    response = client.get(f"/reports/cross-table.csv?{query}")
    assert response.status_code == 400
    assert said in response.content.decode()


@pytest.mark.usefixtures("register")
def test_a_supposition_says_what_it_is_and_no_file_has_it(client):
    address = "/reports/cross-table/"
    usual = client.get(address).content.decode()
    response = client.get(f"{address}?fix=youth,global,20")
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert response.content == client.get(f"{address}?fix=youth&fix=global&fix=20").content
    text, html = text_of(client, f"{address}?fix=youth,global,20"), response.content.decode()
    said = (
        "If 20 of the 27 projects on empowering youth were global: regional 0–7, national 0–7. "
        "This is a supposition, not a figure of A/72/621."
    )
    assert said in text
    assert "Empowering youth 20 supposed 0–7 was 0–27 0–7 was 0–27 27" in text
    assert "Engaging communities 0–18 not stated 0–18 not stated" in text
    assert "Back to the table" in text
    # The totals of the report lead to their projects; what is supposed has none.
    assert 'href="/projects/?priority_area=youth">' in html
    for left_out in ("priority_area=youth&amp;scope=", "cross-table.csv", "Suggested citation"):
        assert left_out in usual
        assert left_out not in html
    assert "What if …?" in text_of(client, "/reports/cross-table/?edition=reconstruction-2017-12")
    for other in ("rows=region", "view=described", "percent=row", "scope=global", "q=youth"):
        assert "What if …?" not in text_of(client, f"/reports/cross-table/?{other}")


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            "fix=youth,global,28",
            "fix: “28” is not in the range of this cell, 0–27. Allowed: an area,",
        ),
        ("fix=youth,global", "fix: “youth,global” is not allowed. Allowed: an area, a scope and a"),
        ("fix=youth,asia,1", "e.g. youth,global,20, for areas by scopes"),
        ("fix=youth,global,2&fix=gender,global,2", "is not allowed."),
        ("fix=youth,global,2&view=filled-in", "“youth,global,2” is not possible with this table."),
        ("fix=youth,global,2&scope=global", "“youth,global,2” is not possible with this table."),
    ],
)
def test_other_suppositions_are_refused_with_what_is_allowed(client, query, said):
    response = client.get(f"/reports/cross-table/?{query}")
    assert response.status_code == 400
    assert said in unescape(response.content.decode())
    response = client.get(f"/reports/cross-table.csv?{query}")
    assert response.status_code == 400
    assert "“fix=youth" in response.content.decode()
