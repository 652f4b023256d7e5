"""What a sentence of a draft says with each of its numbers: its parts, conditions and claims."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from projects.asking.asked import FACETS, KNOWLEDGE
from projects.vocabulary import TOLERANCE, Comparator

# In place of what is no number: it is no letter, and of the same length.
HIDDEN = "¤"
# What a number can be of: the register's facets, but not how its own entries are known.
CONDITIONS = {*FACETS} - {*KNOWLEDGE}
# They are nouns as well: "75 young women" are no projects.
_NOUNS = {"priority_area", "region", "country", "entity"}
# What may be between a number and "projects".
_BEFORE_PROJECT = CONDITIONS | {"and", "population"}
# After these a number belongs to the words before.
_OPENING = {*"(:（："}
_SAYS_NOTHING = {
    *("ignored", "how-many", "filler", "source", "basis", "population", "of", "and", "break"),
    *("project", "comparator", "number", "pronoun"),
}


@dataclass(frozen=True)
class Token:
    """A name, a word or a number with its place in the sentence; `value` is a slug or a number."""

    start: int
    end: int
    kind: str
    value: str = ""
    before: str = ""  # the signs between it and the one before
    digits_end: int = 0  # of a number, without "per cent"

    @property
    def is_share(self) -> bool:
        return self.kind == "number" and self.value.endswith("%")

    @property
    def number(self) -> float:
        return float(self.value.rstrip("%"))


@dataclass(frozen=True)
class Claim:
    """What a sentence says with a number; `conditions` are None where it is not understood.

    `of_whole` is whether the text names all projects as what a share is of.
    """

    start: int
    end: int
    number: float
    at: int  # the place of the number
    comparator: str = Comparator.EQUAL.value
    is_share: bool = False
    conditions: Mapping[str, frozenset[str]] | None = None
    of_whole: bool = False

    def fits(self, number: float) -> bool | None:
        """Return whether this is true of a number; None where "about" is a matter of taste."""
        match self.comparator:
            case ">":
                return number > self.number
            case "≥":
                return number >= self.number
            case "<":
                return number < self.number
            case "≤":
                return number <= self.number
            case "≈":
                away = abs(number - self.number)
                return away <= TOLERANCE * number or (None if away <= number / 5 else False)
        return number == self.number


def without_asides(tokens: list[Token]) -> Iterator[Token]:
    """Yield the tokens but for a number in brackets after another: "27 (12 per cent)"."""
    is_aside = False
    for before, one, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        closes = one.before.strip().removeprefix(")") if is_aside else one.before
        is_pair = before and before.kind == one.kind == "number"
        is_aside = bool(is_pair and one.before.strip() == "(" and after and ")" in after.before)
        if not is_aside:
            yield replace(one, before=closes)


def parts_of_chunk(chunk: list[Token]) -> Iterator[list[Token]]:
    """Yield the parts of a chunk between "and", as far as each has a number."""
    at = [place for place, one in enumerate(chunk) if one.kind == "number"]
    start = 0
    for left, right in pairwise(at):
        ands = [n for n in range(left, right) if chunk[n].kind == "and"]
        # Not of "27 and 22 projects".
        if ands and right - left > 2:
            yield chunk[start : ands[0]]
            start = ands[0]
    yield chunk[start:]


def _conditions(tokens: Iterable[Token]) -> dict[str, set[str]]:
    """Return what the words say of the projects; who counts them is none of theirs."""
    tokens = [*tokens]
    counts = any(one.kind == "source" for one in tokens)
    found: dict[str, set[str]] = {}
    for one in tokens:
        if one.kind in CONDITIONS and not (counts and one.kind == "entity"):
            found.setdefault(one.kind, set()).add(one.value)
    return found


def _is_known(tokens: list[Token], has_area: bool) -> bool:
    """Return whether each word is a condition, says nothing, or names what a condition is.

    "Human rights" are a part of an area, whose number they do not have without its name.
    """
    for place, one in enumerate(tokens):
        around = [each.kind for each in tokens[max(place - 1, 0) : place + 4]]
        is_named = (one.kind == "dimension" and {*around} & CONDITIONS) or (
            one.kind == "part" and has_area
        )
        if one.kind not in _SAYS_NOTHING and one.kind not in CONDITIONS and not is_named:
            return False
    return True


def _has_area(chunks: list[list[Token]]) -> list[bool]:
    """Return of each chunk whether it names an area, or parts of the one before that does."""
    found = [False]
    for chunk in chunks:
        kinds = {one.kind for one in chunk}
        found.append("priority_area" in kinds or ("part" in kinds and found[-1]))
    return found[1:]


def _is_of_projects(tokens: list[Token], number: int) -> bool:
    """Return whether the number counts projects, as far as what follows it says."""
    between = [*takewhile(lambda one: one.kind in _BEFORE_PROJECT, tokens[number + 1 :])]
    after = tokens[number + 1 + len(between) :][:1]
    if after and after[0].kind == "project":
        return True
    is_noun = any(one.kind in _NOUNS for one in between)
    return not is_noun and not (after and after[0].kind in ("dimension", "number"))


def claims_in(chunks: list[list[Token]]) -> Iterator[Claim]:
    """Yield what is said with each number.

    What is said before all numbers is said of each; what is said after one is said of that one, and
    of "27 of these" what is said of the one before. Numbers alone in a row belong to nobody knows
    what: then nothing is sure.
    """
    numbered = [any(one.kind == "number" for one in chunk) for chunk in chunks]
    areas, last = _has_area(chunks), -1
    lead: dict[str, set[str]] = {}
    extra: list[dict[str, set[str]]] = [{} for _chunk in chunks]
    is_sure = not any(one.kind == "unsure" for chunk in chunks for one in chunk)
    for place, chunk in enumerate(chunks):
        said = _conditions(chunk)
        opens = chunk[0].before.strip()[-1:] in _OPENING
        if numbered[place]:
            is_bare = all(one.kind in ("number", "and", "project") for one in chunk)
            is_sure = is_sure and not (is_bare and place and numbered[place - 1] and not opens)
            last = place
            continue
        is_aside = any(one.kind in ("source", "basis") for one in chunk)
        # Of a date or a page nobody knows what else is said there.
        has_other = bool(said) and any(HIDDEN in one.before for one in chunk[1:])
        is_sure = is_sure and not has_other and (is_aside or _is_known(chunk, areas[place]))
        after = chunks[place + 1] if numbered[place + 1 : place + 2] == [True] else []
        if said and after and after[0].before.strip()[-1:] in _OPENING and not _conditions(after):
            extra[place + 1] = said
        elif last < 0:
            lead = _both(lead, said)
        else:
            extra[last] = _both(extra[last], said)
    before: dict[str, set[str]] = {}
    for place, chunk in enumerate(chunks):
        if numbered[place]:
            more = _both(lead, extra[place])
            kinds = {one.kind for one in chunk}
            if "pronoun" in kinds:
                more = _both(more, before)
            # "27 projects on youth, 12 in Europe": of all, or of the 27?
            is_clear = "project" in kinds or {*before} <= {*more, *_conditions(chunk)}
            is_read = is_sure and is_clear and _is_known(chunk, areas[place])
            found = [*_claims_of(chunk, more, is_read)]
            yield from found
            before = {k: {*v} for one in found[:1] for k, v in (one.conditions or {}).items()}
            if chunk[0].kind == "of" and "project" in kinds:
                lead = _both(lead, before)


def _both(one: dict[str, set[str]], other: dict[str, set[str]]) -> dict[str, set[str]]:
    return {facet: one.get(facet, set()) | other.get(facet, set()) for facet in {**one, **other}}


def _claims_of(chunk: list[Token], more: dict[str, set[str]], is_read: bool) -> Iterator[Claim]:
    at = [place for place, one in enumerate(chunk) if one.kind == "number"]
    is_part = len(at) == 2 and chunk[at[0] + 1].kind == "of"
    is_read = is_read and (len(at) == 1 or is_part)
    end = next((n for n in range(at[-1], len(chunk)) if chunk[n].kind == "project"), None)
    # The words between the number of the whole and "projects" are said of the whole.
    whole = chunk[at[1] : end] if is_part else []
    for place in at:
        number = chunk[place]
        is_whole = bool(is_part and place == at[1])
        is_counted = is_read and (
            number.is_share or _is_of_projects(chunk, place) or (is_part and bool(end))
        )
        if not is_counted and all(one.kind != "project" for one in chunk):
            continue
        conditions = _both(more, _conditions(whole if is_whole else chunk))
        before = chunk[place - 1] if place else None
        start, stop = chunk[0].start, chunk[-1].end
        if is_part:
            start, stop = (
                (chunk[at[1]].start, chunk[end or -1].end)
                if is_whole
                else (start, chunk[at[1] - 1].end)
            )
        yield Claim(
            start,
            stop,
            number.number,
            number.start,
            before.value if before and before.kind == "comparator" else Comparator.EQUAL.value,
            number.is_share,
            {facet: frozenset(values) for facet, values in conditions.items()}
            if is_counted
            else None,
            number.is_share and _is_of_whole(chunk, place),
        )


def _is_of_whole(chunk: list[Token], share: int) -> bool:
    """Return whether per cent are said to be of all projects."""
    after = [one for one in chunk[share + 1 :] if one.kind != "ignored"]
    if not after or after[0].kind != "of":
        return False
    named = [*takewhile(lambda one: one.kind != "project", after)]
    return len(named) < len(after) and not _conditions(named)
