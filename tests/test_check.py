"""A pasted text is checked: which of its numbers hold, and that nothing of it is stored."""

import csv
import html
import json
import logging
import re
import tempfile
import time
import zipfile
from io import BytesIO

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import translation
from docx import Document

from projects.models import data_version, reading_at
from reports.check.verdicts import MOST, Checker

from .conftest import ROOT
from .pages import body

pytestmark = pytest.mark.usefixtures("register")
with (ROOT / "tests/data/claims.csv").open(encoding="utf-8", newline="") as file:
    CLAIMS = [*csv.DictReader(file)]
SURE = ("printed", "follows")
TRUE = [one for one in CLAIMS if {*one["expected"].split(";")} <= {*SURE, "other-source"}]
TRUE = [one for one in TRUE if not one["made_from"]]
FALSE = [one for one in CLAIMS if one["made_from"]]
UNKNOWN = [one for one in CLAIMS if one["expected"].endswith("cannot-be-known")]
OTHERS = [one for one in CLAIMS if one not in (*TRUE, *FALSE, *UNKNOWN)]


@pytest.fixture
def checker():
    with reading_at(data_version()):
        yield Checker()


def marks(checker, claim) -> list[str]:
    with translation.override(claim["language"]):
        return [one.mark.value for one in checker.check(claim["text"])]


def sure(found) -> int:
    return sum(one in SURE for one in found)


def test_no_false_sentence_is_sure_and_no_true_one_differs(checker):
    for claim in TRUE:
        assert "differs" not in marks(checker, claim), claim["text"]
    for claim in (*FALSE, *UNKNOWN):
        expected = claim["expected"].split(";")
        assert sure(marks(checker, claim)) <= sure(expected), claim["text"]
    for claim in OTHERS:
        assert {*marks(checker, claim)} <= {"not-recognised"}, claim["text"]


def test_most_sentences_get_the_expected_mark(checker):
    hits = [marks(checker, one) == one["expected"].split(";") for one in CLAIMS[:125]]
    assert sum(hits) >= 115, "80 are required"


# What must never be claimed: by words that change what is counted, and by those that are apart.
NOTHING_SURE = [
    "27 projects do not focus on youth.",
    "27 new projects focus on youth.",
    "27 projects focus on youth, all of them in Kenya.",
    "27 projects address unemployed youth.",
    "40 projects on human rights.",
    "55 projects in the Arab States.",
    "3 projects in Latin America.",
    "The European Union has 66 regional projects.",
    "In 2019, 27 projects focused on youth.",
    "27 youth in Africa joined projects.",
    "27 young people run projects.",
    "61 countries in Africa have projects.",
    "There are 49 projects.",
    "27 per cent of the projects are in Africa.",
    "12 per cent of the projects in Africa are on youth.",
]


@pytest.mark.parametrize("text", NOTHING_SURE)
def test_a_number_that_merely_fits_is_nothing(checker, text):
    found = [one.mark.value for one in checker.check(text)]
    assert {*found} <= {"not-recognised", "cannot-be-known"}, text


NOTHING_WRONG = [
    "Youth and women have 27 and 22 projects, respectively.",
    "Youth and women have 27 and 22 projects.",
    "Governance, education and dialogue have 40, 31 and 29 projects.",
    "There are 40, 31 and 29 projects on governance, education and dialogue.",
    "A total of 49 projects: 27 on youth and 22 on gender.",
    "Of 223 projects, 82 (37 per cent) are global, 66 (30 per cent) regional.",
    "Twenty-seven (27) projects focus on youth.",
    "5 projects on social media.",
    "Some 30 projects focus on youth.",
    "The Office has 12 staff for 27 projects on youth.",
    "UNDP runs 40 projects.",
    "There are 12 projects.",
]


@pytest.mark.parametrize("text", NOTHING_WRONG)
def test_what_may_be_true_never_differs(checker, text):
    assert "differs" not in [one.mark.value for one in checker.check(text)], text


def test_what_is_said_of_a_part_is_no_number_of_all(checker):
    for text in ("{} 27 of these are on youth.", "{} of which 27 are on youth."):
        said = text.format("61 projects are in Africa,")
        assert [one.mark.value for one in checker.check(said)] == ["printed", "cannot-be-known"]
    found = checker.check("61 projects are in Africa. 12 in Europe, 22 are in Asia (para. 25).")
    assert [one.mark.value for one in found] == ["printed", "not-recognised", "not-recognised"]
    said = "61 projects are in Africa. Of these, 27 projects focus on youth."
    assert [one.mark.value for one in checker.check(said)] == ["printed", "not-recognised"]
    said = "223 projects were mapped. Of these, 27 projects focus on youth."
    assert [one.mark.value for one in checker.check(said)] == ["printed", "printed"]


def test_a_finding_has_its_reason_its_source_and_what_to_say_instead(checker):
    [one] = checker.check("The matrix has 72 national projects.")
    assert (one.said, one.mark.value) == ("The matrix has 72 national projects", "differs")
    assert (one.reason, one.source) == ("The report has another number.", "A/72/621, para. 25")
    assert one.instead == "75 projects are national in scope (A/72/621, para. 25)."
    [one] = checker.check("19 youth projects in Africa")
    assert one.reason == "The report’s totals allow several numbers."
    assert one.instead == (
        "Projects on empowering youth in Africa: not stated; A/72/621's totals allow 0 to 27."
    )
    [one] = checker.check("Youth and gender account for 49 projects.")
    assert one.reason == (
        "49 projects on empowering youth or on gender equality and empowering women: 27 + 22, both "
        "in A/72/621, para. 24."
    )
    one, _whole = checker.check("12 per cent of the 223 projects are on youth.")
    assert one.reason == (
        "27 of the 223 projects (12 %) are on empowering youth (A/72/621, para. 24)."
    )
    [one] = checker.check("The UN has more than 270 projects on preventing violent extremism.")
    assert (
        one.mark.value == "other-source" and one.source == "The page of the High-level Conference"
    )


def test_quotations_are_compared_word_for_word(checker):
    said = "“There is no single driver or set of drivers” (A/72/621, para. {})"
    [one] = checker.check(said.format(9))
    assert (one.mark.value, one.source) == ("printed", "A/72/621, para. 9")
    [one] = checker.check(said.format(8))
    assert (one.mark.value, one.source) == ("differs", "A/72/621, para. 9")
    assert one.reason == "These words are not in A/72/621, para. 8."
    [one] = checker.check("The report says: “There is no single cause or set of drivers”.")
    assert (one.mark.value, one.reason) == ("differs", "These words are not in A/72/621.")
    assert one.instead.startswith("“There is no single driver or set of drivers that push or pull")
    # Of another document, or of nobody.
    assert not checker.check("“There is no single cause or set of causes” (A/70/674, para. 9)")
    assert not checker.check("He said: “There is no single cause or set of causes”.")


HOSTILE = {
    "numbers": "27 " * 6_600,
    "one digit": "1" * 20_000,
    "lines": "\n27 youth projects" * 1_100,
    "one sentence": "projects on youth 27, in Africa 61, " * 550,
    "quotations": "“the projects focus on youth” " * 600 + "(A/72/621)",
    "open quotations": "“" * 20_000,
}


@pytest.mark.long
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_takes_more_than_a_second(checker, text):
    checker.check("27 youth projects in Africa")
    start = time.process_time()
    assert len(checker.check(text)) <= MOST
    assert time.process_time() - start < 1


def test_queries_do_not_grow_with_the_text(checker, django_assert_max_num_queries):
    checker.check("Kenya has 3 projects. UNESCO has 4 projects.")
    with django_assert_max_num_queries(1):
        checker.check("Somalia has 5 projects. UNDP has 9 projects. Mali has 2. " * 40)


TEXT = (
    "27 projects focus on youth.\nThe matrix has 72 national projects.\n"
    "19 youth projects in Africa."
)


def word(document: bytes, **others: bytes) -> bytes:
    """A file with this document; `others` are parts by name."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", document)
        for name, part in others.items():
            file.writestr(name, part)
    return content.getvalue()


def paragraphs(*texts: str, head: str = "") -> bytes:
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    said = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in texts)
    return f'{head}<w:document xmlns:w="{namespace}"><w:body>{said}</w:body></w:document>'.encode()


def send(client, **data):
    return client.post("/check/", data)


def send_file(client, content: bytes):
    return send(client, file=SimpleUploadedFile("draft.docx", content))


def test_a_pasted_text_is_marked_in_words_with_reasons(client):
    response = send(client, text=TEXT)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    page = response.content.decode()
    assert "<li>Printed: 1</li>" in page and "<li>Differs: 1</li>" in page
    assert '<mark id="statement-0">27 projects focus on youth</mark>' in page
    assert '<a href="#reason-28">[Differs]</a>' in page
    assert "75 projects are national in scope (" in page
    assert "totals allow 0 to 27" in page
    # The form has the text again, for downloads.
    assert f"\n{TEXT}</textarea>" in page


def test_the_page_is_found_and_refuses_parameters(client):
    page = client.get("/check/").content.decode()
    assert "Your text is read in memory and is not stored" in page
    assert client.get("/fr/check/").status_code == 200
    assert client.get("/check/?text=27").status_code == 400


def test_the_form_needs_its_token_and_no_session(register):
    client = Client(enforce_csrf_checks=True)
    assert send(client, text=TEXT).status_code == 403
    page = client.get("/check/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    response = send(client, text=TEXT, csrfmiddlewaretoken=token)
    assert response.status_code == 200
    assert "sessionid" not in client.cookies


def test_a_text_is_neither_empty_nor_too_long(client):
    response = send(client, text=" ")
    assert response.status_code == 400
    assert "Paste a text, or choose a Word document." in response.content.decode()
    # A browser sends two characters for a line break.
    assert send(client, text="27\r\n" * 6_666).status_code == 200
    response = send(client, text="x" * 20_001)
    assert response.status_code == 400
    assert "The text has more than 20000 characters." in response.content.decode()


def test_a_word_document_is_read(client):
    page = send_file(client, word(paragraphs(*TEXT.split("\n")))).content.decode()
    assert f"\n{TEXT}</textarea>" in page and "[Cannot be known]" in page


BOMB = b"<w:p/>" * 1_600_000
REFUSED = {
    "no zip": (b"PK no", "This is no Word document (.docx)."),
    "no document": (word(b""), "This is no Word document (.docx)."),
    "not XML": (word(b"<w:document"), "This is no Word document (.docx)."),
    "DOCTYPE": (
        word(paragraphs("&a;", head='<!DOCTYPE w [<!ENTITY a "27 projects">]>')),
        "The file has a DOCTYPE, which no Word document has.",
    ),
    "unpacked": (
        word(b"", others=b" " * 10_000_001),
        "Unpacked, the file has more than 10000000 bytes.",
    ),
    "large": (b"PK" * 500_001, "The file has more than 1000000 bytes."),
    "elements": (
        word(paragraphs("x").replace(b"<w:p>", BOMB + b"<w:p>")),
        "The file has too many parts. Paste the text instead.",
    ),
    "long": (word(paragraphs("x" * 20_001)), "The text has more than 20000 characters."),
    "deep": (word(b"<a>" * 500_000), "The file has too many parts. Paste the text instead."),
}


@pytest.mark.parametrize(("content", "message"), REFUSED.values(), ids=REFUSED)
def test_a_hostile_file_is_refused_within_a_second(client, content, message):
    start = time.process_time()
    response = send_file(client, content)
    assert time.process_time() - start < 1
    assert response.status_code == 400
    assert message in html.unescape(response.content.decode())


def test_a_file_that_says_it_is_small_is_read_no_further(client):
    content = bytearray(word(paragraphs("x") + b" " * 12_000_000))
    for place in (m.start() for m in re.finditer(b"PK\x01\x02", bytes(content))):
        content[place + 24 : place + 28] = (100).to_bytes(4, "little")
    assert send_file(client, bytes(content)).status_code == 400


def test_a_request_that_is_too_large_is_not_read(client):
    response = client.post(
        "/check/", b"x" * 2_000_001, content_type="multipart/form-data; boundary=x"
    )
    assert response.status_code == 413


def test_the_text_comes_back_as_word_with_comments_and_as_json(client):
    response = send(client, **{"text": TEXT, "as": "docx"})
    assert response["Content-Disposition"] == 'attachment; filename="pve-check.docx"'
    document = Document(BytesIO(body(response)))
    assert [one.text for one in document.paragraphs[1:]] == TEXT.split("\n")
    comments = [one.text for one in document.comments]
    assert comments[1] == (
        "Differs: The report has another number. "
        "75 projects are national in scope (A/72/621, para. 25)."
    )
    response = send(client, **{"text": TEXT, "as": "json"})
    assert response["Content-Disposition"] == 'attachment; filename="pve-check.json"'
    data = response.json()
    assert data["marks"] == {"printed": 1, "differs": 1, "cannot-be-known": 1}
    assert data["statements"][0] == {
        **{"start": 0, "end": 26, "text": "27 projects focus on youth", "mark": "printed"},
        **{"reason": "The number is in the report.", "source": "A/72/621, para. 24"},
        "instead": None,
    }


API = "/api/v1/check/"


def ask(client, sent: str | bytes, kind: str = "text/plain", **headers):
    return client.post(API, sent, content_type=kind, **headers)


def test_the_api_checks_a_text_without_cookie_token_or_cache(register):
    client = Client(enforce_csrf_checks=True)
    response = ask(client, TEXT, headers={"Origin": "https://a.example"})
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "cookie" not in response.get("Vary", "").lower() and not response.cookies
    assert response["RateLimit"].startswith('"address";r=')
    data = response.json()
    assert [*data] == ["language", "characters", "marks", "statements"]
    assert (data["language"], data["characters"]) == ("en", len(TEXT))
    assert [one["mark"] for one in data["statements"]] == [
        "printed",
        "differs",
        "cannot-be-known",
    ]
    # The same sentence as everywhere.
    answer = client.get("/api/v1/answers/?priority_area=youth&region=africa").json()
    assert data["statements"][2]["instead"] == answer["sentence"]


def test_the_api_reads_other_languages(client):
    sent = {"text": "27 projets portent sur l’autonomisation des jeunes.", "language": "fr"}
    data = ask(client, json.dumps(sent), "application/json").json()
    assert (data["language"], data["marks"]) == ("fr", {"printed": 1})
    sent = {"text": "27 projects focus on youth."}
    assert ask(client, json.dumps(sent), "application/json").json()["marks"] == {"printed": 1}


REFUSED_BY_API = [
    ("a=1", "application/x-www-form-urlencoded", 415, "Send text/plain, or application/json"),
    (b"\xff", "text/plain", 400, "Send UTF-8"),
    ("[" * 50_000, "application/json", 400, "Send UTF-8"),
    ('{"text": 27}', "application/json", 400, "Send UTF-8"),
    ('{"text": "\\ud800"}', "application/json", 400, "Send UTF-8"),
    ('{"text": "a", "lang": "fr"}', "application/json", 400, "Send UTF-8"),
    ('{"text": "a", "language": []}', "application/json", 400, "is one of these: ar, zh, en"),
    ("x" * 20_001, "text/plain", 413, "The text has more than 20000 characters."),
    ("x" * 100_001, "text/plain", 413, "This address accepts at most 100000 bytes."),
]


@pytest.mark.parametrize(("sent", "kind", "status", "detail"), REFUSED_BY_API)
def test_the_api_says_why_a_text_is_not_read(client, sent, kind, status, detail):
    response = ask(client, sent, kind)
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert detail in response.json()["detail"]
    assert "no-store" in response["Cache-Control"]


def test_the_api_takes_post_there_and_nothing_else(client):
    for method in ("get", "head", "put", "patch", "delete"):
        refused = getattr(client, method)(API)
        assert (refused.status_code, refused["Allow"]) == (405, "POST, OPTIONS"), method
    assert client.post(f"{API}?x=1", "27", content_type="text/plain").status_code == 400
    preflight = client.options(API, headers={"Origin": "https://a.example"})
    assert (preflight.status_code, preflight["Allow"]) == (200, "POST, OPTIONS")
    assert preflight["Access-Control-Allow-Headers"] == "*"
    # No page may be read by other sites.
    refused = client.post("/check/", {"text": TEXT}, headers={"Origin": "https://a.example"})
    assert "Access-Control-Allow-Origin" not in refused


def test_the_api_counts_texts_in_the_rate_limit(client, settings):
    settings.API_ANSWERS_A_MINUTE = 2
    caches["limits"].clear()
    assert [ask(client, TEXT).status_code for _time in range(3)] == [200, 200, 429]


# Nothing of a text is stored

SECRET = "Xylophonium quokka 27 projects focus on youth in Zembla"


def everything(tmp_path) -> str:
    """All that the site stores: caches, sessions, rows, and files that were made."""
    stored = [repr(cache._cache) for name in ("pages", "queries") for cache in [caches[name]]]
    rows = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows.append(repr(cursor.fetchall()) if "cache" in table or "session" in table else "")
    files = [path.read_bytes().decode(errors="replace") for path in tmp_path.rglob("*.*")]
    return "\n".join([*stored, *rows, *files])


def test_nothing_of_a_text_is_stored(client, tmp_path, monkeypatch, caplog, settings, capfd):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name in ("NamedTemporaryFile", "TemporaryFile", "mkstemp", "SpooledTemporaryFile"):
        # A temporary file would be an error, and no answer.
        monkeypatch.setattr(tempfile, name, None)
    client.raise_request_exception = False
    caplog.set_level(logging.DEBUG)
    statuses = [
        send(client, text=SECRET).status_code,
        send(client, **{"text": SECRET, "as": "docx"}).status_code,
        send(client, **{"text": SECRET, "as": "json"}).status_code,
        send_file(client, word(paragraphs(SECRET))).status_code,
        ask(client, SECRET).status_code,
        send_file(client, word(paragraphs(SECRET * 400))).status_code,
        send_file(client, SECRET.encode()).status_code,
        send(client, text=SECRET * 400).status_code,
        ask(
            client, json.dumps({"text": SECRET, "language": SECRET}), "application/json"
        ).status_code,
        client.post("/check/", SECRET.encode() * 50_000, content_type="text/plain").status_code,
        ask(client, SECRET * 2_000).status_code,
        ask(client, SECRET, "text/html").status_code,
        Client(enforce_csrf_checks=True).post("/check/", {"text": SECRET}).status_code,
    ]
    assert statuses == [200] * 5 + [400] * 4 + [413, 413, 415, 403]
    # An error in the middle.
    monkeypatch.setattr(Checker, "check", lambda self, text: 1 / 0)
    assert send(client, text=SECRET).status_code == 500
    assert ask(client, SECRET).status_code == 500
    logged = caplog.text + "".join(capfd.readouterr())
    for text in (everything(tmp_path), logged):
        assert "Xylophonium" not in text and "Zembla" not in text
    assert "ZeroDivisionError" in logged


def test_the_proxy_keeps_a_text_in_memory():
    text = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    [(addresses, block)] = re.findall(r"location ~ (\S*check\S*) \{(.*?)\}\n", text, re.DOTALL)
    for address in ("/check/", "/fr/check/", "/zh/check/", API):
        assert re.search(addresses, address)
    for address in ("/checks/", "/api/v1/checks/"):
        assert not re.search(addresses, address)
    for line in (
        "client_max_body_size 2m",
        "client_body_buffer_size 2m",
        "proxy_max_temp_file_size 0",
    ):
        assert f"{line};" in block
