"""What is read of IATI files: all are made up, and what is expected is written here by hand."""

from pathlib import Path

import pytest

from projects.elsewhere import iati
from projects.elsewhere.iati import Problem, read_iati
from projects.elsewhere.reading import Reading
from projects.imports.lines import Refused

FOLDER = Path(__file__).with_name("data") / "iati"
TITLE = "<title><narrative>A title</narrative></title>"
REPORTER = '<reporting-org ref="XX-1"/>'


def of_file(name: str) -> tuple[list[Reading], list[Problem]]:
    return read_iati((FOLDER / name).read_bytes())


def file_of(*activities: str, head: str = "", generated: str = "") -> bytes:
    root = f'<iati-activities version="2.03" generated-datetime="{generated}">'
    return f"{head}{root}{''.join(activities)}</iati-activities>".encode()


def activity(inside: str = "", attributes: str = "", identifier: str = "XX-1-1") -> str:
    named = f"<iati-identifier>{identifier}</iati-identifier>{REPORTER}{TITLE}"
    return f"<iati-activity {attributes}>{named}{inside}</iati-activity>"


def read_one(inside: str = "", attributes: str = "", generated: str = "") -> Reading:
    (found,), problems = read_iati(file_of(activity(inside, attributes), generated=generated))
    assert problems == []
    return found


def dated(**days: str) -> str:
    """Dates of an activity: `d1` is of type 1."""
    return "".join(
        f'<activity-date type="{name[1:]}" iso-date="{day}"/>' for name, day in days.items()
    )


def status(code: str) -> str:
    return f'<activity-status code="{code}"/>'


def transaction(code: str, day: str, value: str) -> str:
    kind = f'<transaction-type code="{code}"/><transaction-date iso-date="{day}"/>'
    return f"<transaction>{kind}{value}</transaction>"


def budget(kind: str, start: str, end: str, value: str) -> str:
    period = f'<period-start iso-date="{start}"/><period-end iso-date="{end}"/>'
    return f'<budget type="{kind}">{period}{value}</budget>'


def sums(one: Reading) -> list[tuple[str, str, str, str]]:
    return [(it["year"], it["kind"], it["currency"], it["amount"]) for it in one.money]


def test_an_activity_is_read_as_published():
    (one, _other), problems = of_file("good_2_03.xml")
    assert problems == []
    assert one.key == "iati:XX-TEST-1-0001"
    assert (one.publisher, one.data_set) == ("Invented Office", "iati:XX-TEST-1")
    # English comes first; what has no language of its own has the activity's.
    assert one.titles == [
        {"lang": "en-GB", "text": "Voices of the lake"},
        {"lang": "fr", "text": "Des voix du lac"},
        {"lang": "es", "text": "Voces del lago"},
    ]
    assert one.descriptions == [
        {"lang": "en", "text": "A local radio station."},
        {"lang": "en", "text": "Young people learn to make programmes."},
        {"lang": "fr", "text": "Une radio locale."},
    ]
    assert (one.planned_start, one.start) == ("2016-01-01", "2016-02-15")
    assert (one.planned_end, one.end) == ("2018-12-31", "")
    assert (one.status, one.is_second_hand) == ("Implementation", False)
    assert one.flags == ["A participating-org has no ref and no narrative: it is left out."]
    assert (one.links, one.licence, one.attribution) == ([], "", "")
    assert (one.speaks_of_it, one.words, one.outputs) == ("", [], [])
    # Places have names, and codes of three letters where these are known.
    assert one.countries == [
        {"name": "Kenya", "code": "KEN"},
        {"name": "SO", "code": "SOM"},
        {"name": "ZZ", "code": ""},
        {"name": "Region 289", "code": ""},
        {"name": "Africa, regional", "code": ""},
    ]
    # Organizations are donors or entities by their roles, once each.
    assert one.donors == ["Invented Fund", "XX-FUND-2"]
    assert one.entities == [
        {"name": "Invented Office", "code": ""},
        {"name": "Invented Agency", "code": ""},
        {"name": "XX-NGO-1", "code": ""},
    ]
    # A child is no parent.
    assert one.other_identifiers == [
        {"scheme": "A1", "identifier": "0001-A"},
        {"scheme": "XX-FUND-1", "identifier": "0001-B"},
        {"scheme": "other", "identifier": "0001-C"},
    ]
    assert one.parents == [{"scheme": "iati", "identifier": "XX-TEST-1-0000"}]


def test_money_is_summed_by_year_kind_and_currency_alone():
    (one, _other), _problems = of_file("good_2_03.xml")
    assert sums(one) == [
        ("2016", "budget", "USD", "100000"),
        ("2016", "commitment", "USD", "0.3"),
        # Of another period than the budget that was revised.
        ("2017", "budget", "EUR", "1000"),
        # 70000.50 replaces 50000.
        ("2017", "budget", "USD", "70000.5"),
        # 1000.00 by its value date, less 250.75.
        ("2017", "disbursement", "EUR", "749.25"),
        ("2017", "disbursement", "USD", "40"),
        ("2018", "expenditure", "USD", "-12.5"),
    ]


def test_a_secondary_reporter_is_second_hand_and_no_entity():
    (_one, other), _problems = of_file("good_2_03.xml")
    assert other.is_second_hand
    assert (other.publisher, other.data_set) == ("XX-TEST-2", "iati:XX-TEST-2")
    assert other.entities == [{"name": "Association inventée", "code": ""}]
    assert other.titles == [{"lang": "fr", "text": "Un atelier"}]
    assert other.descriptions == [{"lang": "", "text": "Un jour."}]
    assert other.flags == []


def test_a_file_of_version_2_01_has_dates_of_its_own_forms():
    (one,), problems = of_file("good_2_01.xml")
    assert problems == []
    assert (one.planned_start, one.start) == ("2014-01-01", "2014-02-01")
    assert (one.planned_end, one.end) == ("2015-01-31", "2015-03-15")
    assert (one.status, one.flags) == ("Closed", [])
    assert one.countries == [{"name": "XK", "code": "XKX"}]
    # It is implementing too, by its ref alone.
    assert one.entities == [{"name": "Invented Office", "code": ""}]


def test_one_identifier_twice_is_a_problem_and_none_of_them_is_read():
    readings, problems = of_file("twice.xml")
    assert [one.identifier for one in readings] == ["XX-TEST-1-0202"]
    sentence = "Activities 1 and 3 have the same identifier: none of them is read."
    assert problems == [Problem(1, "XX-TEST-1-0201", sentence)]


def test_what_an_activity_cannot_be_without_is_a_problem():
    readings, problems = of_file("no_narrative.xml")
    assert [one.identifier for one in readings] == ["XX-TEST-1-0304"]
    no_title = "The title of the activity has no narrative. Give it at least one."
    assert problems == [
        Problem(1, "XX-TEST-1-0301", no_title),
        Problem(2, "XX-TEST-1-0302", no_title),
        Problem(3, "", "The activity has no iati-identifier. Give it one."),
    ]
    content = file_of(activity()).replace(REPORTER.encode(), b"<reporting-org/>")
    sentence = "The reporting-org of the activity has no ref. Give it one."
    assert read_iati(content) == ([], [Problem(1, "XX-1-1", sentence)])


def test_bytes_of_a_declared_encoding_are_read():
    (one,), problems = of_file("windows_1252_declared.xml")
    assert problems == []
    assert one.titles == [{"lang": "en", "text": "Jeunes à l’école – “dialogue”"}]


def test_a_mark_of_the_order_of_bytes_is_no_problem():
    for content in (
        b"\xef\xbb\xbf" + file_of(activity()),
        file_of(activity()).decode().encode("utf-16"),
    ):
        ((one,), problems) = read_iati(content)
        assert (one.identifier, problems) == ("XX-1-1", [])


def test_bytes_of_another_encoding_than_declared_are_a_problem():
    """Bytes that are quotation marks in windows-1252 are control characters in ISO-8859-1."""
    content = (FOLDER / "windows_1252_declared.xml").read_bytes()
    content = content.replace(b"windows-1252", b"iso-8859-1")
    sentence = "The activity has a control character, U+0092. Check the encoding of the file."
    assert read_iati(content) == ([], [Problem(1, "XX-TEST-1-0501", sentence)])


def test_a_country_at_zero_and_percentages_that_are_none_are_flagged():
    (one,), problems = of_file("zero_per_cent.xml")
    assert problems == []
    assert [place["code"] for place in one.countries] == ["TCD", "MLI", "NER", "", ""]
    assert one.flags == [
        "The country “ML” has 0 per cent.",
        "The percentage of “NE” is “50%”: this is no number.",
        "A recipient-country has no code and no narrative: it is left out.",
        "The percentage of “1031” is “half”: this is no number.",
    ]


BEGUN = status("1") + dated(d2="2016-01-01")
ENDED = dated(d4="2017-12-31")


@pytest.mark.parametrize(
    ("inside", "flags"),
    [
        (dated(d1="2016-05-01", d3="2016-04-30"), ["The planned end is before the planned start."]),
        (dated(d2="2016-05-01", d4="2016-04-30"), ["The actual end is before the actual start."]),
        # A project that began early may end before it was planned to begin.
        (dated(d1="2016-05-01", d4="2016-04-30"), []),
        (status("3"), ["The status is “Finalisation”, but there is no end."]),
        (status("4") + dated(d3="2016-01-01"), []),
        (BEGUN, ["The status is “Pipeline/identification”, but there is an actual start."]),
        (status("5") + dated(d2="2016-01-01"), []),
        # The file says nothing of when it was made.
        (status("2") + ENDED, []),
        (dated(d1=""), ["The planned start is “”: this is no date."]),
        (dated(d3="2016-02-30"), ["The planned end is “2016-02-30”: this is no date."]),
        (dated(d9="2016-01-01"), ["A date of type “9” is not read. Types: 1, 2, 3, 4."]),
        (
            dated(d2="2016-01-01") + dated(d2="2016-02-01"),
            ["It has more than one actual start: 2016-01-01 is read."],
        ),
        (
            '<activity-date type="start-planned" iso-date="2016-01-01"/>',
            ["It has dates of version 1, which are not read: “start-planned”."],
        ),
        (
            '<participating-org role="Funding" ref="XX-2"/>',
            ["“XX-2” is left out: its role is “Funding”. Roles: 1, 2, 3, 4."],
        ),
    ],
)
def test_what_is_doubtful_is_flagged_and_the_activity_is_read(inside, flags):
    assert read_one(inside).flags == flags


def test_an_end_before_the_last_update_contradicts_a_status_that_is_open():
    inside = status("2") + ENDED
    text = "The status is “Implementation”, but the actual end is before the last update, %s."
    flags = [text % "2018-02-01"]
    assert read_one(inside, generated="2018-02-01T12:00:00Z").flags == flags
    updated = 'last-updated-datetime="2018-02-01T12:00:00+01:00"'
    assert read_one(inside, updated, generated="2017-01-01").flags == flags
    assert read_one(inside, generated="2017-12-31T12:00:00Z").flags == []
    assert read_one(status("4") + ENDED, updated).flags == []


def test_a_status_has_the_words_of_its_list():
    for code, words in (("1", "Pipeline/identification"), ("6", "Suspended"), ("7", "7")):
        assert read_one(status(code)).status == words


@pytest.mark.parametrize(
    ("value", "lacks"),
    [
        ("<value>10</value>", "currency"),
        ('<value currency="USD">1,000</value>', "number"),
        ('<value currency="USD">NaN</value>', "number"),
        ('<value currency="USD">1e400</value>', "number"),
        ("", "number"),
    ],
)
def test_an_amount_without_what_it_needs_is_left_out_and_flagged(value, lacks):
    good = transaction("3", "2016-01-01", '<value currency="EUR">5</value>')
    one = read_one(good + transaction("3", "2016-01-01", value))
    assert one.flags == [f"An amount of the kind “disbursement” is left out: it has no {lacks}."]
    assert sums(one) == [("2016", "disbursement", "EUR", "5")]


def test_an_amount_has_a_year_by_its_value_date_or_that_of_its_transaction():
    usd = 'currency="USD"'
    inside = transaction("4", "2016-12-31", f'<value {usd} value-date="2017-01-01">1</value>')
    inside += transaction("4", "2016-12-31", f'<value {usd} value-date="soon">2</value>')
    inside += transaction("4", "soon", f"<value {usd}>4</value>")
    one = read_one(inside)
    assert sums(one) == [("2016", "expenditure", "USD", "2"), ("2017", "expenditure", "USD", "1")]
    assert one.flags == ["An amount of the kind “expenditure” is left out: it has no year."]


def test_sums_are_exact_and_without_exponents():
    amounts = ["999999999999999", "0.000000000001", "-1", "+1."]
    inside = "".join(transaction("2", "2016-01-01", f"<value>{one}</value>") for one in amounts)
    inside += transaction("3", "2016-01-01", "<value>1000000.00</value>")
    inside += transaction("4", "2016-01-01", "<value>-0.00</value>")
    assert sums(read_one(inside, 'default-currency="XOF"')) == [
        ("2016", "commitment", "XOF", "999999999999999.000000000001"),
        ("2016", "disbursement", "XOF", "1000000"),
        ("2016", "expenditure", "XOF", "0"),
    ]


def test_a_revised_budget_replaces_the_original_in_another_currency_too():
    year = ("2016-01-01", "2016-12-31")
    revised = budget("2", *year, '<value currency="EUR">9</value>')
    original = budget("1", *year, '<value currency="USD">10</value>')
    other = budget("1", "2016-01-01", "2016-06-30", '<value currency="USD">3</value>')
    one = read_one(revised + original + other)
    assert sums(one) == [("2016", "budget", "EUR", "9"), ("2016", "budget", "USD", "3")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "cannot be read as XML: no element found"),
        (file_of(activity())[:-5], "cannot be read as XML: unclosed token"),
        (file_of(activity("&unknown;")), "cannot be read as XML: undefined entity"),
        (b'<iati-activities version="2.04"/>', "file is “2.04”. Allowed: 2.01, 2.02, 2.03."),
        ((FOLDER / "version_1.xml").read_bytes(), "The version of the file is “1.05”."),
        ((FOLDER / "entity_bomb.xml").read_bytes(), "has a DOCTYPE, which could declare entities"),
        ((FOLDER / "external_entity.xml").read_bytes(), "has a DOCTYPE, which could declare"),
        ((FOLDER / "not_iati.xml").read_bytes(), "its first element is “iati-organisations”."),
        (
            (FOLDER / "windows_1252_undeclared.xml").read_bytes(),
            "line 7, column 29. Its encoding must be UTF-8, or the one that its first line",
        ),
        (file_of(), "The file has no iati-activity. At least one is needed."),
        (file_of(activity(), head='<?xml version="1.0" encoding="no-such"?>'), "encoding"),
        (b" " * 50_000_001, "The file has more than the 50000000 bytes that are allowed."),
    ],
)
def test_what_is_no_such_file_is_refused(content, sentence):
    with pytest.raises(Refused, match=sentence):
        read_iati(content)


def test_elements_may_be_fifty_deep_and_no_deeper():
    def nested(levels: int) -> bytes:
        return file_of(activity("<a>" * levels + "</a>" * levels))

    # The first two levels are the root and the activity.
    ((one,), _problems) = read_iati(nested(48))
    assert one.identifier == "XX-1-1"
    with pytest.raises(Refused, match="Elements of the file are nested deeper than 50 levels"):
        read_iati(nested(49))


def test_a_file_is_read_in_pieces_and_one_activity_is_bounded(monkeypatch):
    monkeypatch.setattr(iati, "_PIECE", 100)
    content = (FOLDER / "good_2_03.xml").read_bytes()
    with pytest.raises(Refused, match="An activity has more than 1000 bytes"):
        read_iati(content)
    monkeypatch.setattr(iati, "MOST_PIECES", 100)
    readings, _problems = read_iati(content)
    assert [one.identifier for one in readings] == ["XX-TEST-1-0001", "XX-TEST-1-0002"]
