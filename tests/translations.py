"""The texts of the public pages for translators: collected, filled in and compiled.

`python -m tests.translations` without more says how. What is collected are the marked texts of the
sources below, those of models that `locale/listed.txt` names, and what the register says
about its reports. Needs gettext, as `makemessages` does.
"""

import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
FOLDERS = ("projects", "reports", "pvematrix", "templates")
# Parts of Word files and pictures too.
EXTENSIONS = ["html", "txt", "py", "xml", "svg"]
# Only staff see these, or programs, in English.
NOT_PUBLIC = re.compile(
    r"templates/(admin|mfa|account|usersessions|allauth|api)/|templates/(llms|503_second_factor)"
    r"|pvematrix/(desk|api|models|management)/|pvematrix/(apps|login|passwords|second_factor|settings)"
    r"|projects/(imports|annex|history|management)/|projects/(apps|evidence|gate|review)"
    r"|projects/elsewhere/(apps|csv_file|imports|management)"
    r"|reports/(apps|basis|loading)\.|reports/management/"
)
LISTED = re.compile(
    r"(projects|reports)/models/(?!columns|kinds|lists)|projects/history/models"
    r"|projects/elsewhere/models"
)
# What the register says about its reports, by model of `fixtures/report.json`.
OF_REPORTS = {
    "reports.report": ("population", "called", "heading"),
    "reports.figure": ("population",),
    "reports.note": ("text",),
}
# A marker of a citation may have other words after its bar.
PLACEHOLDER = re.compile(
    r"%\([a-z_]+\)[sd]|%[sd%]|%\([a-z_]+\)04X|%04X|\{[a-z_]*\}|</?[a-z][^>]*>|\{cite:[^|}]+"
)
MONTHS = re.compile(
    "January|February|March|April|May|June|July|August|September|October|November|December"
)
NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
OURS = "translated for this register; not checked by the United Nations"
TERMS = ("term", "text", "status", "source")


def collect(home: Path, printed=None) -> Path:
    """Write the catalogue of all marked texts of the sources into a folder; return its file."""
    from django.core.management import call_command
    from django.test import override_settings

    # A copy: makemessages writes next to the templates while it works.
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, home / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (home / "locale").mkdir()
    here = Path.cwd()
    os.chdir(home)
    try:
        with override_settings(LOCALE_PATHS=[home / "locale"]):
            call_command(
                "makemessages", locale=["en_XA"], extensions=EXTENSIONS, verbosity=1,
                stdout=printed or sys.stderr,
            )  # fmt: skip
    finally:
        os.chdir(here)
    path = home / "locale/en_XA/LC_MESSAGES/django.po"
    text = path.read_text(encoding="utf-8").replace("nplurals=INTEGER; plural=EXPRESSION;", "")
    path.write_text(text, encoding="utf-8")
    return path


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def public(path: Path) -> Catalog:
    """Return the texts of the public pages among those of a catalogue, and those about reports."""
    named = set((LOCALE / "listed.txt").read_text(encoding="utf-8").splitlines())
    found = Catalog()
    for message in read(path):
        places = [place for place, _line in message.locations if not NOT_PUBLIC.search(place)]
        ours = [place for place in places if not LISTED.match(place)]
        if message.id and (ours or (places and json.dumps(one_of(message)) in named)):
            comments = message.auto_comments
            found.add(
                message.id, context=message.context, auto_comments=comments,
                locations=[(place, None) for place in dict.fromkeys(ours or places)],
                flags=message.flags & {"python-format", "python-brace-format"},
            )  # fmt: skip
    for text in of_reports():
        if text not in found:
            found.add(text, locations=[("fixtures/report.json", None)])
    return found


def of_reports() -> Iterator[str]:
    rows = json.loads((ROOT / "fixtures/report.json").read_text(encoding="utf-8"))
    for row in rows:
        for field in OF_REPORTS.get(row["model"], ()):
            if row["fields"].get(field):
                text = row["fields"][field]
                yield from dict.fromkeys((text, text.removesuffix(" projects")))


def one_of(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def key_of(message: Message) -> str:
    text = f"{message.context or ''}\x04{one_of(message)}"
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def catalogue(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES/django.po"


def plural_forms(path: Path) -> str:
    """Return how a language has plurals: the rule in the header of its catalogue."""
    text = path.read_text(encoding="utf-8").replace('"\n"', "")
    return re.search(r"Plural-Forms: (.+?)\\n", text)[1]


def as_json(texts: Iterable[Message]) -> list[dict]:
    found = []
    for one in texts:
        if not one.id:
            continue
        row = {"key": key_of(one), "text": one_of(one)}
        row |= {"plural": one.id[1]} if isinstance(one.id, tuple) else {}
        row |= {"context": one.context} if one.context else {}
        row |= {"comment": " ".join(one.auto_comments)} if one.auto_comments else {}
        found.append(row | {"where": [place for place, _line in one.locations]})
    return found


def fill(language: str, texts: Catalog, translated: dict[str, str | list[str]]) -> list[str]:
    """Write a language's catalogues with these translations by key; return what is wrong.

    What changed in English keeps its translation, marked as fuzzy, with the former English.
    """
    path = catalogue(language)
    header = (
        "# The texts of the public pages; locale/README.md says how they are made.\n"
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        f'"Content-Transfer-Encoding: 8bit\\n"\n"Language: {language}\\n"\n'
        f'"Plural-Forms: {plural_forms(path)}\\n"\n\n'
    )
    since = {key_of(one): day for one, day in fuzzy(path)}
    with tempfile.TemporaryDirectory() as folder:
        now, given, known = (Path(folder) / name for name in ("now.po", "given.po", "known.po"))
        _write(now, header, texts, {})
        _write(given, header, [one for one in texts if key_of(one) in translated], translated)
        _gettext("msgmerge", "--quiet", "--previous", path, now, "-o", known)
        _gettext("msgcat", "--use-first", given, known, "-o", known)
        _gettext("msgattrib", "--no-obsolete", "--no-wrap", "--sort-output", known, "-o", path)
    _date_fuzzy(path, header, since)
    compile_(path)
    return wrong(path)


def _write(
    path: Path, header: str, texts: Iterable[Message], translated: dict[str, str | list[str]]
) -> None:
    found = read_po(io.BytesIO(header.encode()))  # which has the number of plural forms
    for one in texts:
        if one.id:
            string = translated.get(key_of(one)) or ""
            found.add(
                one.id, tuple(string) if isinstance(string, list) else string,
                context=one.context, flags=one.flags - {"fuzzy"}, locations=one.locations,
                auto_comments=one.auto_comments,
            )  # fmt: skip
    with path.open("wb") as file:
        file.write(header.encode())
        write_po(file, found, width=0, omit_header=True, sort_output=True)


def fuzzy(path: Path) -> list[tuple[Message, str]]:
    """Return the texts whose English changed, and since which day; "" if the file does not say."""
    dated = re.compile("fuzzy since (.+)")
    found = []
    for one in read(path):
        if one.id and one.fuzzy:
            days = [dated.match(comment) for comment in one.auto_comments]
            found.append((one, next((day[1] for day in days if day), "")))
    return found


def _date_fuzzy(path: Path, header: str, since: dict[str, str]) -> None:
    """Write since when each fuzzy text is: the day of before, or today."""
    blocks = path.read_text(encoding="utf-8").split("\n\n")
    for place, block in enumerate(blocks):
        if re.search(r"^#, .*\bfuzzy\b", block, re.MULTILINE):
            [one] = [one for one in read_po(io.BytesIO(f"{header}{block}".encode())) if one.id]
            day = since.get(key_of(one)) or datetime.now(UTC).date().isoformat()
            blocks[place] = f"#. fuzzy since {day}\n{block}"
    path.write_text("\n\n".join(blocks), encoding="utf-8")


def _gettext(*command: str | Path) -> None:
    subprocess.run([str(one) for one in command], check=True)


def compile_(path: Path) -> None:
    """Write django.mo next to django.po, without the fuzzy and the empty: the same bytes always."""
    made = read(path)
    made.creation_date = made.revision_date = datetime(2017, 12, 1, tzinfo=UTC)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, made)


def wrong(path: Path) -> list[str]:
    """Return what is untranslated, or has lost a number, a placeholder or a line's end.

    What is fuzzy is in English on the pages, and counted: `fuzzy`.
    """
    found = []
    forms = int(re.search(r"nplurals=(\d)", plural_forms(path))[1])
    for one in read(path):
        texts = one.id if isinstance(one.id, tuple) else (one.id,)
        strings = one.string if isinstance(one.string, tuple) else (one.string,)
        if not one.id or one.fuzzy:
            continue
        if not all(strings) or len(strings) != (forms if len(texts) > 1 else 1):
            found.append(f"{key_of(one)}: not translated: {texts[-1]!r}")
            continue
        # Chinese has the one in place of the other.
        for string in (one.replace("%(hundred_millions)s", "%(number)s") for one in strings):
            for what, pattern in (("placeholders", PLACEHOLDER), ("numbers", NUMBER)):
                sets = [sorted(pattern.findall(text)) for text in texts]
                # Chinese writes months in figures.
                sets += [sorted(pattern.findall(MONTHS.sub(_month, text))) for text in texts]
                # A form for one, or for two, may say its number in words.
                lacks = len(texts) > 1 and set(pattern.findall(string)) <= set(sets[-1])
                if sorted(pattern.findall(string)) not in sets and not lacks:
                    found.append(f"{key_of(one)}: other {what}: {texts[-1]!r}: {string!r}")
            if (string[0] == "\n", string[-1] == "\n") != (
                texts[0][0] == "\n",
                texts[0][-1] == "\n",
            ):
                found.append(f"{key_of(one)}: begins or ends with a line's end, or not: {string!r}")
    return found


def _month(found: re.Match[str]) -> str:
    return str(MONTHS.pattern.split("|").index(found[0]) + 1)


def glossary(language: str) -> list[dict[str, str]]:
    """Return the terms of a language: those with a source first, the rest from the catalogue.

    The first text of a term is its label; others are what searches find as well.
    """
    from projects.columns import PROJECT_TABLE
    from projects.vocabulary import SHORT_LABELS

    kinds = {one.name: dict(one.vocabulary) for one in PROJECT_TABLE.columns if one.vocabulary}
    rows = []
    with (ROOT / "fixtures/terms.csv").open(encoding="utf-8", newline="") as file:
        for one in csv.DictReader(file):
            if one["language"] != language.partition("_")[0] or one["vocabulary"] == "month":
                continue
            term = one["slug"]
            if values := kinds.get(one["vocabulary"]):
                short = SHORT_LABELS.get(term) if "short form" in one["source"] else ""
                term = str(short or values[term])
            status, source = one["status"], one["source"]
            rows.append({"term": term, "text": one["term"], "status": status, "source": source})
    known = {one["term"] for one in rows}
    labels = [label for values in kinds.values() for label in values.values()]
    labels += SHORT_LABELS.values()
    strings = {}
    if catalogue(language).exists():
        strings = {one_of(one): one.string for one in read(catalogue(language)) if one.id}
    ours = {"status": "translation", "source": OURS}
    for label in dict.fromkeys(map(str, labels)):
        if label not in known:
            rows.append({"term": label, "text": strings.get(label, ""), **ours})
    ranks = ("official", "agency", "member-state", "cldr", "translation")
    rows.sort(key=lambda one: ranks.index(one["status"]))
    return sorted(rows, key=lambda one: one["term"])


def main(command: str = "", *arguments: str) -> None:
    """Run a command; `texts` prints JSON, `fill` reads it by key.

    python -m tests.translations texts > texts.json
    python -m tests.translations glossary fr                     writes what glossary.csv lacks
    python -m tests.translations fill fr part1.json part2.json   {"key": "text" or ["form", …]}
    python -m tests.translations check fr
    python -m tests.translations update                          all catalogues, to the texts of now
    """
    if command not in ("texts", "glossary", "fill", "check", "update"):
        sys.exit(main.__doc__)
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pvematrix.settings")
    os.environ.setdefault("DEBUG", "on")
    django.setup()
    language, *files = arguments or ("",)
    if command == "check":
        print(*wrong(catalogue(language)), sep="\n")
        return
    if command == "glossary":
        add_rows(LOCALE / language / "glossary.csv", TERMS, glossary(language))
        return
    printed = io.StringIO()
    with tempfile.TemporaryDirectory() as folder:
        texts = public(collect(Path(folder), printed))
    said = printed.getvalue().splitlines(keepends=True)
    sys.stderr.writelines(one for one in said if not one.startswith("processing locale"))
    if command == "texts":
        print(json.dumps(as_json(texts), ensure_ascii=False, indent=1))
    elif command == "update":
        # A text that is new or changed is so in all languages.
        changed = defaultdict(list)
        for path in sorted(LOCALE.glob("*/LC_MESSAGES/django.po")):
            language = path.parents[1].name
            print(path, *fill(language, texts, {}), sep="\n")
            for one, day in fuzzy(path):
                was = "".join(
                    re.findall(r'^\| (?:msgid )?"(.*)"', "\n".join(one.user_comments), re.M)
                )
                text = f"{key_of(one)}: fuzzy since {day}: {one_of(one)!r}, like {was!r}"
                changed[text].append(language)
        for text, languages in changed.items():
            print(f"{text} ({', '.join(languages)})")
    else:
        translated = {}
        for file in files:
            translated |= json.loads(Path(file).read_text(encoding="utf-8"))
        found = fill(language, texts, translated)
        print(*found, f"{language}: {len(translated)} texts written", sep="\n")


def add_rows(path: Path, columns: tuple[str, ...], rows: list[dict[str, str]]) -> None:
    """Write a CSV file with the rows that it has and these; what it says of a text stays.

    A text that differs in its capitals alone is the same: a label begins with one.
    """
    stored = []
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            stored = [*csv.DictReader(file)]
    known = {(one[columns[0]], one[columns[1]].casefold()) for one in stored}
    filled = {one[columns[0]] for one in stored if one[columns[1]]}
    stored += [
        one for one in rows
        if (one[columns[0]], one[columns[1]].casefold()) not in known
        and (one[columns[1]] or one[columns[0]] not in filled)
    ]  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(stored)


if __name__ == "__main__":
    main(*sys.argv[1:])
