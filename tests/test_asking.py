"""What is asked for: read from a query string, kept as a value, and written as links."""

from urllib.parse import urlencode

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from hypothesis import example, given
from hypothesis import strategies as st

from projects.asking import Asked, ProjectFilter, query_of
from projects.models import Edition

from .test_agreement import VALUES, queries

FIRST = Edition(slug="first", name="First edition", sha256="ab12")
SECOND = Edition(slug="second", name="Second edition", sha256="cd34")


def read(text: str) -> Asked:
    """What the form makes of a query string."""
    return ProjectFilter(QueryDict(text)).asked


# The value


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


@given(query=queries.map(lambda query: query | {"entity": [], "country": []}))
def test_what_was_written_is_read_again_as_the_same(query):
    text = urlencode(query, doseq=True)
    assert read(query_of(read(text))) == read(text)
