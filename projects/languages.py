"""The languages of the public pages: the prefix of an address says which, never the browser.

English has none. The desk, the login and the API are in English only, and have no prefix.
"""

import re

from django.conf import settings
from django.urls import LocalePrefixPattern, URLResolver
from django.utils import translation

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


class LanguagePrefix(LocalePrefixPattern):
    @property
    def language_prefix(self):
        prefix = prefix_of(translation.get_language() or settings.LANGUAGE_CODE)
        return f"{prefix}/" if prefix else ""


def in_languages(*patterns) -> URLResolver:
    """Return the addresses once for each language; `reverse` returns that of the active one."""
    return URLResolver(LanguagePrefix(), list(patterns))


class LanguageMiddleware:
    """Makes the answer in the language of the address.

    Django's would ask the browser where the address has no prefix, and have caches do so too.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        path = request.path_info
        language = language_of(path)
        asked = request.GET.get(PARAMETER, "") if _FILE.fullmatch(path) else ""
        if language == settings.LANGUAGE_CODE and asked in (
            language,
            *filter(None, map(prefix_of, languages())),
        ):
            request.GET = request.GET.copy()
            del request.GET[PARAMETER]
            language = language_of(asked)
            request.path_info = in_language(path, language)
        # Not only while the view runs: the rows of a file follow it.
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
