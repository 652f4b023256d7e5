# program: Ultimate Sitemap Parser (PyPI ultimate-sitemap-parser)
# asks: the sitemaps that robots.txt names: projects and statements, in English
# expects: 223 projects, 292 statements
import logging
import os
import re

from usp.tree import sitemap_tree_for_homepage

logging.disable()
pages = "\n".join({page.url for page in sitemap_tree_for_homepage(os.environ["SITE"]).all_pages()})
projects = re.findall(r"^http://[^/]+/projects/PVE-\d+/$", pages, re.MULTILINE)
statements = re.findall(r"^http://[^/]+/statements/[A-Z]+\d+/$", pages, re.MULTILINE)
print(len(projects), "projects,", len(statements), "statements")
