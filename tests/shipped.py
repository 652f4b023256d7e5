"""The records of projects elsewhere that ship, from the two files that they were read from.

`fixtures/README.md` has the facts of these files. With SHIPPED=write the test writes the records.
"""

import csv
import hashlib
import html
import io
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from projects.elsewhere.csv_file import several
from projects.elsewhere.reading import (
    PAGES,
    UNDP,
    Amount,
    Named,
    Narrative,
    Reading,
)
from projects.imports.reading import Translator

from .conftest import ROOT

FOLDER = ROOT / "fixtures" / "elsewhere"
# The data is of 1 December 2026, and was read in the repository that UNDP publishes it in.
_UNDP_RETRIEVED, _UNDP_LICENCE = "2026-12-01", "CC BY"
_UNDP_ATTRIBUTION = "UNDP, open.undp.org, CC BY"
_PAGES_RETRIEVED = "2026-11-24/2026-11-28"
# Sites of the United Nations, of its entities and of the activities themselves. An address on
# another one is that of a copy, or of somebody else's page, and is no link.
_PUBLISHERS = (
    *("un.org", "undp.org", "unesco.org", "unaoc.org", "unodc.org", "unwomen.org", "unfpa.org"),
    *("iom.int", "unevaluation.org", "jointappeal.org", "sparkblue.org", "netmedyouth.org"),
    "techagainstterrorism.org",
)
# The code of an office that UNDP gives none, as in the register's own directory.
_CODES = {"Kosovo (As per UNSCR 1244)": "XKX"}


def text_folded(text: str) -> str:
    """Return a text for comparing: HTML's entities undone, spaces and case folded."""
    return " ".join(html.unescape(text).split()).casefold()


def read_undp(lines: Iterable[str]) -> Iterator[Reading]:
    """Yield the projects of UNDP, each a line of JSON.

    A quotation that is nowhere in its record is left out. An output speaks of violent extremism if
    a quotation is in its own text; money is that of these outputs, added up by year and kind.
    """
    for line in filter(str.strip, lines):
        yield _undp(json.loads(line), line.strip())


def _undp(one: dict[str, Any], line: str) -> Reading:
    outputs = [_output(each, one["words"]) for each in one["outputs"]]
    speaking = [each for each in outputs if each["speaks_of_it"]]
    texts = [one["title"], one["description"]]
    texts += [each[part] for each in one["outputs"] for part in ("title", "description")]
    where = [text_folded(text) for text in texts]
    path = f"https://github.com/{one['repository']}/blob/{one['commit']}/{one['source']}"
    country = Named(name=one["unit"], code=one["country"] or _CODES.get(one["unit"], ""))
    is_country = bool(country["code"])
    return Reading(
        scheme=UNDP,
        identifier=one["identifier"],
        publisher=one["publisher"],
        data_set="open.undp.org",
        titles=[Narrative(lang="", text=one["title"])],
        unit="" if is_country else one["unit"],
        descriptions=[Narrative(lang="", text=html.unescape(one["description"]))],
        start=one["start"],
        end=one["end"],
        countries=[country] if is_country else [],
        entities=[Named(name="UNDP", code="")],
        donors=one["donors"],
        partner=one["partner"],
        outputs=outputs,
        money=added_up(amount for each in speaking for amount in each["money"]),
        why_no_money=not speaking,
        speaks_of_it=one["speaks_of_it"],
        words=[
            words for words in one["words"] if any(text_folded(words) in text for text in where)
        ],
        links=[path],
        licence=_UNDP_LICENCE,
        attribution=_UNDP_ATTRIBUTION,
        retrieved=_UNDP_RETRIEVED,
        sha256=hashlib.sha256(line.encode()).hexdigest(),
    )


def _output(one: dict[str, Any], words: Iterable[str]) -> dict[str, Any]:
    own = [text_folded(one[part]) for part in ("title", "description")]
    return {
        "identifier": one["output_id"],
        "title": one["title"],
        "description": html.unescape(one["description"]),
        "donors": one["donors"],
        "money": [
            Amount(year=year, kind=kind, currency="USD", amount=decimal(amount))
            for year, amounts in sorted(one["by_year"].items())
            for kind, amount in amounts.items()
            if amount is not None
        ],
        "speaks_of_it": any(text_folded(quoted) in text for quoted in words for text in own),
    }


def decimal(number: Any) -> str:
    """Return a number as a decimal without an exponent, or zeros that say nothing."""
    found = f"{Decimal(str(number)):f}"
    return found.rstrip("0").rstrip(".") if "." in found else found


def added_up(amounts: Iterable[Amount]) -> list[Amount]:
    """Return one amount for each year, kind and currency, in this order."""
    sums: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for one in amounts:
        sums[one["year"], one["kind"], one["currency"]] += Decimal(one["amount"])
    return [
        Amount(year=year, kind=kind, currency=currency, amount=decimal(total))
        for (year, kind, currency), total in sorted(sums.items())
    ]


def read_pages(text: str, code_of: Callable[[str], str]) -> Iterator[Reading]:
    """Yield the activities that public pages describe, rows of CSV.

    `code_of` returns the code of a country, or "", by its name; a row's `note` is for no reader.
    """
    for row in csv.DictReader(io.StringIO(text)):
        sources = row["source_address"].split(" ; ")
        links = [one for one in sources if _is_publishers(one)]
        entities = [
            row["lead_entity"].removesuffix(" (non-UN)"),
            *several(row["other_un_entities"]),
        ]
        yield Reading(
            scheme=PAGES,
            identifier=row["row_id"],
            publisher="",
            data_set=PAGES,
            titles=[Narrative(lang="", text=row["name"])],
            kind=row["kind"],
            start=row["start"],
            end=row["end"],
            countries=[Named(name=one, code=code_of(one)) for one in several(row["countries"])],
            entities=[Named(name=one, code="") for one in entities],
            donors=several(row["donor"]),
            money_in_words=row["budget"],
            links=links,
            read_at=[one for one in sources if one not in links],
            retrieved=_PAGES_RETRIEVED,
            sha256=hashlib.sha256(json.dumps(row, ensure_ascii=False).encode()).hexdigest(),
        )


def _is_publishers(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    return any(host == one or host.endswith(f".{one}") for one in _PUBLISHERS)


def readings() -> Iterator[Reading]:
    names = Translator().countries

    def code_of(name: str) -> str:
        found = names.look_up(name)
        return next(iter(found)) if len(found) == 1 else ""

    with (FOLDER / "undp.jsonl").open(encoding="utf-8") as lines:
        yield from read_undp(lines)
    yield from read_pages((FOLDER / "pages.csv").read_text(encoding="utf-8"), code_of)
