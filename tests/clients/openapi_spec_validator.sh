# program: openapi-spec-validator (PyPI openapi-spec-validator)
# asks: the description, and that for assistants
# expects: all.json: OK assistants.json: OK
curl -s "$SITE/api/v1/openapi.json" --output all.json
curl -s "$SITE/api/v1/openapi.json?for=assistants" --output assistants.json
openapi-spec-validator all.json assistants.json
