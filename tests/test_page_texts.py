"""Texts of the pages in other languages: how many wait, who signed them, and better ones."""

import html
import re

import pytest
from django.core.cache import cache

from projects.languages import folder_of
from projects.models import Contact, Correction
from projects.translations import as_po, signed_in, texts_in, waiting_in

from .conftest import member
from .pages import text_of

pytestmark = pytest.mark.usefixtures("register")
PAGE = "/fr/about/languages/"
DESK = "/admin/projects/correction/"


@pytest.fixture
def fresh_limits():
    cache.clear()


def found(client, words: str) -> list[tuple[str, str]]:
    """The addresses and words of the texts that a search finds."""
    page = client.get(PAGE, {"q": words}).content.decode()
    links = re.findall(r'href="(/fr/about/languages/\w+/correct/)">(.*?)</a>', page, re.DOTALL)
    return [(address, html.unescape(words)) for address, words in links]


def test_the_page_says_who_signed_the_texts_and_how_many_wait(client, monkeypatch):
    said = text_of(client, PAGE)
    assert "Aucun réviseur n’a encore signé ces textes." in said
    assert re.search(r"0 texte sur \d{4} est en anglais", said)
    assert "signé" not in text_of(client, "/about/languages/")


def test_a_fuzzy_text_waits_and_a_name_is_shown(tmp_path, settings, monkeypatch, client):
    folder = tmp_path / "fr"
    (folder / "LC_MESSAGES").mkdir(parents=True)
    (folder / "signed.txt").write_text("signed: A. Reviser, 2 May 2027\n")
    text = '#. fuzzy since 2026-12-03\n#, fuzzy\nmsgid "A"\nmsgstr "B"\n\n#, python-format\n'
    (folder / "LC_MESSAGES/django.po").write_text(text)
    texts_in("fr")  # stays: the page has its texts from the catalogue
    monkeypatch.setattr("projects.translations.folder_of", lambda _language: folder)
    for function in (waiting_in, signed_in):
        function.cache_clear()
    try:
        assert (waiting_in("fr"), signed_in("fr")) == (1, "A. Reviser, 2 May 2027")
        assert "Lu et signé par A. Reviser, 2 May 2027." in text_of(client, PAGE + "?q=")
    finally:
        for function in (waiting_in, signed_in):
            function.cache_clear()


def test_a_reader_suggests_a_better_text(client, fresh_limits, editor):
    [(address, words)] = found(client, "mots du texte")
    assert words == "Mots du texte"
    page = text_of(client, address)
    assert "Words of the text" in page and "Mots du texte" in page
    sent = {"value": "Mots que contient le texte", "source": "Plus clair", "contact": "a@x.org"}
    assert client.post(address, sent | {"value": " Mots du texte "}).status_code == 400
    assert client.post(address, sent | {"source": ""}).status_code == 400
    thanks = client.post(address, sent)["Location"]
    correction = Correction.objects.get()
    assert thanks == f"{address}{correction.pk}/"
    key = address.split("/")[4]
    assert correction.reference == f"text:fr:{key}"
    assert f"Votre proposition porte le numéro {correction.pk}." in text_of(client, thanks)
    # Words of somebody unknown are the staff's to read.
    assert "contient le texte" not in text_of(client, thanks)

    listed = text_of(editor, DESK)
    assert f"Correction {correction.pk} of text:fr:{key} text of the pages Mots que" in listed
    shown = text_of(editor, f"{DESK}{correction.pk}/change/")
    assert "Mots du texte" in shown and "Plus clair" in shown
    chosen = {"_selected_action": [correction.pk], "action": "export_texts"}
    file = editor.post(DESK, chosen)
    assert file["Content-Disposition"] == 'attachment; filename="pve-texts-fr.po"'
    assert (
        f"#. Correction {correction.pk} of text:fr:{key}: Mots que contient le texte (Plus clair)\n"
        'msgid "Words of the text"\nmsgstr "Mots que contient le texte"\n'
    ) in file.content.decode()
    # Nothing in the catalogue changed.
    assert found(client, "mots que contient") == []

    editor.post(DESK, chosen | {"action": "settle_texts"})
    correction.refresh_from_db()
    assert (correction.state, correction.handled_by.username) == ("applied", "editor")
    assert not Contact.objects.exists()
    assert "la correction a été faite" in text_of(client, thanks)


def test_texts_of_two_languages_are_two_files(editor):
    numbers = [
        Correction.objects.create(
            reference=f"text:{language}:{next(iter(texts_in(language)))}",
            column="text", value="x", source="y",
        ).pk
        for language in ("fr", "zh-hans")
    ]  # fmt: skip
    chosen = {"_selected_action": numbers, "action": "export_texts"}
    page = editor.post(DESK, chosen, follow=True).content.decode()
    assert "Select corrections of texts in one language." in page
    page = editor.post(DESK, chosen | {"_selected_action": numbers[1:]})
    assert page["Content-Disposition"] == 'attachment; filename="pve-texts-zh-hans.po"'


def test_a_viewer_neither_exports_nor_settles_texts(editor):
    correction = Correction.objects.create(
        reference="text:fr:00000000", column="text", value="x", source="y"
    )
    # Its text is gone.
    assert "text:fr:00000000" in text_of(editor, f"{DESK}{correction.pk}/change/")
    for action in ("export_texts", "settle_texts"):
        member("Viewers", action).post(
            DESK, {"_selected_action": [correction.pk], "action": action}
        )
    correction.refresh_from_db()
    assert correction.state == "open"


def test_a_plural_is_suggested_by_lines():
    key, text = next(
        (k, one) for k, one in texts_in("ru").items() if one.plural and not one.context
    )
    assert len(text.forms) == 3
    said = [
        as_po([Correction(pk=1, reference=f"text:ru:{key}", value=value, source="y")])
        for value in ("а\nб\nв", "а\nб")
    ]
    assert 'msgstr[0] "а"\nmsgstr[1] "б"\nmsgstr[2] "в"\n' in said[0]
    assert f'msgid_plural "{text.plural}"\n' in said[0]
    # Other lines than forms: the present ones stay, and the comment has the lines.
    assert ": а б (y)" in said[1] and "msgstr[2]" in said[1] and '"а"' not in said[1]


def test_what_is_no_text_is_not_found(client):
    assert client.get("/fr/about/languages/00000000/correct/").status_code == 404
    [(address, _words)] = found(client, "mots du texte")
    assert client.get(address.removeprefix("/fr")).status_code == 404
    assert client.get(f"{address}999999999/").status_code == 404
    assert found(client, "xylophonium") == []
    assert "Aucun texte des pages ne contient ces mots." in text_of(client, PAGE + "?q=xylophonium")


def test_a_page_has_a_few_texts_and_says_how_many_more(client):
    assert len(found(client, "projets")) == 25
    assert re.search(r"\d+ autres contiennent ces mots\.", text_of(client, PAGE + "?q=projets"))


def test_every_language_has_its_line_for_a_signature():
    for language in ("fr", "es", "ru", "ar", "zh-hans"):
        assert (folder_of(language) / "signed.txt").read_text() == "signed: nobody yet\n"
