# program: sqlite-utils (PyPI sqlite-utils)
# asks: the CSV and the NDJSON as tables, joined
# expects: [{"n": 223}]
curl -s "$SITE/projects/export.csv" | sqlite-utils insert register.db cells - --csv >&2
curl -s "$SITE/projects/export.ndjson" | sqlite-utils insert register.db rows - --nl >&2
sqlite-utils register.db "SELECT count(*) AS n FROM cells JOIN rows USING (reference, title)"
