"""What somebody says of a sheet on its way in: mappings, values, and entities that come with it."""

import csv
import io
import re

import pytest
from django.conf import settings

from projects.columns import PROJECT_TABLE
from projects.imports import batches
from projects.imports.names import rows_of as rows_of_table
from projects.imports.reading import Translator
from projects.models import Batch, Country, Entity, Mapping, Project
from projects.vocabulary import Basis

from .annex import NEW, Walk, importer, rows_of, walked
from .files import csv_of
from .pages import queries_of, text_of

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("register")]


def test_values_that_nobody_can_know_are_asked_about_and_remembered(admin_client):
    row = NEW | {
        "Priority area": "Pillar I",
        "Lead entity": "The Alliance",
        "Country": "Kosovo (UNSCR 1244)",
    }
    walk = Walk(admin_client, "x.csv", rows_of(row))
    walk.map(keep_as="The Office’s annex", **{"all-regions_basis": "inferred"})
    asked = [form.written.text for form in walk.readings if form.written.is_asked]
    assert asked == ["Pillar I", "The Alliance"]
    walk.translate()
    assert walk.page.status_code == 400
    assert walk.page.content.decode().count("Choose a meaning, or ignore it.") == 2
    prefix = {form.written.text: form.prefix for form in walk.readings}
    area, entity = prefix["Pillar I"], prefix["The Alliance"]
    walk.translate(**{f"{area}-priority_area": "dialogue", f"{entity}-entities": "UNAOC"})
    assert walk.step == "match"
    walk.match()
    batch = walk.confirm()
    project = Project.published.get(title="Radio for dialogue")
    assert (project.priority_area, project.regions_basis) == ("dialogue", "inferred")
    # What somebody said that a text means is our reading of it, and quotes it.
    assert (project.priority_area_basis, project.scope_basis) == ("inferred", "stated")
    quoted = [(one.field, one.words, one.document) for one in project.quotations.all()]
    assert quoted == [("priority_area", "Pillar I", "Draft annex, https://x.org/2017")]
    assert [one.acronym for one in project.entities.all()] == ["UNAOC"]
    # What M49 has no code for came with it, and its footnote stands on the page.
    page = admin_client.get(project.get_absolute_url()).content.decode()
    assert "in the context of Security Council resolution 1244 (1999)" in page
    # The next sheet of the same headings is read so at once.
    assert Mapping.objects.get().name == "The Office’s annex"
    again = Walk(admin_client, "y.csv", rows_of(row | {"Project title": "Another"}))
    form = again.page.context["page"].form
    assert form["keep_as"].value() == ""
    assert "Update “The Office’s annex”" in again.page.content.decode()
    # Another sheet is another source.
    assert form["all-source"].value() is None
    again.map()
    assert again.step == "match"
    batches.undo(batch)
    assert not Country.objects.filter(code="XKX").exists()


def test_how_a_value_is_known_is_as_a_column_says_and_else_nothing_is_preset(admin_client):
    known = ("priority_area_basis", "scope basis", "Regions basis", "provenance")
    said = ("inferred", Basis.INFERRED.label, "inferred", "named")
    row = NEW | dict(zip(known, said, strict=True))
    walk = Walk(admin_client, "x.csv", rows_of(row))
    form = walk.page.context["page"].form
    assert [form[f"all-{name}_basis"].value() for name in ("priority_area", "scope")] == [None] * 2
    walk.map(**{f"all-{name}": "" for name in PROJECT_TABLE.bases.values()})
    walk.translate()
    walk.match()
    walk.confirm()
    project = Project.published.get(title="Radio for dialogue")
    bases = [getattr(project, name) for name in PROJECT_TABLE.bases.values()]
    assert (bases, project.provenance) == (["inferred"] * 3, "named")
    walk = Walk(admin_client, "y.csv", rows_of(NEW))
    walk.map(**{f"all-{name}": "" for name in PROJECT_TABLE.bases.values()})
    assert "Say how this is known: priority_area." in walk.page.content.decode()


def test_the_next_sheet_is_known_by_its_headings_and_what_has_none_by_its_place(admin_client):
    lines = b"Project title,Lead entity,\r\nRadio,UNESCO,Kenya\r\n"
    walk = Walk(admin_client, "x.csv", lines)
    assert "Read as: Column C" in " ".join(walk.page.content.decode().split())
    columns = walk.page.context["page"].columns
    (place,) = [one.prefix for one in columns if one.subject == "Column C"]
    walk.map(keep_as="The Office’s annex", **{f"{place}-is_of": "countries"})
    walk.translate()
    assert walk.page.context["matching"].matches[0].values["countries"] == ["KEN"]
    # One more column without a heading is no other sheet.
    again = Walk(admin_client, "y.csv", lines + b"Schools,UNDP,Mali,,A note\r\n")
    shown = {one.subject: one["is_of"].value() for one in again.page.context["page"].columns}
    assert (shown["Column C"], shown["Column E"]) == ("countries", "")
    # Another heading is.
    other = Walk(admin_client, "z.csv", b"Project title,Entity,\r\nRadio,UNESCO,Kenya\r\n")
    assert other.page.context["page"].form["keep_as"].value() == ""
    assert "countries" not in {one["is_of"].value() for one in other.page.context["page"].columns}


def test_a_stored_mapping_can_be_deleted(admin_client, client):
    Walk(admin_client, "x.csv", rows_of(NEW)).map(keep_as="The Office’s annex")
    importer(client)
    walk = Walk(client, "y.csv", rows_of(NEW))
    address = f"{walk.address}?forget=The%20Office%E2%80%99s%20annex"
    assert f'href="{address.removeprefix(walk.address)}">Delete' in walk.page.content.decode()
    # It is asked first.
    page = client.get(address).content.decode()
    assert "Delete “The Office’s annex”" in page
    assert "This cannot be undone." in page
    assert Mapping.objects.exists()
    walk.go(client.post(address))
    assert "“The Office’s annex” is deleted." in walk.page.content.decode()
    assert walk.page.context["page"].form["keep_as"].value() == ""
    assert client.get(address).status_code == 404
    assert not Mapping.objects.exists()


def test_a_kept_mapping_changes_by_its_own_button_only(admin_client, client):
    Walk(admin_client, "x.csv", rows_of(NEW)).map(keep_as="Draft annex")
    importer(client)

    def mapped_without_scope(**said: str) -> tuple[Walk, str, str]:
        walk = Walk(client, "y.csv", rows_of(NEW))
        columns = walk.page.context["page"].columns
        (scope,) = [one.prefix for one in columns if one.subject == "Scope"]
        walk.map(**{f"{scope}-is_of": ""} | said)
        kept = Mapping.objects.get()
        return walk, kept.layout["columns"]["Scope"], kept.by_name

    walk, *kept = mapped_without_scope()
    assert (walk.step, kept) == ("match", ["scope", "admin"])
    walk, *kept = mapped_without_scope(keep_as="Draft annex")
    assert (walk.step, kept) == ("map", ["scope", "admin"])
    assert "There is a mapping of this name. Write another." in walk.page.content.decode()
    walk, *kept = mapped_without_scope(update="yes")
    assert (walk.step, kept) == ("match", ["", "importer"])


def test_every_value_can_be_looked_at_again_page_by_page(admin_client, monkeypatch):
    monkeypatch.setattr("pvematrix.desk.annex.VALUES_A_PAGE", 2)
    walk = Walk(admin_client, "x.csv", rows_of(NEW | {"Status": "Ongoing"}))
    walk.map()
    walk.address = walk.address.replace("match/", "translate/?again=yes")
    walk.go(admin_client.get(walk.address))
    seen = []
    for _page in range(3):
        seen += [form.written.text for form in walk.readings]
        last = {f"{form.prefix}-status": "completed" for form in walk.readings}
        walk.translate(**last)
    assert seen == ["Empowering youth", "National", "Africa", "UNESCO", "Ongoing"]
    assert walk.step == "match"
    assert walk.page.context["matching"].matches[0].values["status"] == "completed"


def test_a_source_that_cannot_be_looked_up_is_refused_where_it_is_said(admin_client):
    walk = Walk(admin_client, "x.csv", rows_of(NEW))
    for source in ("A/72/621, para. 999", "Draft annex of the Office, 2017"):
        walk.map(**{"all-source": source})
        assert (walk.step, walk.page.status_code) == ("map", 400)
        said = str(walk.page.context["page"].form.errors["all-source"])
        assert "A confirmed entry needs a source of its own: a paragraph" in said
        assert '<a href="#id_all-source">Source</a>' in walk.page.content.decode()
        assert not Batch.objects.get().state.is_mapped
    walk.map(**{"all-source": "A/72/621, footnote 4"})
    walk.match()
    assert walk.page.context["preview"].problems == []
    # Rows that have a link may each be looked up by it.
    walk = Walk(admin_client, "x.csv", b"Project title,Link\r\nRadio,https://x.org/a\r\n")
    walk.map(**{"all-source": source})
    assert walk.step == "match"
    # And what is not confirmed by it needs none.
    walk = Walk(admin_client, "x.csv", rows_of(NEW))
    walk.map(**{"all-source": source, "all-provenance": "named"})
    assert walk.step == "match"


def test_regions_and_countries_can_be_the_same_of_all_rows(admin_client):
    sheet = b"Project title,Lead entity\r\nRadio,UNESCO\r\nSchools,UNDP\r\n"
    walk = Walk(admin_client, "x.csv", sheet)
    same = {"all-scope": "regional", "all-regions": ["africa", "asia"]}
    same |= {"all-countries": "Mali; The Gambia", "all-scope_basis": "stated"}
    walk.map(**same, **{"all-regions_basis": "stated", "keep_as": "West Africa"})
    assert walk.step == "match"
    said = [
        (one.values["regions"], one.values["countries"])
        for one in walk.page.context["matching"].matches
    ]
    assert said == [(["africa", "asia"], ["GMB", "MLI"])] * 2
    # The next sheet of its kind has them again.
    again = Walk(admin_client, "y.csv", sheet)
    form = again.page.context["page"].form
    assert form["all-regions"].value() == ["africa", "asia"]
    assert form["all-countries"].value() == "Mali; The Gambia"


def test_the_region_of_a_national_row_is_read_from_its_country(admin_client):
    kenya = NEW | {"Region": "", "Country": "Kenya"}
    sudan = NEW | {"Project title": "Schools", "Scope": "National (Sudan)", "Region": ""}
    both = NEW | {"Project title": "Both", "Region": "", "Country": "Sudan; Soudan"}
    # An entry that has regions by its own source keeps them.
    described = Project.published.get(reference="PVE-012")
    had = ([str(one.value) for one in described.regions], described.regions_basis)
    kept = NEW | {"Project title": described.title, "Region": "", "Country": "Kenya"}
    kept["Lead entity"] = "; ".join(one.acronym for one in described.entities.all())
    walk = Walk(admin_client, "x.csv", rows_of(kenya, sudan, both, kept))
    walk.map()
    walk.translate()
    # Which region a doubtful country is in is asked once, whatever it is called.
    (asked,) = walk.readings
    assert (asked.written.text, asked.written.label, asked.written.count) == ("SDN", "Sudan", 2)
    assert asked.proposal == "Middle East and North Africa"
    walk.translate(**{f"{asked.prefix}-regions": ["mena"]})
    assert walk.step == "match"
    text = " ".join(walk.page.content.decode().split())
    assert "4 national or regional rows name countries and no region." in text
    walk.post({"reads_regions": "no"})
    assert [one.match.wanted.regions for one in walk.page.context["page_rows"]] == [frozenset()] * 4
    walk.post({"reads_regions": "yes"})
    walk.match()
    walk.confirm()
    found = {}
    for title in ("Radio for dialogue", "Schools"):
        one = Project.published.get(title=title)
        words = [(each.field, each.words) for each in one.quotations.all()]
        found[title] = ([str(r.value) for r in one.regions], one.regions_basis, words)
    assert found == {
        "Radio for dialogue": (["africa"], "inferred", [("regions", "Kenya")]),
        "Schools": (["mena"], "inferred", [("regions", "National (Sudan)")]),
    }
    described.refresh_from_db()
    assert ([str(one.value) for one in described.regions], described.regions_basis) == had


def test_only_odd_dates_are_asked_about_and_what_says_nothing_is_no_problem(admin_client):
    lines = [
        ["Project title", "Lead entity", "Priority area", "Scope", "Link", "Start date", "Summary"],
        ["Radio for\ndialogue", "UNESCO", "Empowering youth", "Global", "n/a", "n/a", "One\nTwo"],
        ["Schools\u00a0for\u00adpeace", "UNDP", "Other areas", "Global", "TBC", "–", "N/A"],
        ["Village councils", "UNDP", "Other areas", "Global", "", "2016-02", "Nothing is known"],
        ["Town councils", "UNDP", "Other areas", "Global", "", "spring 2017", "One"],
    ]
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    walk = Walk(admin_client, "x.csv", text.getvalue().encode())
    walk.map()
    (asked,) = [form for form in walk.readings if form.written.is_asked]
    assert asked.written.text == "spring 2017"
    walk.translate(**{f"{asked.prefix}-start_date": "2017"})
    walk.match()
    preview = walk.page.context["preview"]
    assert preview.problems == []
    said = {
        column: [(was, now) for was, now, _count in some] for column, some in preview.read_otherwise
    }
    assert said == {
        "Title: 2": [
            ("Radio for\ndialogue", "Radio for dialogue"),
            ("Schools\u00a0for\u00adpeace", "Schools forpeace"),
        ],
        "Link: 2": [("n/a", ""), ("TBC", "")],
        "Summary: 1": [("N/A", "")],
    }
    walk.confirm()
    columns = ("title", "summary", "link", "start_date")
    found = Project.live.filter(number__gt=223).order_by("number").values_list(*columns)
    assert [*found] == [
        ("Radio for dialogue", "One\nTwo", "", ""),
        ("Schools forpeace", "", "", ""),
        ("Village councils", "Nothing is known", "", "2016-02"),
        ("Town councils", "One", "", "2017"),
    ]


def test_a_new_entity_is_known_on_every_page_that_follows(admin_client):
    other = NEW | {"Project title": "Schools", "Lead entity": "GCERF"}
    alias = NEW | {"Project title": "Councils", "Lead entity": "The Alliance"}
    sheet = rows_of(NEW | {"Lead entity": "UNESCO / GCERF"}, other, alias)
    walk = Walk(admin_client, "x.csv", sheet)
    walk.map(keep_as="The Office’s annex")
    name = "Global Community Engagement and Resilience Fund"
    said = {form.written.text: form.prefix for form in walk.readings}
    walk.translate(
        **{f"{said['GCERF']}-new_name": name},
        **{f"{said['The Alliance']}-entities": "UNAOC"},
    )
    assert walk.step == "match"
    # The same file again is read by the mapping; nobody is asked once more.
    again = Walk(admin_client, "y.csv", sheet)
    again.map()
    assert again.step == "match"
    again.match()
    assert [*again.page.context["preview"].problems] == []
    assert not Entity.objects.filter(acronym="GCERF").exists()
    batch = again.confirm()
    assert Entity.objects.get(acronym="GCERF").name == name
    named = Project.live.filter(entities__acronym="GCERF").values_list("title", flat=True)
    assert {*named} == {"Radio for dialogue", "Schools"}
    batches.undo(batch)
    assert not Entity.objects.filter(acronym="GCERF").exists()


def test_an_entity_of_the_wider_system_comes_when_a_row_names_it(admin_client, client):
    assert not Entity.objects.filter(acronym__in=["UNICRI", "OCHA"]).exists()
    walk = Walk(admin_client, "x.csv", rows_of(NEW | {"Lead entity": "UNESCO / UNICRI"}))
    walk.map()
    assert walk.step == "match"
    address = walk.address.replace("match/", "translate/?again=yes")
    said = "New in the directory: UNICRI (United Nations Interregional Crime"
    assert said in admin_client.get(address).content.decode()
    walk.match()
    assert said in " ".join(walk.page.content.decode().split())
    assert not Entity.objects.filter(acronym="UNICRI").exists()
    batch = walk.confirm()
    project = Project.published.get(title="Radio for dialogue")
    assert sorted(one.acronym for one in project.entities.all()) == ["UNESCO", "UNICRI"]
    assert Entity.objects.get(acronym="UNICRI").acronym_from == "in-use"
    # It is in the facet, marked, and its page says what the report does not.
    assert text_of(client, "/projects/?open=entity").count("not named in the report") == 1
    assert "The report does not name it." in client.get("/entities/UNICRI/").content.decode()
    # No other of them came along.
    assert Entity.objects.count() == 17
    batches.undo(batch)
    assert not Entity.objects.filter(acronym="UNICRI").exists()


def test_who_may_not_add_entities_publishes_none(admin_client, client):
    walk = walked(admin_client, rows_of(NEW | {"Lead entity": "UNICRI"}))
    walk.match()
    batch = walk.send()
    walk.client = importer(client, "review_project")
    walk.go(client.get(walk.address))
    said = "The directory lacks UNICRI, and you may not add"
    assert said in walk.page.content.decode()
    assert not walk.send().applied_at
    assert said in walk.page.content.decode()
    assert (batch.applied_at, batch.by_name) == (None, "admin")
    assert not Entity.objects.filter(acronym="UNICRI").exists()


def test_entities_of_the_wider_system_are_none_that_the_report_names_and_say_whence():
    rows = rows_of_table("un_entities")
    assert len(rows) == len({one["acronym"] for one in rows}) == 64
    assert Translator().new_entities.keys() == {one["acronym"] for one in rows}
    for one in rows:
        assert one["source"]
        Entity(acronym=one["acronym"], name=one["name"], aliases=one["aliases"]).full_clean()


def test_names_of_entities_in_other_languages_say_whence_and_mean_one_entity_each():
    entities = {one.acronym: one.other_names for one in Entity.objects.all()}
    entities |= {one["acronym"]: one["aliases"].split(";") for one in rows_of_table("un_entities")}
    meant = {name.casefold(): acronym for acronym, names in entities.items() for name in names}
    meant |= {acronym.casefold(): acronym for acronym in entities}
    languages = ["fr", "es", "ru", "zh-hans", "ar"]
    rows = rows_of_table("entities", settings.BASE_DIR / "projects/names")
    keys = [(one["acronym"], languages.index(one["language"])) for one in rows]
    assert keys == sorted(set(keys))
    for one in rows:
        acronym, there = one["acronym"], [*filter(None, one["acronym_there"].split(";"))]
        assert acronym in entities and one["source"] and (one["name"] or there)
        for text in filter(None, [one["name"], *there]):
            assert meant.setdefault(text.casefold(), acronym) == acronym, text


def test_a_cell_can_be_written_and_is_read_like_the_sheet(admin_client):
    row = NEW | {"Start": "2016", "End": "2015", "Status": "Done"}
    lines = csv_of(row | {"Priority area": "N/A"}, row | {"End": "2017"})
    walk = Walk(admin_client, "x.csv", lines)
    walk.map()
    sheet = walk.address.replace("translate", "sheet")
    text = text_of(admin_client, sheet)
    assert "1 row with problems All 2 rows" in text
    assert "N/A Not known" in text and "2015 The end date is before the start date." in text
    assert "Priority area is one of: Strengthening good governance" in text
    # Without scripts only these two are fields.
    html = admin_client.get(f"{sheet}?all=yes").content.decode()
    fields = re.findall(r'<textarea name="([^"]+)"', html)
    assert fields == ["cell-0-priority_area", "cell-0-end_date"]
    assert 'data-cell="cell-1-status" data-label="Status, 3" data-was="Done"' in html
    assert queries_of(admin_client, sheet) == queries_of(admin_client, f"{sheet}?all=yes")

    def write(**cells: str) -> str:
        return text_of(admin_client, admin_client.post(sheet, cells)["Location"])

    assert "1 cell is stored." in write(**{"cell-0-priority_area": "Youngsters"})
    assert "Youngsters Not known: Youngsters In the sheet: N/A" in write()
    written = {"cell-0-priority_area": "Jeunesse", "cell-0-end_date": "", "cell-9-title": "No row"}
    text = write(**written)
    assert "2 cells are stored." in text and "0 rows with problems" in text
    walk.go(admin_client.get(walk.address))
    walk.match()
    digest = walk.page.context["preview"].digest
    batch = walk.send()
    assert (batch.digest, batch.state.cells) == (
        digest,
        {" 2": {"priority_area": "Jeunesse", "end_date": ""}},
    )
    # What is written after it was sent takes it back, and is something else.
    write(**{"cell-0-title": "Radio,\0 again"})
    batch.refresh_from_db()
    assert batch.digest == ""
    walk.address = walk.address.replace("preview", "match")
    walk.match()
    assert walk.page.context["preview"].digest != digest
    assert "Radio for dialogue" in text_of(admin_client, walk.address)
    walk.confirm()
    project = Project.published.get(title="Radio,\ufffd again")
    assert (project.priority_area, project.priority_area_basis) == ("youth", "inferred")
    assert (project.start_date, project.end_date) == ("2016", "")
    (quoted,) = project.quotations.all()
    assert (quoted.field, quoted.words) == ("priority_area", "N/A")
