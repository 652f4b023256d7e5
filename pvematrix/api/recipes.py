"""Code to be copied that reads whole files, as docs/analysts.md has it: a test compares the two.

A page of the site cannot lead into the repository, so it shows what is asked for most.
"""

from django.utils.translation import gettext_lazy

# Stands in them for the site that shows them.
SITE = "http://127.0.0.1:8000"
# What is read with what, and the code for it, as short as it gets: without what was assigned.
RECIPES = [
    (
        gettext_lazy("With pandas, the projects of which a source says the scope:"),
        """\
import pandas

address = "http://127.0.0.1:8000/projects/export.csv"
projects = pandas.read_csv(address, dtype=str, keep_default_na=False)
known = projects[projects["scope_basis"] != "allocated"]
""",
    ),
    (
        gettext_lazy("The same in Google Sheets, of a site that Google’s servers reach:"),
        """\
=QUERY(IMPORTDATA("http://127.0.0.1:8000/projects/export.csv?columns=scope"), \
"where Col4 <> 'allocated'", 1)
""",
    ),
    (
        gettext_lazy("The same in Excel and Power BI, as a blank query of Power Query:"),
        """\
let
    Site = "http://127.0.0.1:8000",
    File = Web.Contents(Site, [RelativePath = "projects/export.csv", Query = [columns = "scope"]]),
    Rows = Table.PromoteHeaders(Csv.Document(File, [Delimiter = ",", Encoding = 65001])),
    Known = Table.SelectRows(Rows, each [scope_basis] <> "allocated")
in
    Known
""",
    ),
    (
        gettext_lazy(
            "All projects in one’s own Datasette, where scope_basis__not=allocated leaves out "
            "whose scope was assigned:"
        ),
        """\
pip install datasette sqlite-utils
curl -s http://127.0.0.1:8000/projects/export.csv |
  sqlite-utils insert register.db projects - --csv --pk reference --replace --convert '
for name in ("regions", "countries", "entities"):
    row[name] = [one for one in row[name].split(";") if one]
return row'
datasette register.db
""",
    ),
]


def recipes(site: str) -> list[tuple[str, str]]:
    """Return what is read with what and the code for it, of a site."""
    return [(str(title), code.replace(SITE, site)) for title, code in RECIPES]
