# program: jq (Debian jq)
# asks: youth in Africa, and an error
# expects: range 0 27; scope
curl -s "$SITE/api/v1/answers/?priority_area=youth&region=africa" > answer.json
curl -s "$SITE/api/v1/projects/?scope=moon" > error.json
jq -jr '.answer | "\(.state) \(.low) \(.high); "' answer.json
jq -r '.errors[0].parameter' error.json
