"""Paragraphs for the next report, from the register's present figures.

Numbers follow the United Nations Editorial Manual ("Numbers, dates and time", www.un.org/dgacm):
under 10 in words, from 10 in figures; in a series to which both rules would apply, that of the
highest number holds for all of it. No sentence begins with a number.
"""

from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from projects.cube import Cube
from projects.models import Edition, Project
from projects.vocabulary import PriorityArea, Region, Scope

NUMBER_WORDS = [
    gettext_lazy("no"),
    gettext_lazy("one"),
    gettext_lazy("two"),
    gettext_lazy("three"),
    gettext_lazy("four"),
    gettext_lazy("five"),
    gettext_lazy("six"),
    gettext_lazy("seven"),
    gettext_lazy("eight"),
    gettext_lazy("nine"),
]


@dataclass(frozen=True)
class Piece:
    """Some words of a paragraph, or a number; `old` is the number published before, if it differs.

    `old` is None for words and for numbers that are the same or were not published.
    """

    text: str
    old: int | None = None


@dataclass
class Paragraph:
    """A paragraph under way: its pieces, and the figures published before by their filter."""

    published: dict[str, int]
    pieces: list[Piece] = field(default_factory=list)

    def say(self, words: str) -> None:
        """Add words."""
        self.pieces.append(Piece(words))

    def count(self, number: int, query: str, figures: bool = False) -> None:
        """Add a number, in figures or as the manual has it, beside what was published for it."""
        text = str(number) if figures or number >= len(NUMBER_WORDS) else str(NUMBER_WORDS[number])
        old = self.published.get(query)
        self.pieces.append(Piece(text, old if old != number else None))

    @property
    def differs(self) -> bool:
        """Whether any number differs from the one published before."""
        return any(piece.old is not None for piece in self.pieces)

    @property
    def text(self) -> str:
        """The paragraph as plain text."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Drafted:
    """The paragraphs of a draft."""

    paragraphs: list[Paragraph]

    @property
    def differs(self) -> bool:
        """Whether any number differs from the one published before."""
        return any(paragraph.differs for paragraph in self.paragraphs)

    @property
    def text(self) -> str:
        """The paragraphs as plain text."""
        return "\n\n".join(paragraph.text for paragraph in self.paragraphs) + "\n"


def draft(edition: Edition | None, published: dict[str, int], address: str) -> Drafted:
    """Return the draft of an edition, None for the live register.

    `published` maps filters to figures to compare with; `address` is that of the draft's page.
    """
    cube = Project.every.of_edition(edition).cube()
    return Drafted(paragraphs(cube, published, _footer(edition, address)))


def published_figures(edition: Edition) -> dict[str, int]:
    """Return the figures of an edition by their filters, to compare a draft with."""
    return figures_of(Project.every.of_edition(edition).cube())


def _footer(edition: Edition | None, address: str) -> str:
    """Return what ends every paragraph: date, edition and address of its figures."""
    if edition:
        address = f"{address}?edition={edition.slug}"
        known = {"edition": edition, "date": edition.date, "address": address}
        return _("(Register of %(date)s, edition “%(edition)s”; %(address)s)") % known
    known = {"date": date_format(timezone.now(), "j F Y"), "address": address}
    return _("(Register of %(date)s, live; %(address)s)") % known


def figures_of(cube: Cube) -> dict[str, int]:
    """Return the figures that a draft of this cube would have, by their filters."""
    found = {"": cube.total, "mentions": sum(cube.counts("region").values())}
    found["scope=regional&scope=national"] = _regional_or_national(cube)
    for dimension in ("priority_area", "scope", "region"):
        for value, count in cube.counts(dimension).items():
            found[f"{dimension}={value}"] = count
    return found


def paragraphs(cube: Cube, published: dict[str, int], footer: str) -> list[Paragraph]:
    """Return the paragraphs on priority areas and on geographic spread.

    `published` maps filters to figures to compare with; `footer` ends each paragraph. Units:
    projects, and mentions for regions.
    """
    drafted = [_areas(Paragraph(published), cube), _spread(Paragraph(published), cube)]
    for paragraph in drafted:
        paragraph.say(f" {footer}")
    return drafted


def _areas(paragraph: Paragraph, cube: Cube) -> Paragraph:
    counts = cube.counts("priority_area")
    paragraph.say(_("The mapping of United Nations activities includes "))
    paragraph.count(cube.total, "")
    paragraph.say(
        ngettext(
            " project on preventing violent extremism.",
            " projects on preventing violent extremism.",
            cube.total,
        )
    )
    areas = {area: counts[area] for area in PriorityArea if area != PriorityArea.OTHER}
    ranked = sorted((area for area in areas if areas[area]), key=lambda area: -areas[area])
    if ranked:
        paragraph.say(_(" By priority area of the Plan of Action, "))
        _series(paragraph, "priority_area", areas, ranked, _("on %s"))
        paragraph.say(".")
    empty = [area for area in areas if not areas[area]]
    if empty and cube.total:
        names = _join([_in_sentence(area) for area in empty])
        paragraph.say(_(" There is no project on %s.") % names)
    if counts[PriorityArea.OTHER]:
        paragraph.say(
            ngettext(
                " In addition, there is ", " In addition, there are ", counts[PriorityArea.OTHER]
            )
        )
        paragraph.count(counts[PriorityArea.OTHER], f"priority_area={PriorityArea.OTHER.value}")
        paragraph.say(
            ngettext(
                " project in other areas.", " projects in other areas.", counts[PriorityArea.OTHER]
            )
        )
    return paragraph


def _spread(paragraph: Paragraph, cube: Cube) -> Paragraph:
    scopes = {scope: cube.counts("scope")[scope] for scope in Scope}
    paragraph.say(_("With respect to geographic spread, "))
    ranked = sorted((scope for scope in scopes if scopes[scope]), key=lambda s: -scopes[s])
    if ranked:
        _series(paragraph, "scope", scopes, ranked, _("%s in scope"))
    else:
        paragraph.say(_("there is no project"))
    paragraph.say(".")
    regions = {region: cube.counts("region")[region] for region in Region}
    mentioned = sorted((r for r in regions if regions[r]), key=lambda r: -regions[r])
    if mentioned:
        total = sum(regions.values())
        local = _regional_or_national(cube)
        high = max(total, local) >= len(NUMBER_WORDS)
        paragraph.say(
            ngettext(
                " The regional or national project makes ",
                " The regional or national projects, ",
                local,
            )
        )
        if local > 1:
            paragraph.count(local, "scope=regional&scope=national", high)
            paragraph.say(_(" in all, make "))
        paragraph.count(total, "mentions", high)
        paragraph.say(ngettext(" mention of a region: ", " mentions of a region: ", total))
        figures = max(regions.values()) >= len(NUMBER_WORDS)
        for place, region in enumerate(mentioned):
            paragraph.say(_separator(place, len(mentioned)))
            paragraph.count(regions[region], f"region={region.value}", figures)
            paragraph.say(f" {_('in')} {_the(region)}")
        if total > cube.with_region:
            paragraph.say(_("; a project in two regions is counted under both"))
        paragraph.say(".")
    return paragraph


def _regional_or_national(cube: Cube) -> int:
    counts = cube.counts("scope")
    return counts[Scope.REGIONAL] + counts[Scope.NATIONAL]


def _series(paragraph: Paragraph, dimension: str, counts: dict, ranked: list, phrase: str) -> None:
    """Add "40 projects are on ..., 31 on ... and one on ...", ordered by count."""
    figures = max(counts.values()) >= len(NUMBER_WORDS)
    for place, value in enumerate(ranked):
        paragraph.say(_separator(place, len(ranked)))
        paragraph.count(counts[value], f"{dimension}={value.value}", figures)
        if place == 0:
            paragraph.say(ngettext(" project is", " projects are", counts[value]))
        elif dimension == "scope":
            paragraph.say(ngettext(" is", " are", counts[value]))
        paragraph.say(f" {phrase % _in_sentence(value)}")


def _separator(place: int, length: int) -> str:
    if place == 0:
        return ""
    # Semicolons, because names of areas have commas and "and" in them.
    return _("; and ") if place == length - 1 else "; "


def _join(names: list[str]) -> str:
    return names[0] if len(names) == 1 else _("; or on ").join(names)


def _in_sentence(value) -> str:
    label = str(value.label)
    return label[:1].lower() + label[1:]


def _the(region: Region) -> str:
    """The region's name with its article, where English gives it one."""
    if region in (Region.MENA, Region.AMERICAS):
        return _("the %s") % region.label
    return str(region.label)
