# program: Requests (PyPI requests)
# asks: statements, page by page by the header Link
# expects: 292 statements
import os

import requests

codes, following = set(), os.environ["SITE"] + "/api/v1/statements/?per_page=100"
while following:
    answer = requests.get(following)
    codes |= {row["code"] for row in answer.json()["results"]}
    following = answer.links.get("next", {}).get("url")
print(len(codes), "statements")
