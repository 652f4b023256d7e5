"""The languages of the public pages: the prefix of an address says which, never the browser.

English has none. The desk, the login and the API are in English only, and have no prefix. What
vocabularies are called in each language, and by which source, is in `locale/`; countries have their
names in Unicode's CLDR.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import LocalePrefixPattern, URLPattern, URLResolver
from django.utils import translation
from django.utils.html import format_html

_LOCALE = settings.BASE_DIR / "locale"
_COUNTRIES = Path(__file__).parent / "imports/tables/country_names.csv"
_NAMES = Path(__file__).parent / "names"
# A file has its language by `lang` too; its columns and slugs are the same in all of them.
PARAMETER = "lang"
_TRANSLATED = re.compile(r"/(?!(?:admin|accounts|api)/)")
_FILE = re.compile(rf"{_TRANSLATED.pattern}\S*\.[a-z]+")


def prefix_of(language: str) -> str:
    """Return what the addresses of a language begin with after the slash: fr, zh; English: none."""
    return "" if language == settings.LANGUAGE_CODE else language.removesuffix("-hans")


def languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


def language_of(path: str) -> str:
    """Return the language that a path begins with, English if it is that of no language."""
    first = path.removeprefix("/").partition("/")[0]
    known = {prefix_of(code): code for code in languages()}
    return known.get(first) or settings.LANGUAGE_CODE


def in_language(path: str, language: str) -> str:
    """Return the path of the same page in another language; a query may follow it."""
    prefix = prefix_of(language_of(path))
    plain = path.removeprefix(f"/{prefix}") if prefix else path
    return f"/{prefix_of(language)}{plain}" if prefix_of(language) else plain


def is_translated(path: str) -> bool:
    """Return whether the page exists in every language."""
    return bool(_TRANSLATED.match(path))


def english(text: Any) -> Any:
    """Return a text of the data, which is in English, as a part of a page in any language."""
    if not text or (translation.get_language() or settings.LANGUAGE_CODE) == settings.LANGUAGE_CODE:
        return text
    return format_html('<span lang="en" dir="ltr">{}</span>', text)


def folder_of(language: str) -> Path:
    """Return the folder of a language's texts, terms and names of countries."""
    return _LOCALE / translation.to_locale(language)


@cache
def _rows(path: Path) -> tuple[dict[str, str], ...]:
    if not path.exists():
        return ()
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def glossary(language: str) -> tuple[dict[str, str], ...]:
    """Return term, text, status and source; of several texts the first is what pages show."""
    return _rows(folder_of(language) / "glossary.csv")


@cache
def called() -> dict[str, list[str]]:
    """Return what each term, country by its code and entity is called in any language."""
    texts = defaultdict(list)
    for path in sorted(_LOCALE.glob("*/glossary.csv")):
        for row in _rows(path):
            texts[row["term"]].append(row["text"])
    for row in _rows(_COUNTRIES):
        texts[row["code"]].append(row["name"])
    for row in _rows(_NAMES / "entities.csv"):
        texts[row["acronym"]] += [row["name"], *row["acronym_there"].split(";")]
    return texts


@cache
def searched_as() -> dict[str, str]:
    """Return what words of searches mean, in any language."""
    rows = _rows(_NAMES / "searches.csv")
    return {word: row["means"] for row in rows for word in row["words"].split(";")}


@cache
def sign_variants() -> dict[int, str]:
    """Return what signs are read as: simplified for traditional ones, of Arabic the usual ones."""
    return {ord(row["sign"]): row["read_as"] for row in _rows(_NAMES / "signs.csv")}


@cache
def names_in(language: str) -> list[str]:
    """Return what things are called in one language, and what its readers write for them."""
    of = language.removesuffix("-hans")
    rows = [*_rows(_NAMES / "searches.csv"), *_rows(_COUNTRIES), *_rows(_NAMES / "entities.csv")]
    here = [row for row in rows if row["language"].removesuffix("-hans") == of]
    texts = [row.get(key, "") for row in here for key in ("words", "name", "acronym_there")]
    return [*texts, *(row["text"] for row in glossary(language))]


@cache
def country_names(language: str) -> dict[str, str]:
    """Return the names of countries by code, in the order of the language."""
    of = language.removesuffix("-hans")
    names = {row["code"]: row["name"] for row in _rows(_COUNTRIES) if row["language"] == of}
    path = folder_of(language) / "countries.txt"
    ordered = path.read_text(encoding="utf-8").split() if path.exists() else sorted(names)
    return {code: names[code] for code in ordered if code in names}


def country_name(code: str, name: str) -> str:
    """Return a country's name in the reader's language; `name` is the English one."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    return name if language == settings.LANGUAGE_CODE else country_names(language).get(code, name)


@cache
def _entities(language: str) -> dict[str, dict[str, str]]:
    rows = _rows(_NAMES / "entities.csv")
    return {row["acronym"]: row for row in rows if row["language"] == language}


def entity_name(acronym: str) -> str:
    """Return an entity's name in the reader's language, empty if no source has one."""
    return _entities(translation.get_language() or "").get(acronym, {}).get("name", "")


def entity_acronym(acronym: str) -> str:
    """Return what readers of the language call an entity for short: PNUD, ЮНЕСКО."""
    there = _entities(translation.get_language() or "").get(acronym, {}).get("acronym_there", "")
    return there.partition(";")[0] or acronym


class LanguagePrefix(LocalePrefixPattern):
    @property
    def language_prefix(self) -> str:
        prefix = prefix_of(translation.get_language() or settings.LANGUAGE_CODE)
        return f"{prefix}/" if prefix else ""


def in_languages(*patterns: URLPattern | URLResolver) -> URLResolver:
    """Return the addresses once for each language; `reverse` returns that of the active one."""
    return URLResolver(LanguagePrefix(), list(patterns))


class LanguageMiddleware:
    """Makes the answer in the language of the address.

    Django's would ask the browser where the address has no prefix, and have caches do so too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        language = language_of(path)
        # Given twice it is no language: the view finds it there, and refuses it.
        given = request.GET.getlist(PARAMETER) if _FILE.fullmatch(path) else []
        asked = "&".join(given)
        allowed = {"en", *map(prefix_of, languages())} - {""}
        if language == settings.LANGUAGE_CODE and asked in allowed:
            query = request.GET.copy()
            del query[PARAMETER]
            request.GET = query  # type: ignore[assignment]  # the stubs want an immutable one
            language = language_of(asked)
            request.path_info = in_language(path, language)
        # Not only while the view runs: the rows of a file follow it.
        translation.activate(language)
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
