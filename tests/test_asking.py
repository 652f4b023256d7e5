"""What is asked for: read from a query string, kept as a value, and written as links."""

from urllib.parse import urlencode

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from hypothesis import example, given
from hypothesis import strategies as st

from projects.asking import Asked, Links, ProjectFilter, query_of
from projects.models import Edition

from .test_agreement import VALUES, queries

FIRST = Edition(slug="first", name="First edition", sha256="ab12")
SECOND = Edition(slug="second", name="Second edition", sha256="cd34")


def read(text: str) -> Asked:
    """What the form makes of a query string."""
    return ProjectFilter(QueryDict(text)).asked


# The value


def test_conditions_are_in_the_order_of_facets_and_their_values_in_that_of_vocabularies():
    asked = Asked.of(status=["ongoing"], scope=["national", "global"], priority_area=["youth"])
    assert list(asked.conditions.items()) == [
        ("priority_area", ("youth",)),
        ("scope", ("global", "national")),
        ("status", ("ongoing",)),
    ]
    # Entities by acronym, those without one last.
    asked = Asked.of(entity=["not-stated", "UNODC", "ITU", "Unesco"])
    assert asked.conditions["entity"] == ("ITU", "Unesco", "UNODC", "not-stated")


def test_a_change_leaves_the_rest_and_the_original_as_they_were():
    asked = Asked.of(scope=["national"], queries=["youth"], sort="title")
    other = asked.but(region=["asia"])
    assert dict(other.conditions) == {"scope": ("national",), "region": ("asia",)}
    assert (other.queries, other.sort) == (("youth",), "title")
    assert dict(asked.conditions) == {"scope": ("national",)}
    assert dict(asked.but(scope=()).conditions) == {}
    with pytest.raises(TypeError):
        asked.conditions["scope"] = ("global",)


def test_filters_are_distinguished_from_display_options():
    asked = Asked.of(
        scope=["national"],
        queries=["youth"],
        edition=FIRST,
        sort="title",
        page=2,
        per_page=100,
        layout={"rows": "scope"},
    )
    assert asked.narrowing == Asked.of(scope=["national"], queries=["youth"], edition=FIRST)
    assert asked.is_filtered
    assert not Asked.of(sort="title", page=2, edition=FIRST).is_filtered
    assert Asked.of(queries=["x"]).is_filtered


def test_only_what_is_stated_leaves_out_what_is_filled_in():
    asked = Asked.of(scope=["national"], status=["ongoing"])
    assert query_of(asked.only_stated()) == (
        "scope=national&status=ongoing&scope_basis=stated&scope_basis=inferred"
    )
    # A basis that was asked for is kept; one that leaves nothing is left as it was.
    narrow = Asked.of(scope=["national"], scope_basis=["inferred", "allocated"])
    assert query_of(narrow.only_stated()) == "scope=national&scope_basis=inferred"
    none = Asked.of(scope=["national"], scope_basis=["allocated"])
    assert none.only_stated() == none


# The reader; without an entity or an edition it needs no database


def test_a_query_string_is_read():
    asked = read("sort=-title&per_page=50&page=2&region=asia&region=africa&scope=national&q=a+b")
    assert asked == Asked.of(
        scope=["national"],
        region=["africa", "asia"],
        queries=["a b"],
        sort="-title",
        page=2,
        per_page=50,
    )
    asked = read("")
    assert asked == Asked()
    assert (asked.sort, asked.page, asked.per_page, asked.edition) == ("reference", 1, 25, None)
    assert read("q=++Été+ &q=&q=+&q=UN").queries == ("Été", "UN")


def test_an_entity_and_an_edition_are_looked_up(register):
    asked = read("entity=UNESCO&edition=reconstruction-2017-12")
    assert asked == Asked.of(Edition.objects.get(slug="reconstruction-2017-12"), entity=["UNESCO"])


def test_an_invalid_query_gives_no_rows_but_an_error():
    """FilterSet itself would give every row."""
    reader = ProjectFilter(QueryDict("scope=galactic"))
    with pytest.raises(ValueError, match="scope: “galactic” is not allowed"):
        _ = reader.qs


# Two readers: the form, and the one of stored queries that builds none


def stored(text: str) -> Asked | list[str]:
    """What a stored query asks for, or its problems without what is allowed besides.

    An address takes more parameters than a stored query, and says so.
    """
    try:
        return Asked.from_query(text)
    except ValidationError as error:
        return without_parameters(error.messages)


def without_parameters(problems: list[str]) -> list[str]:
    return sorted(
        problem.split(". Allowed: ")[0] if problem.startswith("address: ") else problem
        for problem in problems
    )


@example(query={"q": ["a", "b"], "entity": ["not-stated", "UNDP"]})
@given(query=queries)
def test_a_stored_query_asks_for_what_the_form_reads(register, query):
    text = urlencode({name: query[name] for name in query if name != "sort"}, doseq=True)
    assert stored(text) == read(text)


@pytest.mark.long
@example(pairs=[("scope", "galactic"), ("colour", "red"), ("scope", "lunar")])
@example(pairs=[("entity", "GONE"), ("entity", "UNESCO"), ("q", "\x00")])
@example(pairs=[("region", ""), ("x", ""), ("x", "2")])
@example(pairs=[("priority_area", "governance"), ("country", "ok"), ("country", "ok")])
@given(
    pairs=st.lists(
        st.one_of(
            st.tuples(
                st.sampled_from([name for name in VALUES if name != "sort"] + ["x"]),
                st.text(max_size=12),
            ),
            st.sampled_from(
                [(name, values[0]) for name, values in VALUES.items() if name != "sort"]
            ),
        ),
        max_size=6,
    )
)
def test_both_readers_name_the_same_problems(register, pairs):
    text = urlencode(pairs)
    reader = ProjectFilter(QueryDict(text))
    # What was probably meant is asked of who typed an address, not of what is stored.
    said = [problem.sentence for problem in reader.problems]
    known = reader.asked if reader.is_valid() else without_parameters(said)
    assert stored(text) == known


def test_a_stored_query_takes_no_page_and_no_order_and_is_asked_of_a_given_edition():
    for text in ("sort=title", "edition=first"):
        with pytest.raises(ValidationError, match="is not a parameter"):
            Asked.from_query(text)
    assert Asked.from_query("scope=global", FIRST) == Asked.of(FIRST, scope=["global"])


# Links


def test_a_query_string_is_written_in_one_order_without_what_is_so_anyway():
    asked = Asked.of(
        status=["ongoing"],
        scope=["national"],
        entity=["UN-Women"],
        queries=["a b", "é"],
        edition=FIRST,
        sort="-title",
        page=2,
        per_page=50,
        layout={"rows": "scope"},
    )
    assert query_of(asked) == (
        "q=a+b&q=%C3%A9&scope=national&entity=UN-Women&status=ongoing&edition=first&sort=-title"
        "&page=2&per_page=50&rows=scope"
    )
    assert query_of(Asked.of(sort="reference", page=1, per_page=25)) == ""


@given(query=queries.map(lambda query: query | {"entity": [], "country": []}))
def test_what_was_written_is_read_again_as_the_same(query):
    text = urlencode(query, doseq=True)
    assert read(query_of(read(text))) == read(text)


def test_the_links_of_a_view():
    asked = Asked.of(
        scope=["national"],
        queries=["youth", "asia"],
        edition=FIRST,
        sort="title",
        page=2,
        per_page=50,
        layout={"rows": "status"},
    )
    links = Links(asked)
    narrowing = "q=youth&q=asia&scope=national&edition=first"
    assert links.suffix == f"?{narrowing}&sort=title&page=2&per_page=50&rows=status"
    assert links.filter_query == narrowing
    assert links.export_query == f"{narrowing}&sort=title"
    assert links.live == "q=youth&q=asia&scope=national&sort=title&per_page=50&rows=status"
    assert links.of(SECOND) == (
        "q=youth&q=asia&scope=national&edition=second&sort=title&per_page=50&rows=status"
    )
    assert links.clear == "edition=first&sort=title&per_page=50&rows=status"
    assert links.filled_in.endswith("&sort=title&per_page=50&filled_in=yes&rows=status")
    searches = [("q", "youth"), ("q", "asia")]
    hidden = {"edition": "first", "sort": "title", "per_page": "50"}
    assert links.hidden == [*searches, *hidden.items()]


def test_a_heading_sorts_by_its_column_and_the_other_way_if_it_does():
    heads = Links(Asked.of(scope=["national"], sort="title", page=3)).sort_heads
    assert list(heads) == ["reference", "title", "priority_area", "scope", "status", "updated"]
    assert (heads["title"].query, heads["title"].direction) == (
        "scope=national&sort=-title",
        "ascending",
    )
    assert (heads["status"].query, heads["status"].direction) == ("scope=national&sort=status", "")
    # By reference is how it is sorted anyway.
    assert heads["reference"].query == "scope=national"
    heads = Links(Asked.of(sort="-title")).sort_heads
    assert (heads["title"].query, heads["title"].direction) == ("sort=title", "descending")
    assert Links(Asked()).sort_heads["reference"].query == "sort=-reference"
