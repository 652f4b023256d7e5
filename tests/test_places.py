"""Who holds a place in the report's matrix, and the placeholders that are left over."""

import hashlib
from collections import Counter
from itertools import count
from random import Random
from threading import Barrier, Thread

import pytest
from django.db import connection

from projects import places
from projects.history import Revision, recording, unrecorded
from projects.models import Project
from projects.places import Entry, moved_totals, standing
from projects.ranges import Totals
from reports.models import Figure

from .conftest import describe, saved
from .pages import text_of
from .ranges_oracle import PUBLISHED

TOTALS = Totals(223, *(PUBLISHED[one] for one in ("priority_area", "scope", "region")))
KNOWN = {"in_matrix": "yes", "provenance": "confirmed", "source": "A/73/1, para. 2"}
pytestmark = pytest.mark.usefixtures("register")


def table_of(random: Random) -> list[Entry]:
    """A made-up true matrix: 223 projects with exactly the published totals."""
    areas, scopes = (
        random.sample([value for value, n in PUBLISHED[one].items() for _n in range(n)], 223)
        for one in ("priority_area", "scope")
    )
    regions = [set() for _one in areas]
    local = [n for n, scope in enumerate(scopes) if scope != "global"]
    for region, number in PUBLISHED["region"].items():
        for n in random.sample(local, number):
            regions[n].add(region)
    rows = zip(areas, scopes, regions, strict=True)
    return [Entry(500 + n, True, *row[:2], frozenset(row[2])) for n, row in enumerate(rows)]


def stored(first: int = 1) -> dict[str, list[int]]:
    numbers = count(first)
    return {area: [next(numbers) for _n in range(n)] for area, n in TOTALS.areas.items()}


def counts_of(found) -> tuple[Counter, Counter, Counter]:
    every = [*found]
    return (
        Counter(one.area for one in every),
        Counter(one.scope for one in every),
        Counter(region for one in every for region in one.regions),
    )


def test_the_table_of_the_first_report_is_row_by_row_what_it_was():
    """That of commit 9a356495, whose scopes with regions were in the code."""
    rows = Project.published.filter(provenance="counted").order_by("number")
    lines = [
        f"{one.reference} {one.priority_area} {one.scope} {';'.join(one.regions)}" for one in rows
    ]
    assert (lines[0], lines[100]) == ("PVE-013 governance national mena", "PVE-113 youth global ")
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    assert digest == "869e63e6d0592149287b2502ea7f52c089e0d29a83a275d4af6a105df75014d3"


def test_every_part_of_a_true_table_is_filled_up_to_the_published_totals():
    for seed in range(600):
        random = Random(seed)
        described = random.sample(table_of(random), random.randrange(224))
        held, empty = places.places(TOTALS, described, stored(), count(1000))
        assert counts_of([*held.values(), *empty.values()]) == (
            PUBLISHED["priority_area"],
            PUBLISHED["scope"],
            PUBLISHED["region"],
        ), seed


def test_entries_come_first_whose_source_says_that_they_are_in_the_matrix():
    few = Totals(2, {"youth": 2}, {"global": 2}, {})
    entries = [Entry(1, False, "youth"), Entry(2, False, "youth"), Entry(300, True, "youth")]
    held, _empty = places.places(few, entries, {}, count(400))
    assert [*held] == [300, 1]


def placeholders() -> dict[str, tuple]:
    """The area, scope and regions of each placeholder that is counted."""
    found = Project.published.filter(provenance="counted").order_by()
    columns = ("priority_area", "scope", "in_africa", "in_mena", "in_asia", "in_europe")
    rows = found.values_list("reference", *columns, "in_americas")
    return {reference: place for reference, *place in rows}


@pytest.mark.postgresql
@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_the_order_of_edits_changes_no_placeholder():
    """Entries come and go in two orders; what is left over has the same references."""
    first, table = placeholders(), table_of(Random(0))
    for seed in range(25):
        random = Random(seed)
        entries = random.sample(table, 2)
        found = []
        for order in (entries, entries[::-1]):
            for one in order:
                describe(
                    1,
                    first=one.number,
                    regions=one.regions,
                    priority_area=one.area,
                    scope=one.scope,
                )
            found.append(placeholders())
            with unrecorded("the test describes others"):
                Project.live.filter(number__gte=500).delete()
            places.update()
        assert found[0] == found[1]
        assert len(found[0]) == 209
    assert placeholders() == first


@pytest.mark.postgresql
def test_an_entry_in_the_matrix_displaces_the_last_placeholder_of_its_area(client):
    before = {one.pk: one.updated_at for one in Project.live.all()}
    revisions = Revision.objects.count()
    saved("PVE-224", title="Workshops", priority_area="governance", **KNOWN)
    (aside,) = Project.live.filter(review="set-aside")
    assert (aside.reference, aside.holds_place) == ("PVE-052", False)
    # The new entry has a revision; what is derived has none, and is as old as it was.
    assert Revision.objects.count() == revisions + 1
    assert {one.pk: one.updated_at for one in Project.live.filter(pk__in=before)} == before
    text = text_of(client, "/projects/PVE-052/")
    said = "This number stands for none now."
    area = "strengthening good governance, human rights and the rule of law"
    assert f"A/72/621 counts 40 projects on {area}. {said}" in text
    assert "Do you know this project?" not in text
    assert client.get("/api/v1/projects/PVE-052/").status_code == 404
    assert "Unidentified project 40 of 40" in text_of(client, "/projects/PVE-051/")
    # Once it is outside, the placeholder is counted again.
    outside = Project.published.get(reference="PVE-224")
    outside.in_matrix, outside.report = "no", ""
    outside.save()
    assert not Project.live.filter(review="set-aside").exists()
    assert client.get("/api/v1/projects/PVE-052/").status_code == 200


def test_a_described_activity_is_counted_again_when_room_returns():
    describe(26)
    one = Project.published.filter(reference__in=["PVE-001", "PVE-002", "PVE-005"])
    assert [*one.values_list("holds_place", flat=True)] == [True, False, False]
    Project.published.get(reference="PVE-224").delete()
    assert [*one.values_list("holds_place", flat=True)] == [True, True, False]


def test_an_area_that_needs_more_gets_a_row_once():
    Project.live.get(reference="PVE-012").delete()
    for _time in range(2):
        (made,) = Project.live.filter(number__gt=223)
        assert (made.reference, made.review) == ("PVE-224", "reviewed")
        assert (made.title, made.source) == (
            "Unidentified project 18 of 18 (engaging communities)",
            "A/72/621, para. 24",
        )
        describe(1, first=300, priority_area="communities")
        made.refresh_from_db()
        assert made.review == "set-aside"
        Project.live.get(reference="PVE-300").delete()


def test_a_corrected_figure_makes_and_sets_aside_placeholders():
    figure = Figure.objects.get(report__slug="a-72-621", query="priority_area=youth")
    for value, number in ((29, 29), (20, 20), (27, 27)):
        with recording(reason="A corrigendum"):
            figure.value = value
            figure.save()
        held = Project.published.filter(priority_area="youth", holds_place=True)
        assert held.count() == number
    # The rows of the two that were too many are kept.
    assert Project.live.filter(priority_area="youth", review="set-aside").count() == 2


def test_a_total_moves_only_above_its_published_number():
    one = Entry(224, True, "youth", "national", frozenset({"africa"}))
    assert moved_totals([], [one]) == []
    describe(27, first=300)
    assert [tuple(moved) for moved in moved_totals([], [one])] == [
        ("priority_area", "youth", 27, 27, 28)
    ]
    assert moved_totals(standing(), standing()) == []


@pytest.mark.postgresql
@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_two_at_once_leave_the_totals_as_published():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    together, ended = Barrier(2), []

    def add(reference: str, area: str) -> None:
        together.wait()
        try:
            saved(reference, priority_area=area, **KNOWN)
            ended.append(reference)
        finally:
            connection.close()

    names = (("PVE-301", "youth"), ("PVE-302", "youth"))
    writers = [Thread(target=add, args=one) for one in names]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(ended) == ["PVE-301", "PVE-302"]
    held = Project.published.filter(holds_place=True)
    assert (held.count(), held.filter(priority_area="youth").count()) == (223, 27)
    assert held.filter(priority_area="youth", provenance="counted").count() == 22
