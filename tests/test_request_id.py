"""The number of a request: the same in the answer, in each log and on the page for a problem."""

import io
import logging
import re

import pytest
from django.db import OperationalError
from django.http import Http404

from pvematrix.logs import RequestIdFilter
from reports.views import About

MADE = re.compile(r"[0-9a-f]{32}")


def test_each_answer_has_a_request_id_of_its_own_cached_or_not(register, client):
    kept = [client.get("/projects/") for _time in range(3)]
    same = client.get("/projects/", headers={"If-None-Match": kept[0]["ETag"]})
    others = [client.get("/healthz"), client.get("/nothing/"), client.post("/projects/"), same]
    assert [one.status_code for one in others] == [200, 404, 405, 304]
    numbers = [one["X-Request-ID"] for one in (*kept, *others)]
    assert all(MADE.fullmatch(number) for number in numbers)
    assert len(set(numbers)) == 7
    assert kept[0].content == kept[2].content
    assert not [number for number in numbers if number.encode() in kept[2].content]


@pytest.mark.parametrize(
    ("behind_proxy", "told", "taken"),
    [
        (True, "a" * 32, True),
        (True, "6f1c2c5e-8a0b-4f6e-9f36-0d5b7a1c9e11", True),
        (True, "short", False),
        (True, "a" * 65, False),
        (True, "a" * 32 + "\n", False),
        (True, "<script>alert</script>", False),
        (True, "١" * 32, False),
        (True, "", False),
        (False, "a" * 32, False),
    ],
)
def test_a_proxys_number_is_taken_if_it_is_one(client, settings, behind_proxy, told, taken):
    settings.BEHIND_PROXY = behind_proxy
    number = client.get("/healthz", headers={"X-Request-ID": told})["X-Request-ID"]
    assert (number == told) == taken
    assert taken or MADE.fullmatch(number)


@pytest.mark.parametrize(
    ("problem", "status", "shown"),
    [
        (ZeroDivisionError, 500, True),
        (OperationalError("database is locked"), 503, True),
        (Http404, 404, False),
    ],
)
def test_the_page_for_a_problem_says_the_number_that_the_log_has(
    register, client, monkeypatch, problem, status, shown
):
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(RequestIdFilter())
    handler.setFormatter(logging.Formatter("%(request_id)s %(message)s"))
    logging.getLogger().addHandler(handler)

    def answer(self):
        raise problem

    monkeypatch.setattr(About, "answer", answer)
    client.raise_request_exception = False
    try:
        response = client.get("/about/")
        logging.getLogger("pvematrix").error("outside of any")
    finally:
        logging.getLogger().removeHandler(handler)
    number = response["X-Request-ID"]
    assert response.status_code == status
    assert (f"<code>{number}</code>" in response.content.decode()) == shown
    about = [line for line in stream.getvalue().splitlines() if "/about/" in line]
    assert about
    assert all(line.startswith(f"{number} ") for line in about if line[0] != " ")
    assert "\n- outside of any\n" in stream.getvalue()


def test_the_security_log_has_it(client, lines, db):
    number = client.post("/accounts/login/", {"login": "nobody", "password": "x"})["X-Request-ID"]
    assert [(line["event"], line["request"]) for line in lines(numbered=True)] == [
        ("login_failed", number)
    ]
