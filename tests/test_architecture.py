"""What the design promises of the code as a whole."""

import ast
import re

import pytest

from projects.vocabulary import Basis, PriorityArea, Provenance, Region, Scope, Status

from .conftest import ROOT

# Which modules of ours each module may import; the views and what is above them may import all.
LAYERS = {
    "projects": [
        ["vocabulary", "fields"],
        ["cube", "query_string", "columns"],
        ["history", "corrections"],
        ["querysets"],
        ["models"],
        ["filters", "exports"],
        ["editions", "import_files", "import_template"],
        ["import_plan"],
        ["imports", "review", "worklist"],
        ["views", "recorded_admin", "user_admin"],
        ["import_admin", "revision_admin"],
        ["admin"],
        ["urls", "apps"],
    ],
    "reports": [
        ["filters", "reconstruction", "breakdowns", "files"],
        ["models", "draft", "comparison"],
        ["reconciliation", "charts", "cross_table"],
        ["checklist", "desk"],
        ["views", "edition_views", "admin"],
        ["urls", "apps", "desk_config"],
    ],
}
MODULES = sorted(
    path
    for package in ("pvematrix", "projects", "reports")
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def imports(path) -> set[str]:
    """The modules that a file imports, in full."""
    package = ".".join(path.relative_to(ROOT).parent.parts)
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            if node.module is None:
                found |= {f"{package}.{alias.name}" for alias in node.names}
            else:
                found.add(f"{package}.{node.module}" if node.level else node.module)
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path):
    parts = path.relative_to(ROOT).parts
    app, ours = parts[0], imports(path)
    if app == "projects":
        assert not {name for name in ours if name.split(".")[0] in ("reports", "pvematrix")}
    if app == "reports":
        assert not {name for name in ours if name.split(".")[0] == "pvematrix"}
    layers = LAYERS.get(app, [])
    place = {name: n for n, layer in enumerate(layers) for name in layer}
    if len(parts) == 2 and path.stem in place:
        for name in ours:
            package, _dot, module = name.partition(".")
            if package == app and module in place and module != path.stem:
                assert place[module] <= place[path.stem], f"{path.stem} imports {module}"


def test_every_module_has_a_layer():
    for app, layers in LAYERS.items():
        names = {path.stem for path in (ROOT / app).glob("*.py")} - {"__init__"}
        assert names == {name for layer in layers for name in layer}


def test_plotly_and_pandas_stay_out_of_the_running_product():
    for path in MODULES:
        assert not {"plotly", "pandas", "numpy"} & {name.split(".")[0] for name in imports(path)}


def test_names_say_something():
    for path in MODULES:
        assert path.stem not in ("utils", "helpers", "common", "manager", "services", "misc")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_have_no_inline_code_and_fetch_nothing_from_elsewhere(path):
    html = path.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", html)
    assert not re.search(r'(src|href)="(https?:)?//', html)
    assert "|safe" not in html
    assert "autoescape off" not in html


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_visible_text_is_marked_for_translation(path):
    html = path.read_text(encoding="utf-8")
    html = re.sub(r"{% blocktranslate.*?{% endblocktranslate %}", "", html, flags=re.DOTALL)
    html = re.sub(r"&lt;.*?&gt;", "", html)  # code to copy, not text
    text = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}|<[^>]+>", " ", html, flags=re.DOTALL)
    words = set(re.findall(r"[A-Za-z][A-Za-z/-]+", text)) - {"pvematrix", "UTC", "quot"}
    assert words <= {"CSV", "XLSX", "JSON", "A/"}, words


def test_slugs_are_typed_in_the_vocabulary_only():
    vocabularies = (PriorityArea, Scope, Region, Status, Provenance, Basis)
    slugs = {slug for vocabulary in vocabularies for slug in vocabulary.values}
    # These are words of Django's, of addresses and of dimensions as well.
    slugs -= {"global", "region", "other", "allocated"}
    typed = re.compile(rf"""["']({"|".join(slugs)})["']""")
    for path in [*MODULES, *TEMPLATES]:
        if path.name != "vocabulary.py":
            assert not typed.search(path.read_text(encoding="utf-8")), path


def test_sql_is_left_to_django():
    for path in MODULES:
        assert not re.search(r"\.raw\(|RawSQL|cursor\(\)|\.extra\(", path.read_text()), path
