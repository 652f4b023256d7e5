"""What a new column, filter, value or page is added to; all other tests read these lists.

They are literal: what is here is promised in docs/contract.md.
"""

# The parameters of every list, in the order in which messages name them.
FILTERS = (
    "q, priority_area, scope, region, entity, status, provenance, in_matrix, country, year, "
    "starts, ends, priority_area_basis, scope_basis, regions_basis, edition, filled_in, described, "
    "sort, page, per_page"
)
# The filters whose values are closed.
VOCABULARIES = "priority_area, scope, region, entity, status, provenance, in_matrix"
# The columns of the CSV.
COLUMNS = [
    *("reference", "title", "summary", "priority_area", "priority_area_basis", "scope"),
    *("scope_basis", "regions", "regions_basis", "countries", "entities", "status"),
    *("start_date", "end_date", "methodology", "link", "provenance", "source", "updated_at"),
    *("in_matrix", "licence", "attribution"),
]
# The letter of the last of them in a sheet.
LAST_COLUMN = "V"
# Every value of every filter, and the projects that have it.
VALUES = {
    "priority_area": {
        **{"governance": 40, "education": 31, "dialogue": 29, "youth": 27},
        **{"communications": 23, "gender": 22, "communities": 18, "other": 33, "not-stated": 0},
    },
    "scope": {"global": 82, "regional": 66, "national": 75, "not-stated": 218},
    "region": {
        "africa": 61,
        "mena": 55,
        "asia": 22,
        "europe": 12,
        "americas": 3,
        "not-stated": 220,
    },
    "entity": {
        **{"CTC": 1, "CTED": 2, "CTITF": 0, "CTITF-WGC": 1, "CTITF-WGG": 0, "DPI": 0},
        **{"HLAG-PVE": 0, "OCT": 1, "OGPRtoP": 1, "OHCHR": 0, "UN-Women": 0, "UNAOC": 2},
        **{"UNCCT": 0, "UNDP": 0, "UNESCO": 4, "UNODC": 1, "not-stated": 211},
    },
    "status": {"planned": 0, "ongoing": 4, "completed": 0, "not-stated": 219},
    "provenance": {"counted": 211, "named": 12, "confirmed": 0},
    "in_matrix": {"yes": 211, "no": 0, "not-stated": 12},
    "country": {"not-stated": 223},
    "year": {str(year): 2 if year == 2017 else 1 for year in range(2013, 2023)},
    "starts": {"2013": 1, "2017": 1},
    "ends": {"2022": 1},
    "priority_area_basis": {"stated": 211, "inferred": 12, "not-stated": 0},
    "scope_basis": {"stated": 1, "inferred": 4, "not-stated": 218},
    "regions_basis": {"stated": 0, "inferred": 1, "not-stated": 220},
}
# The pages of each menu, with their names, in its order.
MENUS = {
    "/": {"/": "Overview"},
    "/projects/": {
        "/projects/": "Projects",
        "/elsewhere/": "Projects elsewhere",
        "/projects/changes/": "Changes",
    },
    "/reports/": {
        "/reports/": "Published counts",
        "/reports/priority-area/": "Projects by priority area",
        "/reports/scope/": "Projects by scope",
        "/reports/region/": "Regional and national projects by region",
        "/reports/cross-table/": "Two-way table",
        "/reports/compare/": "Compare",
        "/reports/a-72-621/": "Compared with the report",
        "/check/": "Check a text",
    },
    "/report/": {
        "/report/": "The report",
        "/reports/a-72-621/text/": "Full text",
        "/statements/": "Statements",
        "/entities/": "Organizations",
    },
    "/about/": {
        "/about/": "About and data",
        "/about/#states": "How sure is a number?",
        "/api/": "Data and API",
        "/about/#columns": "Data dictionary",
        "/editions/": "Editions",
    },
}
