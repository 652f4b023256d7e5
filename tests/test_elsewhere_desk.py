"""Projects elsewhere at the desk: the list, judgements, imports, likely pairs, and the commands."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from projects.elsewhere.models import Judgement, Record
from projects.elsewhere.reading import Named
from projects.history import Revision, recording
from projects.models import Batch, Project

from .conftest import ROOT, member
from .files import command, confirm, csv_of
from .pages import body, queries_of, submit, text_of
from .test_elsewhere import judge, listed, load, others, reading
from .test_gate import to_publish
from .test_review import sign_off

pytestmark = pytest.mark.usefixtures("register")

LIST = "/admin/elsewhere/record/"
IMPORT = f"{LIST}import/"
PAIRS = f"{LIST}pairs/"
JUDGEMENTS = "/admin/elsewhere/judgement/"
IATI = ROOT / "tests/data/iati"
CHANGED_SINCE = "The register changed meanwhile. Look again."
ALL_THERE = "The register has all of this already."
# A record that ships, and that nobody has judged.
KEY = "undp:00094760"
TITLE = "support to curtailing further radicalization/lac"
LETTER = "Letter of UNDP, 3 March 2026"


def rows(client, query: str = "") -> dict[str, tuple[str, str]]:
    """What the list has: by key the judgement, and where it leads, if anywhere."""
    found = {}
    for row in client.get(f"{LIST}{query}").content.decode().split("<tr>"):
        if key := re.search(r'field-key">([^<]*)<', row):
            cell = row.partition('field-judgement">')[2].partition("</td>")[0]
            address = re.search('href="([^"]*)"', cell)
            words = re.sub("<[^>]+>", "", cell)
            found[key[1]] = words, unescape(address[1]) if address else ""
    return found


def counts() -> tuple[int, int]:
    """How many records there are, and how many changes of records."""
    return Record.objects.count(), Revision.objects.of_model(Record).count()


def upload(client, content: bytes, name: str = "x.csv", **said):
    """Upload a file; the answer."""
    return client.post(IMPORT, {"file": SimpleUploadedFile(name, content), **said})


def uploaded(client, content: bytes, name: str = "x.csv", **said) -> str:
    """Upload a file that is read; the address of its preview."""
    answer = upload(client, content, name, **said)
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"] == f"{IMPORT}{Batch.objects.get(applied_at=None).pk}/"
    return answer["Location"]


def done(client, page: str, reason: str = "The data of UNDP") -> str:
    """Confirm a preview; the address of the import that it became."""
    number = page.removeprefix(IMPORT).strip("/")
    answer = confirm(client, page, reason)
    assert answer["Location"] == f"/admin/projects/batch/{number}/change/"
    return answer["Location"]


def numbers(client, page: str) -> list[int]:
    """How many a preview says to add, to change, are unchanged and gone."""
    text = text_of(client, page)
    labels = ("To add", "To change", "Unchanged", "No longer in the data set; they stay")
    return [int(re.search(rf"{label}: (\d+)", text)[1]) for label in labels]


def from_iati(name: str) -> bytes:
    return (IATI / f"{name}.xml").read_bytes()


def activities(*identifiers: str, title: str = "Activity") -> bytes:
    """An IATI file of one invented publisher, with these activities."""
    found = "".join(
        f"""<iati-activity xml:lang="en"><iati-identifier>{one}</iati-identifier>
        <reporting-org ref="XX-1" type="40"><narrative>Invented Office</narrative></reporting-org>
        <title><narrative>{title} {one}</narrative></title></iati-activity>"""
        for one in identifiers
    )
    return f'<iati-activities version="2.03">{found}</iati-activities>'.encode()


ELEVEN = [f"XX-{number:02}" for number in range(11)]


def public(key: str) -> dict:
    return Client().get(f"/api/v1/elsewhere/{key}/").json()


def undo(client, page: str, reason: str = "The wrong file") -> str:
    answer = client.post(page.replace("change", "undo"), {"reason": reason}, follow=True)
    return answer.content.decode()


# The list


def test_the_list_has_every_record_with_what_is_judged_of_it(editor):
    found = rows(editor)
    assert len(found) == 84
    assert found[KEY] == ("Judge", f"{JUDGEMENTS}add/?key=undp%3A00094760")
    words, address = found["pages:S01"]
    assert words == "The same as another"
    assert address == f"{JUDGEMENTS}{Judgement.objects.get(key='pages:S01').pk}/change/"
    assert found["pages:S04"][0] == "Part of another"
    text = text_of(editor, LIST)
    assert "2016-03-01 – 2018-06-30" in text
    assert f'<a href="/elsewhere/undp/00094760/">{TITLE}</a>' in editor.get(LIST).content.decode()
    html = editor.get(found[KEY][1]).content.decode()
    assert re.search(r'<input[^>]*name="key"[^>]*value="undp:00094760"', html)


def test_the_list_is_narrowed_by_judgement_and_data_set(editor):
    for query, number in {
        "?judged=": 72,
        "?judged=same": 9,
        "?data_set=open.undp.org": 34,
        "?judged=part&data_set=pages": 3,
        "?q=curtailing": 1,
    }.items():
        assert len(rows(editor, query)) == number, query


def test_the_list_offers_a_viewer_no_form_that_is_refused():
    viewer = member("Viewers", "viewer")
    # Of what nobody judged there is no link; the other judgements can be read.
    assert {*rows(viewer, "?judged=").values()} == {("-", "")}
    assert viewer.get(rows(viewer)["pages:S01"][1]).status_code == 200
    assert "Import projects elsewhere" not in viewer.get(LIST).content.decode()


def test_the_list_costs_the_same_with_fifty_more_records(editor):
    queries_of(editor, LIST)
    few = queries_of(editor, LIST)
    load(*others(50))
    assert Record.objects.count() == 134
    assert queries_of(editor, LIST) == few


# Judgements


def judged(client, page: str = f"{JUDGEMENTS}add/", **values):
    known = {"key": KEY, "kind": "same", "other": "", "why": "The same title.", "source": ""}
    return submit(client, page, known | values)


def test_a_judgement_is_public_at_once_without_a_name():
    editor = member("Editors", "hildegard")
    assert judged(editor, other="undp:00086326")["Location"] == JUDGEMENTS
    row = public(KEY)
    assert (row["judgement"], row["reason"]) == ("same", "The same title.")
    page = text_of(Client(), "/elsewhere/undp/00094760/")
    title = Record.objects.get(key="undp:00086326").title
    assert f"It is the same as “{title}”." in page
    assert "The same title. Our reading" in page
    assert KEY not in listed(Client())
    one = Judgement.objects.get(key=KEY)
    assert one.by_name == "hildegard"
    assert "hildegard" in text_of(editor, JUDGEMENTS)
    for address in ("/elsewhere/undp/00094760/", f"/api/v1/elsewhere/{KEY}/", "/projects/changes/"):
        assert "hildegard" not in body(Client().get(address)).decode(), address


@pytest.mark.parametrize(
    ("sent", "field", "problem"),
    [
        ({}, "other", "Say which one, for this judgement only."),
        # Nobody chooses a placeholder.
        ({"other": "PVE-100"}, "other", "There is no entry “PVE-100”."),
        ({"other": "undp:1"}, "other", "There is no record “undp:1”."),
        ({"other": KEY}, "other", f"“{KEY}” is judged to be the same as this one, or a part"),
        ({"key": "undp:00086693", "other": "pages:S10"}, "other", "the same as this one"),
        ({"kind": "one-of"}, "source", "A document has to say that it is one"),
        (
            {"kind": "one-of", "other": "undp:00086326", "source": LETTER},
            "other",
            "“undp:00086326” is not the reference of an entry.",
        ),
        ({"other": "PVE-001", "why": ""}, "why", "This field is required."),
        ({"other": "PVE-001", "why": "x" * 301}, "why", "at most 300 characters"),
        ({"kind": "not-one-of", "key": "undp:1"}, "key", "There is no record “undp:1”."),
        ({"kind": "not-one-of", "key": "pages:S01"}, "key", "already exists"),
    ],
)
def test_a_wrong_judgement_is_refused_at_its_field(editor, sent, field, problem):
    before = [*Judgement.objects.values_list("key", "kind", "other")]
    answer = judged(editor, **sent)
    assert answer.status_code == 200
    errors = answer.context["adminform"].form.errors
    assert problem in " ".join(errors[field])
    assert problem in unescape(answer.content.decode())
    assert [*Judgement.objects.values_list("key", "kind", "other")] == before


def test_changing_and_deleting_a_judgement_is_in_its_history(editor, reviewer):
    judged(editor, other="undp:00086326")
    page = f"{JUDGEMENTS}{Judgement.objects.get(key=KEY).pk}/change/"
    assert judged(editor, page, kind="not-one-of", why="Not the same.")["Location"] == JUDGEMENTS
    assert (public(KEY)["judgement"], public(KEY)["reason"]) == ("not-one-of", "Not the same.")
    history = text_of(editor, page.replace("change", "history"))
    for said in ("The same title.", "Not the same.", "The same as another", "editor"):
        assert said in history, said
    # Who changes it last is named at the desk, and the number of the record is permanent.
    judged(reviewer, page, kind="not-one-of", why="Not it.", key="undp:00086326")
    one = Judgement.objects.get(key=KEY)
    assert (one.by_name, one.why) == ("reviewer", "Not it.")
    assert not Judgement.objects.filter(key="undp:00086326").exists()
    deleted = submit(editor, page.replace("change", "delete"), {"post": "yes", "reason": "Wrong"})
    assert deleted["Location"] == JUDGEMENTS
    row = public(KEY)
    assert (row["judgement"], row["reason"]) == ("not-known", "")
    assert KEY in listed(Client())
    revisions = Revision.objects.filter(key=KEY)
    actions = [one.action for one in revisions.order_by("pk")]
    assert actions == ["added", "changed", "changed", "deleted"]
    assert "Wrong" in text_of(editor, f"/admin/projects/revision/?q={KEY}")
    assert "No source says whether it is one" in text_of(Client(), "/elsewhere/undp/00094760/")


# One of the 223


def describing(client, key: str = KEY, **values) -> str:
    """Judge a record to be one of the 223 without naming the entry; where it leads."""
    sent = {"key": key, "kind": "one-of", "source": LETTER, "why": "UNDP names it."} | values
    return judged(client, **sent)["Location"]


def fill_in(client, page: str, **values):
    """Send the form of a new project as a browser shows it, with what the source adds."""
    form = client.get(page).context["adminform"].form
    sent = {}
    for one in form:
        value = one.value()
        if value not in (None, "", False, []):
            several = isinstance(value, list | tuple) or hasattr(value, "all")
            sent[one.name] = [getattr(v, "pk", v) for v in value] if several else value
    sent |= {"quotations-TOTAL_FORMS": 0, "quotations-INITIAL_FORMS": 0}
    sent |= {"priority_area": "youth", "priority_area_basis": "stated"}
    sent |= {"scope": "national", "scope_basis": "stated", "in_africa": "on"}
    sent |= {"regions_basis": "stated"}
    return client.post(page, sent | values)


def test_one_of_the_223_opens_the_form_of_a_project_filled_in(editor):
    page = describing(editor)
    assert urlsplit(page).path == "/admin/projects/project/add/"
    assert not Judgement.objects.filter(key=KEY).exists()
    form = editor.get(page).context["adminform"].form
    shown = {name: form[name].value() for name in ("title", "start_date", "end_date", "source")}
    assert [*shown.values()] == [TITLE, "2016-03-01", "2018-06-30", LETTER]
    assert (form["in_matrix"].value(), form["provenance"].value()) == ("yes", "confirmed")
    assert form["reference"].value() == "PVE-224"
    for name, known in (("countries", "Chad"), ("entities", "UNDP")):
        (chosen,) = form.fields[name].queryset.filter(pk__in=form[name].value())
        assert known in str(chosen)
    assert parse_qs(urlsplit(page).query)["elsewhere"] == [KEY]


@pytest.mark.long
def test_one_of_the_223_is_public_once_its_entry_is(editor, reviewer, client):
    page = describing(editor, source="A/70/674, para. 2")
    assert fill_in(editor, page)["Location"] == "/admin/projects/project/"
    project = Project.live.get(reference="PVE-224")
    assert (project.title, project.review) == (TITLE, "draft")
    one = Judgement.objects.get(key=KEY)
    assert (one.kind, one.other, one.source) == ("one-of", "PVE-224", "A/70/674, para. 2")
    assert (one.why, one.by_name) == ("UNDP names it.", "editor")
    # Nothing of it is public.
    assert KEY in listed(client)
    assert public(KEY)["judgement"] == "not-known"
    assert client.get("/projects/PVE-224/").status_code == 404
    for address in ("/elsewhere/undp/00094760/", "/elsewhere/export.csv", "/projects/export.csv"):
        shown = body(client.get(address)).decode()
        assert "PVE-224" not in shown, address
        assert "UNDP names it." not in shown, address
    # Who wrote it does not publish it; somebody else does.
    assert "is published" not in sign_off(editor, project)
    assert "PVE-224 is published." in sign_off(reviewer, project)
    assert KEY not in listed(client)
    assert len(listed(client)) == 71
    row = public(KEY)
    assert (row["judgement"], row["reason"]) == ("one-of", "UNDP names it.")
    assert "It is one of the projects that the report counts: PVE-224" in text_of(
        client, "/elsewhere/undp/00094760/"
    )
    entry = client.get("/projects/PVE-224/").content.decode()
    assert 'href="/elsewhere/undp/00094760/"' in entry


def test_an_address_that_somebody_sent_judges_nothing_and_is_said(editor):
    page = describing(editor)
    other = page.replace("00094760", "00086326") + "&why=Spam"
    for sent, key in ((other, "undp:00086326"), (page, KEY)):
        # The second is sent again: the reason was there for one entry.
        number = Project.live.count()
        assert fill_in(editor, sent)["Location"] == "/admin/projects/project/"
        said = f"Nothing is judged of {key}: Judge the record again, naming this entry."
        assert said in text_of(editor, "/admin/")
        # The entry is saved all the same: nobody types it again.
        assert Project.live.count() == number + 1
    assert not Judgement.objects.filter(key__in=(KEY, "undp:00086326")).exists()


def test_who_may_not_judge_does_not_judge_by_the_form_of_a_project(editor):
    page = describing(editor)
    user = User.objects.create_user("clerk", is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename="add_project"))
    clerk, number = Client(), Project.live.count()
    clerk.force_login(user)
    assert fill_in(clerk, page).status_code == 403
    assert Project.live.count() == number
    assert not Judgement.objects.filter(key=KEY).exists()


# An import of IATI


def test_an_iati_file_is_shown_and_becomes_public_once_it_is_confirmed(editor, client):
    page = uploaded(editor, from_iati("good_2_03"), "good_2_03.xml", licence="CC BY")
    before = counts()
    assert numbers(editor, page) == [2, 0, 0, 0]
    text = text_of(editor, page)
    assert "iati:XX-TEST-1-0001: Voices of the lake" in text
    assert "iati:XX-TEST-1-0002: Un atelier" in text
    assert "A participating-org has no ref and no narrative: it is left out." in text
    assert counts() == before == (84, 0)
    assert client.get("/elsewhere/iati/XX-TEST-1-0001/").status_code == 404
    done(editor, page, "Their data")
    assert counts() == (86, 2)
    shown = text_of(client, "/elsewhere/iati/XX-TEST-1-0001/")
    for said in ("Voices of the lake", "Invented Office", "15 February 2016"):
        assert said in shown, said
    row = public("iati:XX-TEST-1-0001")
    assert (row["start"], row["planned_end"]) == ("2016-02-15", "2018-12-31")
    assert (row["country_codes"], row["licence"]) == (["KEN", "SOM"], "CC BY")
    assert len(listed(client)) == 74
    assert {one.reason for one in Revision.objects.of_model(Record)} == {"Their data"}
    # The same file has nothing to import.
    page = uploaded(editor, from_iati("good_2_03"), "x.xml")
    assert numbers(editor, page) == [0, 0, 2, 0]
    html = editor.get(page).content.decode()
    assert (ALL_THERE in html, 'name="digest"' in html) == (True, False)


def changed_file() -> bytes:
    """The first of the two activities with another title and a new end, and one that is new."""
    text = from_iati("good_2_03").decode()
    text = text.replace("Voices of the lake", "Songs of the lake")
    start = '<activity-date iso-date="2016-02-15" type="2"/>'
    text = text.replace(start, start + '<activity-date iso-date="2018-05-31" type="4"/>')
    return text.replace("XX-TEST-1-0002", "XX-TEST-1-0003").encode()


def test_a_changed_file_shows_what_changes_and_what_is_gone(editor, client):
    done(editor, uploaded(editor, from_iati("good_2_03"), "x.xml"))
    page = uploaded(editor, changed_file(), "x.xml")
    assert numbers(editor, page) == [1, 1, 0, 1]
    html = editor.get(page).content.decode()
    (details,) = re.findall(r"<details open>.*?</details>", html, re.DOTALL)
    assert "<summary>iati:XX-TEST-1-0001</summary>" in details
    columns = re.findall(r'<th scope="row">([^<]*)</th>', details)
    # Closed after its last update says that the status is not right: a flag that is new.
    assert {"titles", "end"} <= {*columns} <= {"titles", "end", "flags"}
    assert "en-GB Songs of the lake;fr Des voix du lac" in details
    assert "2018-05-31" in details
    # What is gone is named.
    assert "iati:XX-TEST-1-0002" in html
    done(editor, page)
    assert public("iati:XX-TEST-1-0001")["title"] == "Songs of the lake"
    assert client.get("/elsewhere/iati/XX-TEST-1-0003/").status_code == 200
    # What is gone stays.
    assert public("iati:XX-TEST-1-0002")["title"] == "Un atelier"
    assert len(listed(client)) == 75


def test_undoing_restores_what_changed_and_deletes_what_was_new(editor, reviewer, client):
    done(editor, uploaded(editor, from_iati("good_2_03"), "x.xml"))
    page = done(reviewer, uploaded(reviewer, changed_file(), "x.xml"))
    assert public("iati:XX-TEST-1-0001")["title"] == "Songs of the lake"
    # An editor undoes nothing, and who did it does not undo it.
    assert editor.post(page.replace("change", "undo"), {"reason": "x"}).status_code == 403
    assert "You published it: somebody else undoes it." in undo(reviewer, page)
    assert public("iati:XX-TEST-1-0001")["title"] == "Songs of the lake"
    undo(member("Reviewers", "chief"), page)
    row = public("iati:XX-TEST-1-0001")
    assert (row["title"], row["end"]) == ("Voices of the lake", "")
    assert client.get("/elsewhere/iati/XX-TEST-1-0003/").status_code == 404
    assert public("iati:XX-TEST-1-0002")["title"] == "Un atelier"
    assert len(listed(client)) == 74


# More than ten


@pytest.mark.long
def test_ten_are_imported_at_once_and_eleven_wait(editor, reviewer, client):
    done(editor, uploaded(editor, activities(*ELEVEN[:10]), "ten.xml"))
    assert len(listed(client)) == 82
    page = uploaded(editor, activities(*ELEVEN, title="Another"), "eleven.xml")
    assert numbers(editor, page) == [1, 10, 0, 0]
    said = "A second person publishes it: it changes more than ten records."
    assert said in text_of(editor, page)
    before = counts()
    assert confirm(editor, page, "Their data")["Location"] == page
    assert "<strong>Waits for a second person</strong>" in editor.get(page).content.decode()
    assert counts() == before
    assert public("iati:XX-00")["title"] == "Activity XX-00"
    assert (to_publish(editor), to_publish(reviewer)) == ([], ["eleven.xml"])
    assert "editor sent it: “Their data”" in text_of(reviewer, page)
    done(reviewer, page)
    assert public("iati:XX-00")["title"] == "Another XX-00"
    assert len(listed(client)) == 83
    batch = Batch.objects.latest("pk")
    assert (batch.by_name, batch.state.sent_by) == ("reviewer", "editor")
    assert to_publish(reviewer) == []


def test_nothing_is_written_of_what_changed_meanwhile(editor, reviewer):
    done(editor, uploaded(editor, activities(*ELEVEN[:10]), "x.xml"))
    page = uploaded(editor, activities(*ELEVEN, title="Another"), "x.xml")
    confirm(editor, page)
    digest = reviewer.get(page).context["preview"].digest
    with recording(reason="The operator was faster"):
        record = Record.objects.get(key="iati:XX-03")
        record.published = record.published.replace("Activity XX-03", "Faster")
        record.save()
    answer = reviewer.post(page, {"digest": digest, "reason": "x"}, follow=True)
    assert CHANGED_SINCE in answer.content.decode()
    assert public("iati:XX-03")["title"] == "Faster"
    # The preview shows it as it is now, and that is published.
    done(reviewer, page)
    assert public("iati:XX-03")["title"] == "Another XX-03"


def test_who_had_no_hand_in_it_does_not_see_what_waits(editor, reviewer):
    page = uploaded(editor, activities("XX-1"), "x.xml")
    digest = editor.get(page).context["preview"].digest
    for client in (member("Editors", "other"), reviewer, member("Viewers", "viewer")):
        assert client.get(page).status_code == 403
        assert client.post(page, {"digest": digest, "reason": "x"}).status_code == 403
    assert Client().get(page)["Location"] == f"/admin/login/?next={page}"
    assert counts() == (84, 0)
    assert editor.get(f"{IMPORT}999999/").status_code == 404


# CSV


def test_what_was_exported_changes_nothing(editor, client):
    content = body(client.get("/elsewhere/export.csv"))
    assert numbers(editor, uploaded(editor, content)) == [0, 0, 72, 0]


def test_a_csv_changes_only_the_columns_that_it_has(editor):
    before = public(KEY)
    page = uploaded(editor, csv_of({"key": KEY, "title": TITLE, "end": "2019-12"}))
    assert numbers(editor, page) == [0, 1, 0, 0]
    html = editor.get(page).content.decode()
    assert re.findall(r'<th scope="row">([^<]*)</th>', html) == ["end"]
    done(editor, page)
    after = public(KEY)
    assert after["end"] == "2019-12"
    assert {name for name in after if after[name] != before[name]} == {"end"}


def test_a_csv_adds_a_record_with_all_that_it_says(editor, client):
    row = {
        "key": "unesco:YPB-1",
        "title": "Jeunes et paix",
        "title_language": "fr",
        "publisher": "UNESCO",
        "data_set": "list",
        "start": "2016",
        "end": "2018-03",
        "countries": "Chad;Atlantis",
        "entities": "UNESCO; ABC",
        "donors": "Japan",
        "money": "2017 budget USD 1200.50; 2017 expenditure USD -3",
        "speaks_of_it": "yes",
        "addresses": "https://example.org/a",
    }
    done(editor, uploaded(editor, csv_of(row), licence="CC BY", attribution="UNESCO, CC BY"))
    found = public("unesco:YPB-1")
    assert (found["title"], found["title_language"]) == ("Jeunes et paix", "fr")
    assert (found["countries"], found["entities"]) == (["Chad", "Atlantis"], ["UNESCO", "ABC"])
    assert found["money"] == [
        {"year": "2017", "kind": "budget", "currency": "USD", "amount": "1200.50"},
        {"year": "2017", "kind": "expenditure", "currency": "USD", "amount": "-3"},
    ]
    assert (found["licence"], found["attribution"]) == ("CC BY", "UNESCO, CC BY")
    html = client.get("/elsewhere/unesco/YPB-1/").content.decode()
    assert '<h1 lang="fr"' in html
    # Who wrote the file names the address: it is no publisher's, and no link.
    assert 'href="https://example.org/a"' not in html
    # The same file again has nothing new, and exports give it back.
    assert numbers(editor, uploaded(editor, csv_of(row))) == [0, 0, 1, 0]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"key,title,colour\nundp:1,x,red\n", "x.csv", "Unknown columns: colour. Allowed: key, "),
        ("key,title\nundp:1,Café\n".encode("cp1252"), "x.csv", "The file is not UTF-8: byte 21."),
        (b'key,title\nundp:1,"x\n', "x.csv", "The file is no CSV"),
        (from_iati("entity_bomb"), "x.xml", "The file has a DOCTYPE, which could declare entit"),
        (activities("XX-1"), "x.xlsx", "Allowed extensions are: xml, csv."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(editor, content, name, said):
    answer = upload(editor, content, name)
    assert answer.status_code == 400
    html = unescape(answer.content.decode())
    assert said in html
    assert "root:" not in html
    assert (counts(), Batch.objects.count()) == ((84, 0), 0)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"key": "PVE-001"}, "key “PVE-001” is not as in “undp:00094760”."),
        ({"title": ""}, "it has no title."),
        ({"end": "2018-02-30"}, "end “2018-02-30” is not YYYY, YYYY-MM or YYYY-MM-DD."),
        ({"money": "1200 dollars"}, "money “1200 dollars” is not as in “2017 budget USD 1200.50”."),
        ({"speaks_of_it": "no"}, "speaks_of_it “no” is not yes, partly or empty."),
        ({"title": "a\x00b"}, "title has a control character, U+0000."),
    ],
)
def test_a_row_that_is_wrong_is_listed_and_not_taken(editor, row, said):
    good = {"key": "test:1", "title": "A good row", "start": "", "end": "", "money": ""}
    good["speaks_of_it"] = ""
    page = uploaded(editor, csv_of(good, {**good, "key": "test:2"} | row))
    text = text_of(editor, page)
    assert "Rows that are not taken" in text
    # White space of the page is collapsed.
    assert " ".join(said.split()) in text
    assert numbers(editor, page) == [1, 0, 0, 0]
    assert counts() == (84, 0)


def test_an_identifier_that_no_address_can_have_is_not_taken(editor, client):
    sent = activities("XX-1", "XX-2&#10;b", "XX-3/a?b#c%20", "X" * 200)
    page = uploaded(editor, sent, "x.xml")
    assert numbers(editor, page) == [2, 0, 0, 0]
    done(editor, page)
    assert client.get("/elsewhere/").status_code == 200
    address = Record.objects.get(key="iati:XX-3/a?b#c%20").get_absolute_url()
    assert "Activity XX-3/a?b#c%20" in text_of(client, address)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(editor, settings):
    settings.IMPORT_LIMITS = {**settings.IMPORT_LIMITS, "bytes": 1000}
    answer = upload(editor, b"x" * 200_000)
    assert answer.status_code == 413
    assert "The file has more than the 1000 bytes that are allowed." in answer.content.decode()
    assert not Batch.objects.exists()


# Likely pairs


def alike(client) -> dict[str, str]:
    """The pairs of records of these tests, each with what the page says of it."""
    html = client.get(PAIRS).content.decode()
    items = [" ".join(re.sub("<[^>]+>", " ", one).split()) for one in html.split("<li>")]
    return {one.split("(")[1].split(")")[0]: unescape(one) for one in items if "(test:" in one}


@pytest.mark.long
def test_titles_that_are_alike_in_one_country_are_listed_until_they_are_judged(editor):
    kenya, chad = [Named(name="Kenya", code="KEN")], [Named(name="Chad", code="TCD")]
    load(
        reading("1", title="Zebra clubs of young readers", countries=kenya, start="2016"),
        reading("2", title="Clubs of young zebra readers", countries=kenya, end="2016"),
        reading("3", title="Clubs of young zebra readers", countries=chad, start="2016"),
        reading("4", title="Wholly different undertaking", countries=kenya, start="2016"),
    )
    (said,) = alike(editor).values()
    for part in ("test:1", "test:2", "alike by 100 of 100", "KEN", "2016"):
        assert part in said
    html = editor.get(PAIRS).content.decode()
    judge("test:" + re.search(rf"{JUDGEMENTS}add/\?key=test%3A([12])", html)[1], "not-one-of")
    assert alike(editor) == {}


# The command


def test_the_command_says_what_it_would_do_and_does_it(tmp_path):
    path = tmp_path / "x.xml"
    path.write_bytes(activities(*ELEVEN))
    found = "11 to add, 0 to change, 0 unchanged, 0 gone, 0 left out."
    tried = command("import_elsewhere", path, "--dry-run")
    assert tried == (0, [found, "Nothing was written (--dry-run)."])
    assert (counts(), Batch.objects.count()) == ((84, 0), 0)
    status, (said, written) = command("import_elsewhere", path, "--reason", "Their data")
    number = Batch.objects.get().pk
    assert (status, said, written) == (0, found, f"Written as batch {number}.")
    assert counts() == (95, 11)
    assert public("iati:XX-00")["title"] == "Activity XX-00"
    assert {one.reason for one in Revision.objects.of_model(Record)} == {"Their data"}
    _status, lines = command("import_elsewhere", path)
    assert lines == ["0 to add, 0 to change, 11 unchanged, 0 gone, 0 left out.", "0 changes."]


def test_the_command_lists_what_it_leaves_out_and_ends_with_1_or_2():
    status, lines = command("import_elsewhere", IATI / "twice.xml")
    assert status == 1
    assert lines[:2] == [
        "row 1, XX-TEST-1-0201: Activities 1 and 3 have the same identifier: none of them is read.",
        "1 to add, 0 to change, 0 unchanged, 0 gone, 1 left out.",
    ]
    (one,) = Record.objects.filter(key__startswith="iati:")
    assert one.key == "iati:XX-TEST-1-0202"
    status, (line,) = command("import_elsewhere", IATI / "entity_bomb.xml")
    assert (status, "The file has a DOCTYPE" in line) == (2, True)
