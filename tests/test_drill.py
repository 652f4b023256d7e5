"""The table of `make drill` and `make rehearsal`: where little was asked, nothing was measured."""

import time
from threading import Timer
from types import SimpleNamespace

import pytest

from . import parts
from .parts import Answer, Table, report


def row(capsys, statuses, saves, **options) -> tuple[bool, list[str]]:
    """Return whether a row with these answers is printed as measured, and what is wrong."""
    crowd = SimpleNamespace(answers=[], acknowledged=[], wrong=[])

    def problem():
        crowd.answers += [Answer(time.monotonic(), 0.1, status, False) for status in statuses]
        crowd.acknowledged += ["CROWD-0: Name 1 of it"] * saves

    Table(crowd).breaks("nothing", problem, 0, ends=False, **options)
    return not capsys.readouterr().out.endswith("s  not measured\n"), crowd.wrong


@pytest.mark.parametrize(
    ("statuses", "saves", "least_saves", "said"),
    [
        ([200] * 20, 1, 1, None),
        ([200] * 19, 1, 1, "answers 19, saves 1"),
        ([], 0, 1, "answers 0, saves 0"),
        ([200] * 20, 0, 1, "answers 20, saves 0"),
        # While no database is there, nobody can save, and a refusal is an answer.
        ([503] * 20, 0, 0, None),
        ([503] * 19, 0, 0, "answers 19, saves 0"),
        # Nothing came.
        ([0] * 40, 0, 0, "answers 0, saves 0"),
    ],
)
def test_a_row_needs_twenty_answers_and_a_save(
    capsys, monkeypatch, statuses, saves, least_saves, said
):
    monkeypatch.setattr(parts, "PATIENCE", 0)
    is_measured, wrong = row(capsys, statuses, saves, least_saves=least_saves)
    if said is None:
        assert (is_measured, wrong, report(wrong, 0)) == (True, [], 0)
    else:
        assert (is_measured, wrong) == (False, [f"nothing: not measured, {said}"])
        assert report(wrong, 0) == 1


def test_a_row_waits_for_what_it_needs(capsys):
    crowd = SimpleNamespace(
        answers=[Answer(time.monotonic() + 1, 0.1, 200, False)] * 20, acknowledged=[], wrong=[]
    )
    later = Timer(0.3, crowd.acknowledged.append, ["CROWD-0: Name 1 of it"])
    Table(crowd).breaks("nothing", later.start, 0)
    assert (crowd.wrong, "not measured" in capsys.readouterr().out) == ([], False)
