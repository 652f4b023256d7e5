# program: HTTPX (PyPI httpx)
# asks: rows of the API, page by page by `next`
# expects: 223 rows on 5 pages
import os

import httpx

rows, pages, following = [], 0, os.environ["SITE"] + "/api/v1/projects/?per_page=50"
while following:
    page = httpx.get(following).raise_for_status().json()
    rows, pages, following = rows + page["results"], pages + 1, page["next"]
print(len({row["reference"] for row in rows}), "rows on", pages, "pages")
