"""What `make bench` asks: new questions, which no cached page answers, the same of both sites."""

from itertools import islice

import pytest

from . import bench


@pytest.mark.parametrize("kind", bench.BOUNDS[100_000])
@pytest.mark.parametrize("size", [223, 10_000])
def test_every_question_is_new_and_answered(register, client, kind, size):
    asked = [*islice(bench.questions(kind, size), bench.FIRST + bench.QUESTIONS)]
    assert len(asked) == 26
    for address_of in (bench.ours, bench.datasettes):
        assert len({address_of(kind, one) for one in asked}) == 26
    # The register that ships has but one page of activities.
    if size == 223:
        assert client.get(bench.ours(kind, asked[-1])).status_code == 200


def test_both_are_asked_the_same():
    question = {"q": "youth", "sort": "-title", "page": "3"}
    assert bench.ours("a word", question) == "/projects/?q=youth&sort=-title&page=3"
    assert bench.datasettes("a word", question) == (
        "/ds/projects?_facet=priority_area&_facet=scope&_facet=status"
        "&_sort_desc=title&_search=youth&_size=27"
    )
