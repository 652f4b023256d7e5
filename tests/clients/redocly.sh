# program: Redocly CLI (npm @redocly/cli)
# asks: the description, by its recommended rules
# expects: 0 errors
redocly lint "$SITE/api/v1/openapi.json" --extends recommended --format json > found.json || true
python - <<'PYTHON'
import json
import sys

found = [one for one in json.load(open("found.json"))["problems"] if one["severity"] == "error"]
print(len(found), "errors")
sys.exit(f"{found[0]['ruleId']}: {found[0]['message']}" if found else 0)
PYTHON
