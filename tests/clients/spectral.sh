# program: Spectral (npm @stoplight/spectral-cli)
# asks: the description for assistants, by its rules of OpenAPI
# expects: 0 errors
curl -s "$SITE/api/v1/openapi.json?for=assistants" --output openapi.json
echo 'extends: spectral:oas' > rules.yaml
spectral lint openapi.json --ruleset rules.yaml --format json --output found.json >&2 || true
python - <<'PYTHON'
import json
import sys

found = [one for one in json.load(open("found.json")) if one["severity"] == 0]
print(len(found), "errors")
sys.exit(f"{found[0]['code']}: {found[0]['message']}" if found else 0)
PYTHON
