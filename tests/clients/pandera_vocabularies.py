# program: pandera (PyPI pandera)
# asks: a schema made of the vocabularies: rows that pass
# expects: 223 rows pass
import os

import pandas
import pandera.pandas as pandera
import requests

site = os.environ["SITE"]
terms = requests.get(f"{site}/api/v1/vocabularies/scope/").json()["terms"]
slugs = [term["slug"] for term in terms] + ["not-stated"]
schema = pandera.DataFrameSchema({"scope": pandera.Column(str, pandera.Check.isin(slugs))})
rows = pandas.read_csv(f"{site}/projects/export.csv", dtype=str)
print(len(schema.validate(rows)), "rows pass")
