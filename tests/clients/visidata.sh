# program: VisiData (PyPI visidata)
# asks: the CSV by its address, written as JSON lines
# expects: 223 rows, 27 of youth
vd --batch "$SITE/projects/export.csv" --output rows.jsonl >&2
python - <<'PYTHON'
import json

rows = [json.loads(line) for line in open("rows.jsonl")]
print(len(rows), "rows,", sum(row["priority_area"] == "youth" for row in rows), "of youth")
PYTHON
