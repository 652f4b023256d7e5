"""Strict fields for query strings, and a form that refuses unknown parameters."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from rapidfuzz import fuzz, process

from ..text import CONTROL, all_of, fold, quoted, with_escapes

LONGEST_QUERY, MOST_WORDS = 200, 10
# Of 100: how alike words of four letters are when two are swapped or one is missing.
LIKENESS = 75
# From 0001 to 9999; some readers of patterns have no look-ahead.
YEAR = "([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
# Parameters that mail, chat, advertising and analytics programs add to links to follow clicks.
_ADDED_ON_THE_WAY = re.compile(
    r"(utm|mtm|pk|hsa|vero)_\w+"
    r"|fbclid|igshid|igsh|gclid|gclsrc|dclid|gbraid|wbraid|_gl|_ga|srsltid|msclkid|yclid|_openstat"
    r"|twclid|ttclid|li_fat_id|epik|mc_cid|mc_eid|mkt_tok|_hsenc|_hsmi|__hs[a-z]+|hsctatracking"
    r"|oly_(anon|enc)_id|rb_clickid|s_cid|ml_subscriber(_hash)?|wickedid|_bta_(tid|c)|_kx|_branch_\w+",
    re.IGNORECASE,
)


def without_tracking(query: QueryDict) -> QueryDict:
    """Return the query string without the parameters that other programs add to links."""
    kept = query.copy()
    for name in filter(_ADDED_ON_THE_WAY.fullmatch, query):
        del kept[name]
    return kept


class FacetField(forms.MultipleChoiceField):
    """Any number of a vocabulary's slugs."""

    widget = forms.SelectMultiple
    choices: Any  # pairs; Django would allow more
    renamed: Mapping[str, str] = {}  # what is meant by values of before

    def __init__(self, choices: Any = (), **kwargs: Any) -> None:
        super().__init__(choices=choices, **{"required": False, **kwargs})

    def to_python(self, value: Any) -> list[str]:
        # Forms send an empty value where nothing is chosen.
        return [chosen for chosen in super().to_python(value) if chosen != ""]

    def validate(self, value: list[str]) -> None:
        if wrong := [chosen for chosen in value if not self.valid_value(chosen)]:
            raise forms.ValidationError(self.refusal(wrong) % all_of(map(quoted, wrong)))

    def refusal(self, wrong: list[str]) -> str:
        return ngettext("%s is not allowed", "%s are not allowed", len(wrong))

    @property
    def allowed(self) -> str | Promise:
        return ", ".join(slug for slug, _label in self.choices)


class EntityField(FacetField):
    """Any number of acronyms of the directory, which has every entity that a project names."""

    def refusal(self, wrong: list[str]) -> str:
        known = [slug for slug, _label in self.choices]
        is_misspelt = any(nearest(one, known) for one in wrong)
        return super().refusal(wrong) if is_misspelt else _("no project of this register names %s")


class CountryField(FacetField):
    """Any number of countries' codes, too many to be listed in a message."""

    allowed = gettext_lazy("an ISO 3166-1 alpha-3 code in capital letters, e.g. KEN, or not-stated")


class Matching:
    """A field whose values match a pattern."""

    pattern: str

    def valid_value(self, value: str) -> bool:
        return bool(re.fullmatch(self.pattern, value, re.ASCII))


class YearField(Matching, FacetField):
    allowed = gettext_lazy("a year of four digits")
    pattern = YEAR


class ChoiceField(FacetField):
    """One of a list of values, given once at most."""

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        if len(value) > 1:
            raise forms.ValidationError(_("given %d times, allowed once") % len(value))


class PageField(ChoiceField):
    allowed = gettext_lazy("a whole number from 1")

    def valid_value(self, value: str) -> bool:
        return value.isascii() and value.isdigit() and len(value) <= 9 and int(value) > 0


class WordsField(forms.Field):
    """A list of searches, each of words that must all occur."""

    widget = forms.MultipleHiddenInput
    allowed = format_lazy(
        gettext_lazy("at most {length} characters and {words} words, no control characters"),
        length=LONGEST_QUERY,
        words=MOST_WORDS,
    )

    def to_python(self, value: list[str] | None) -> list[str]:
        return [query for query in value or [] if query != ""]

    def clean(self, value: Any) -> list[str]:
        queries = super().clean(value)
        return [query.strip() for query in queries if query.strip()]

    def validate(self, value: list[str]) -> None:
        for query in value:
            self._validate_characters(query)
        # The folded text is what is searched for, and a character can fold to several words.
        length = sum(len(fold(query)) for query in value)
        words = sum(len(fold(query).split()) for query in value)
        shown = f"{value[0][:40]}…" if value else ""
        if length > LONGEST_QUERY:
            raise forms.ValidationError(
                _("“%(query)s” has %(count)d characters") % {"query": shown, "count": length}
            )
        if words > MOST_WORDS:
            raise forms.ValidationError(
                _("“%(query)s” has %(count)d words") % {"query": shown, "count": words}
            )

    def _validate_characters(self, query: str) -> None:
        if found := CONTROL.search(query):
            raise forms.ValidationError(
                _("character %(position)s is a control character (U+%(code)04X)")
                % {"position": found.start() + 1, "code": ord(found[0])}
            )
        if query.strip() and not fold(query).strip():
            raise forms.ValidationError(_("“%s” has no word to search for") % query)


def sentence_of(name: str, problem: str, fields: Mapping[str, Any]) -> str:
    """Return a problem in a sentence; a `name` that is no field means the whole address."""
    field = fields.get(name)
    allowed = field.allowed if field else ", ".join(fields) or _("no parameter")
    # The problem of a nested query already says what is allowed.
    sentence = (
        _("%(parameter)s: %(fault)s. Allowed: %(allowed)s.")
        if allowed
        else _("%(parameter)s: %(fault)s.")
    )
    return sentence % {
        "parameter": name if field else _("address"),
        "fault": with_escapes(problem).removesuffix("."),
        "allowed": allowed,
    }


@dataclass(frozen=True)
class Problem:
    """A problem in a sentence, and what was probably meant: in words, and as a query string."""

    sentence: str
    meant: str = ""
    query: str = ""
    parameter: str = ""

    @property
    def question(self) -> str:
        return _("Did you mean %s?") % self.meant if self.meant else ""

    def __str__(self) -> str:
        return f"{self.sentence} {self.question}".rstrip()


Pairs = list[tuple[str, str]]


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that is most like this one, if any is; none for numbers."""
    folded = fold(word)
    if not any(character.isalpha() for character in folded):
        return ""
    # What ends with one is another word: “international”.
    choices = {one: name for one in known if not folded.endswith(name := fold(one), 1)}
    found = process.extractOne(folded, choices, scorer=fuzz.ratio, score_cutoff=LIKENESS)
    return found[2] if found else ""


def _meant_by(value: str, field: forms.Field) -> list[str]:
    """Return the allowed values that a value, or a list with commas, probably means."""
    if not isinstance(field, FacetField) or not value or field.valid_value(value):
        return [value]
    slugs = [slug for slug, _label in field.choices]
    parts = [value] if isinstance(field, ChoiceField) else value.split(",")
    given = [part.strip() for part in parts]
    meant = [
        value if field.valid_value(value) else field.renamed.get(value) or nearest(value, slugs)
        for value in given
    ]
    return meant if all(meant) else []


class QueryForm(forms.Form):
    """Reads a query string of the form's fields alone; where it is not valid, read `problems`."""

    data: QueryDict
    fields: dict[str, Any]  # each of them says what is `allowed`

    def clean(self) -> dict[str, Any]:
        for name, values in self.data.lists():
            if name not in self.fields:
                problem = _("“%(name)s=%(value)s” is not a parameter")
                known = {"name": name, "value": values[0]}
                self.add_error(None, forms.ValidationError(problem, code=name, params=known))
        return self.cleaned_data

    @property
    def form(self) -> "QueryForm":
        """Itself: what reads filters has its form here."""
        return self

    @property
    def problems(self) -> list[Problem]:
        """The problems; their query strings fix every parameter for which that is possible."""
        meant = {name: self._meant(name, values) for name, values in self.data.lists()}
        fixed = urlencode([pair for pairs in meant.values() for pair in pairs])
        problems = []
        for name, errors in self.errors.as_data().items():
            for error in errors:
                wrong = str(error.code) if name == NON_FIELD_ERRORS else name
                pairs = meant.get(wrong, [])
                given = [(wrong, value) for value in self.data.getlist(wrong)]
                near = " ".join(f"{one}={value}" for one, value in pairs if pairs != given)
                near = with_escapes(near)
                for problem in error.messages:
                    sentence = sentence_of(name, problem, self.fields)
                    problems.append(Problem(sentence, near, fixed if near else "", wrong))
        return problems

    def _meant(self, name: str, values: list[str]) -> Pairs:
        """Return a parameter's pairs fixed, or unchanged if not all of them can be."""
        given = [(name, value) for value in values]
        near = name if name in self.fields else nearest(name, self.fields)
        known = [_meant_by(value, self.fields[near]) for value in values] if near else []
        pairs = [(near, one) for some in known for one in some]
        return [*dict.fromkeys(pairs)] if known and all(known) else given

    @property
    def messages(self) -> list[str]:
        return [str(problem) for problem in self.problems]
