"""What is asked about a sheet: texts, headings and countries in doubt, and what it lacks."""

from collections import Counter
from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..columns import PROJECT_TABLE
from ..evidence import known_sources, source_problems
from ..imports.lines import Refused
from ..imports.meanings import OF_SECTIONS, REGION_OF, Written
from ..imports.names import cluster_key, regions_of_countries
from ..imports.reading import KIND, Translator
from ..vocabulary import Review
from .mapping import Layout
from .matches import values_of
from .sheet_rows import LACKS_REGION, Row


def asked(written: Iterable[Written], translator: Translator) -> list[Written]:
    """Return what is asked about, each once: first what has no proposal, then the likeliest."""
    clusters: dict[tuple[str, str], Counter[str]] = {}
    for written_value in written:
        for column, text in written_value.unknown:
            clusters.setdefault((column, cluster_key(text)), Counter())[text] += written_value.count
    questions = []
    for (column, _key), spelled in clusters.items():
        spellings = [text for text, _count in spelled.most_common()]
        questions.append(translator.asked(column, spellings[0], spelled.total(), spellings))
    return sorted(questions, key=lambda one: (bool(one.reading), -one.likeness))


def sections_in(texts: list[str], translator: Translator) -> tuple[str, list[str]]:
    """Return the column that headings of sections speak of, if most do, and all that are known."""
    read = {
        column: [one for one in texts if translator.written(column, one).reading.get(column)]
        for column in OF_SECTIONS
    }
    column = max(read, key=lambda one: len(read[one]))
    values = {text for some in read.values() for text in some}
    speaks = bool(values) and len(read[column]) * 2 > len(texts)
    headings = [one for one in texts if one in values or (speaks and KIND.search(one))]
    return column if speaks else "", headings


def doubtful(rows: Iterable[Row], translator: Translator) -> Iterator[Written]:
    """Yield each country that may have to say a row's region, and about which nobody said it."""
    counts: Counter[str] = Counter()
    for row in rows:
        values = values_of(row, translator)
        if values.get(LACKS_REGION):
            counts.update(values["countries"])
    known = regions_of_countries().keys() | translator.readings.get(REGION_OF, {}).keys()
    for code in sorted(counts.keys() - known):
        yield Written(REGION_OF, code, counts[code], {}, [(REGION_OF, code)])


def check(layout: Layout) -> None:
    """Raise Refused if what is said of a sheet is not enough to read it.

    Raises ValidationError if the source that is the same of all rows would confirm none.
    """
    if not layout.headers:
        raise Refused(_("Say in which rows the headings are."))
    if "title" not in layout.columns.values():
        raise Refused(_("Say which column has the titles."))
    counted = Counter(layout.columns.values())
    twice = [
        name
        for name, count in counted.items()
        if name and count > 1
        if not (PROJECT_TABLE.by_name[name].several or PROJECT_TABLE.by_name[name].free_text)
    ]
    if twice:
        raise Refused(_("Only one column can be: %s.") % ", ".join(twice))
    if "source" not in layout.said:
        raise Refused(_("Say what the source is, or which column names it."))
    for column, basis in PROJECT_TABLE.bases.items():
        if column in layout.said and basis not in layout.said:
            raise Refused(_("Say how this is known: %s.") % column)
    if not {"source", "link"}.intersection(layout.columns.values()):
        said = {
            name: layout.constants.get(name, "")
            for name in ("provenance", "source", "link", "title")
        }
        said["review"] = Review.CHANGED
        for _name, problem in source_problems(None, said, known_sources(), ()):
            raise ValidationError({"all-source": problem})
