# program: openapi-python-client (PyPI openapi-python-client)
# asks: a client of the description: youth in Africa, as an object
# expects: range 0 27
echo "post_hooks: []" > config.yaml
openapi-python-client generate --url "$SITE/api/v1/openapi.json" --meta none \
  --output-path register_client --config config.yaml --fail-on-warning >&2
PYTHONPATH=. python - <<'PYTHON'
import os
from register_client import Client, models
from register_client.api.answers import answers

areas, regions = [models.AnswersPriorityAreaItem.YOUTH], [models.AnswersRegionItem.AFRICA]
client = Client(os.environ["SITE"])
found = answers.sync(client=client, priority_area=areas, region=regions).answer
print(found.state, found.low, found.high)
PYTHON
