# program: datamodel-code-generator (PyPI datamodel-code-generator)
# asks: models of the description: a page of projects
# expects: 223 rows
curl -s "$SITE/api/v1/openapi.json" --output openapi.json
curl -s "$SITE/api/v1/projects/?per_page=500" --output page.json
datamodel-codegen --input openapi.json --input-file-type openapi --output models.py \
  --output-model-type pydantic_v2.BaseModel >&2
python -c "
from models import ProjectPage
print(len(ProjectPage.model_validate_json(open('page.json').read()).results), 'rows')"
