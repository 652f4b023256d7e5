"""The operations of assistants."""

import pytest

pytestmark = pytest.mark.usefixtures("register")

OPERATIONS = "/api/v1/assistants"
LACKS = "This register has no money, donors or results of the projects that the report counts."


def test_a_search_for_money_donors_or_results_says_that_there_are_none(client):
    for words in ("budget", "donors", "results", "how much money", "budget of NET-MED Youth"):
        answer = client.get(f"{OPERATIONS}/search/", {"q": words}).json()
        assert (answer["notes"], answer["results"]) == ([LACKS], []), words
    text = {"document": "a-72-621", "q": "budget"}
    answer = client.get(f"{OPERATIONS}/source/", text).json()
    assert answer["sentence"] == f"No paragraph of A/72/621 matches. {LACKS}"
    answer = client.get(f"{OPERATIONS}/statements/?q=donors").json()
    assert answer["sentence"] == f"No statement matches. Report: A/72/621. {LACKS}"
