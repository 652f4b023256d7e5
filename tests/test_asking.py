"""What is asked for: read from a query string, kept as a value, and written as links."""

from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from hypothesis import given

from projects.asking import Asked, ProjectFilter, query_of
from projects.models import Edition

from .test_agreement import queries

FIRST = Edition(slug="first", name="First edition", sha256="ab12")
SECOND = Edition(slug="second", name="Second edition", sha256="cd34")


def read(text: str) -> Asked:
    """What the form makes of a query string."""
    return ProjectFilter(QueryDict(text)).asked


# The value


# The reader; without an entity or an edition it needs no database


def test_an_entity_and_an_edition_are_looked_up(register):
    asked = read("entity=UNESCO&edition=reconstruction-2017-12")
    assert asked == Asked.of(Edition.objects.get(slug="reconstruction-2017-12"), entity=["UNESCO"])


def test_an_invalid_query_gives_no_rows_but_an_error():
    """FilterSet itself would give every row."""
    reader = ProjectFilter(QueryDict("scope=galactic"))
    with pytest.raises(ValueError, match="scope: “galactic” is not allowed"):
        _ = reader.qs


# Links


@given(query=queries.map(lambda query: query | {"entity": [], "country": []}))
def test_what_was_written_is_read_again_as_the_same(query):
    # What was filled in is asked for with the filled-in table alone.
    filled_in = ["yes"] if "allocated" in str(query) else []
    text = urlencode(query | {"filled_in": filled_in}, doseq=True)
    assert read(query_of(read(text))) == read(text)
