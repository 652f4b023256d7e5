"""What the design promises of the code as a whole."""

import ast
import re
from graphlib import TopologicalSorter

import pytest
from django.conf import settings
from django.urls import get_resolver

from projects.vocabulary import Basis, PriorityArea, Provenance, Region, Review, Scope, Status

from .conftest import ROOT

# Which way imports point between the apps: each knows those after it.
APPS = ("pvematrix", "reports", "projects")
# The folders and modules of an app from the ground up: each imports only from floors below its own.
FLOORS = {
    "projects": [
        {"text", "locks", "languages", "codes"},
        {"citations"},
        {"vocabulary"},
        {"columns"},
        {"cube"},
        {"history", "ranges"},
        {"review"},
        {"models"},
        {"asking", "exports"},
        {"places", "evidence"},
        {"gate"},
        {"editions", "imports", "duplicates", "listing", "list_filters", "profile"},
        {"pages", "templatetags", "annex"},
        {"changes", "corrections"},
        {"elsewhere"},
        {"views"},
        {"urls"},
    ],
    "reports": [
        {"models", "breakdowns", "files"},
        {"images", "basis", "overview"},
        {"queries", "reconciliation", "charts", "integrity", "data_package"},
        {"library", "compare", "cross_table"},
        {"editions", "frames", "check"},
        {"briefing"},
        {"views", "records"},
        {"urls"},
    ],
    "pvematrix": [
        {"log_settings", "served"},
        {"settings", "logs"},
        {"errors"},
        {"cache", "page_cache", "cors"},
        {"models", "passwords", "attempts", "health"},
        {"second_factor"},
        {"login"},
        {"desk", "api"},
        {"pages"},
        {"templatetags"},
        {"urls"},
        {"wsgi"},
    ],
}
# Outside the floors: what starts the app, what is run by hand, letters, and tables of names.
OUTSIDE_FLOORS = {"apps", "management", "formats", "names"}
# The only modules that may import a heavy package; views import these where they are asked.
HEAVY = {
    "plotly": {"charts"},
    "pandas": {"frames"},
    "numpy": set(),
    "scipy": set(),
    "babel": set(),
}
MODULES = sorted(
    path
    for package in ("pvematrix", "projects", "reports")
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts
)
PACKAGES = {".".join(path.relative_to(ROOT).parent.parts) for path in MODULES}
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def imports(path) -> set[str]:
    """The modules that a file imports, in full."""
    parents = path.relative_to(ROOT).parent.parts
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = parents[: len(parents) - node.level + 1] if node.level else ()
            module = ".".join([*package, *filter(None, [node.module])])
            # What is imported may be a module itself.
            names = [alias.name for alias in node.names] if module in PACKAGES else [""]
            found |= {f"{module}.{name}".rstrip(".") for name in names}
    return found


def test_a_module_has_at_most_400_lines():
    long = {path: path.read_text(encoding="utf-8").count("\n") for path in MODULES}
    assert {path: lines for path, lines in long.items() if lines > 400} == {}


def test_a_package_says_what_comes_in_what_goes_out_and_what_it_may_import():
    paths = [path for path in MODULES if path.name == "__init__.py"]
    paths = [path for path in paths if "management" not in path.parts]
    assert len(paths) == 16
    for path in paths:
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        first, second, third = docstring.split("\n")
        assert (first[:4], second[:5], third[:12]) == ("In: ", "Out: ", "May import: "), path
        package = path.parent
        app, *rooms = package.relative_to(ROOT).parts
        for module in MODULES:
            for name in imports(module) if module.is_relative_to(package) else ():
                other, room = [*name.split("."), ""][:2]
                # What is imported is named: another app, or a folder or module of the same one.
                if other in APPS and (other != app or (rooms and room != rooms[0])):
                    named = room if other == app else other
                    is_named = named in re.findall(r"\w+", third)
                    assert is_named or "floors below" in third, f"{module} imports {name}"


def test_apps_know_only_those_below_them():
    for path in MODULES:
        app = path.relative_to(ROOT).parts[0]
        for name in imports(path):
            other = name.split(".")[0]
            if other in APPS:
                assert APPS.index(app) <= APPS.index(other), f"{path} imports {name}"


def app_of_template(path) -> str:
    """The app whose floor a template is on; what belongs to no app is the site's."""
    room = path.relative_to(ROOT / "templates").parts[0]
    return room if room in APPS else "pvematrix"


def test_templates_take_nothing_of_an_app_above_theirs():
    above = {
        path.stem: path.relative_to(ROOT).parts[0]
        for path in MODULES
        if path.parent.name == "templatetags"
    }
    for path in TEMPLATES:
        html, app = path.read_text(encoding="utf-8"), APPS.index(app_of_template(path))
        loaded = " ".join(re.findall(r"{% load ([^%]+) %}", html)).split()
        # Frames and parts that are in no folder are everybody's.
        folders = re.findall(r"""{% (?:include|extends) "([^"/]+)/""", html)
        taken = {above[one] for one in loaded if one in above}
        taken |= {one if one in APPS else "pvematrix" for one in folders}
        assert all(app <= APPS.index(one) for one in taken), path


def test_code_reads_no_setting_that_names_an_app_above():
    for path in MODULES:
        above = APPS[: APPS.index(path.relative_to(ROOT).parts[0])]
        for name in re.findall(r"\bsettings\.([A-Z_]+)", path.read_text(encoding="utf-8")):
            named = re.findall(r"'(\w+)(?:\.\w+)+'", repr(getattr(settings, name, "")))
            assert not {*above} & {*named}, f"{path} reads {name}"


def views(patterns) -> dict[str, object]:
    """The views of the site by the names of their addresses."""
    found = {}
    for one in patterns:
        if hasattr(one, "url_patterns"):
            found |= views(one.url_patterns)
        elif one.name:
            found[one.name] = one.callback
    return found


def app_of_view(view) -> str:
    """The lowest app with a part of the view; what is of no app is the site's."""
    classes = getattr(view, "view_class", type(view)).__mro__
    modules = {one.__module__ for one in classes} - {"projects.pages"}
    return max({"pvematrix"} | {one.split(".")[0] for one in modules} & {*APPS}, key=APPS.index)


def test_addresses_are_of_no_app_above():
    apps = {name: app_of_view(view) for name, view in views(get_resolver().url_patterns).items()}
    named = re.compile(r"""(?:\breverse(?:_lazy)?\(\s*|{% url )["']([\w-]+)["']""")
    for path in [*MODULES, *TEMPLATES]:
        app = app_of_template(path) if path in TEMPLATES else path.relative_to(ROOT).parts[0]
        for name in named.findall(path.read_text(encoding="utf-8")):
            assert APPS.index(app) <= APPS.index(apps[name]), f"{path} names {name}"


def test_folders_import_from_below():
    for path in MODULES:
        app, *rest = path.relative_to(ROOT).with_suffix("").parts
        room = rest[0]
        if room in OUTSIDE_FLOORS or room == "__init__":
            continue
        floors = [n for n, floor in enumerate(FLOORS[app]) if room in floor]
        assert floors, f"{path} stands on no floor"
        for name in imports(path):
            other_app, _dot, other = name.partition(".")
            other_room = other.split(".")[0]
            if other_app != app or other_room in (room, ""):
                continue
            below = {one for floor in FLOORS[app][: floors[0]] for one in floor}
            assert other_room in below, f"{path} imports {name}"


def test_modules_import_in_no_circle():
    def name_of(path):
        parts = path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts).removesuffix(".__init__")

    names = {name_of(path) for path in MODULES}
    graph = {}
    for path in MODULES:
        found = {name if name in names else name.rpartition(".")[0] for name in imports(path)}
        graph[name_of(path)] = found & names - {name_of(path)}
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


def test_every_floor_is_there():
    for app, floors in FLOORS.items():
        there = {path.stem for path in (ROOT / app).iterdir() if path.name[0] not in "_."}
        rooms = {room for floor in floors for room in floor}
        assert there - OUTSIDE_FLOORS - {"migrations"} == rooms


def test_only_some_modules_import_heavy_packages():
    for path in MODULES:
        for package in {name.split(".")[0] for name in imports(path)} & HEAVY.keys():
            assert path.stem in HEAVY[package], path


def test_only_the_desk_imports_the_annex():
    desk, annex = ROOT / "pvematrix" / "desk", ROOT / "projects" / "annex"
    for path in MODULES:
        if not path.is_relative_to(desk) and not path.is_relative_to(annex):
            found = {name for name in imports(path) if name.startswith("projects.annex")}
            assert not found, f"{path} imports {found}"


def test_nothing_that_counts_imports_what_is_elsewhere():
    counting = ("asking", "exports", "cube", "ranges", "editions", "review")
    for path in MODULES:
        app, *rest = path.relative_to(ROOT).with_suffix("").parts
        if app == "projects" and rest[0] in counting:
            found = {name for name in imports(path) if name.startswith("projects.elsewhere")}
            assert not found, f"{path} imports {found}"


def test_history_knows_no_model_of_ours():
    for path in (ROOT / "projects" / "history").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\b(Project|Entity|Country|Edition|Report|Figure)\b", text), path


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_have_no_inline_code_and_fetch_nothing_from_elsewhere(path):
    html = path.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", html)
    assert not re.search(r'(src|href)="(https?:)?//', html)
    assert "|safe" not in html
    assert "autoescape off" not in html


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_views_decide_who_may_do_what(path):
    assert not re.search(r"\{%[^%]*\bperms\b", path.read_text(encoding="utf-8"))


def test_lines_of_templates_have_at_most_120_characters():
    paths = [path for path in sorted((ROOT / "templates").rglob("*")) if path.is_file()]
    lines = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1)
        if len(line) > 120
    ]
    assert len(paths) > 150
    assert lines == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_visible_text_is_marked_for_translation(path):
    html = path.read_text(encoding="utf-8")
    html = re.sub(r"{% blocktranslate.*?{% endblocktranslate %}", "", html, flags=re.DOTALL)
    html = re.sub(r"<pre.*?</pre>|&lt;.*?&gt;", "", html, flags=re.DOTALL)  # code, not text
    text = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}|<[^>]+>", " ", html, flags=re.DOTALL)
    words = set(re.findall(r"[A-Za-z][A-Za-z/-]+", text)) - {"pvematrix", "UTC", "quot", "nbsp"}
    kinds = {"Atom", "BibTeX", "CSV", "XLSX", "JSON", "PNG", "SVG", "POST", "text/plain"}
    assert words <= {*kinds, "A/", "A", "B"}, words


def test_slugs_are_typed_in_the_vocabulary_only():
    vocabularies = (PriorityArea, Scope, Region, Status, Provenance, Basis, Review)
    slugs = {slug for vocabulary in vocabularies for slug in vocabulary.values}
    # These are words of Django's, of addresses and of dimensions as well.
    slugs -= {"global", "region", "other", "allocated", "draft", "changed"}
    typed = re.compile(rf"""["']({"|".join(slugs)})["']""")
    for path in [*MODULES, *TEMPLATES]:
        if path.name != "vocabulary.py":
            assert not typed.search(path.read_text(encoding="utf-8")), path


def test_sql_is_left_to_django():
    """But where it has no words: moments, locks, tables, cache, found once."""
    own = {"rows.py", "copy.py", "locks.py", "backup.py", "tidy.py"}
    for path in MODULES:
        if path.name in own:
            continue
        assert not re.search(r"\.raw\(|RawSQL|cursor\(\)|\.extra\(", path.read_text()), path


def called_at_import(node: ast.AST) -> list[ast.Call]:
    """The calls in a module that run when it is imported."""
    calls = [node] if isinstance(node, ast.Call) else []
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.Lambda):
            calls += called_at_import(child)
    return calls


def test_import_opens_no_file():
    """But the table of columns, which models and filters are made of."""
    opening = {"open", "read_text", "read_bytes", "load"}
    found = set()
    for path in MODULES:
        for call in called_at_import(ast.parse(path.read_text(encoding="utf-8"))):
            if ast.unparse(call.func).rpartition(".")[2] in opening:
                found.add(path.relative_to(ROOT).as_posix())
    assert found == {"projects/columns.py"}
