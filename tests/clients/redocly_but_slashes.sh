# program: Redocly CLI (npm @redocly/cli)
# asks: the description, by its recommended rules but that on last slashes
# expects: 0 errors
redocly lint "$SITE/api/v1/openapi.json" --extends recommended --format json \
  --skip-rule no-path-trailing-slash > found.json
python -c 'import json; print(json.load(open("found.json"))["totals"]["errors"], "errors")'
