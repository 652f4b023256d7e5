# program: openapi-typescript (npm openapi-typescript)
# asks: types of the description: a wrong key of an answer
# expects: answer.ts(4,27): error TS2551
curl -s "$SITE/api/v1/openapi.json" --output openapi.json
openapi-typescript openapi.json --output api.ts >&2
cat > answer.ts <<'TS'
import type { paths } from "./api";
declare const page: paths["/api/v1/answers/"]["get"]["responses"][200]["content"]["application/json"];
export const right = [page.answer.state, page.answer.low];
export const wrong = page.anser;
TS
tsc --strict --noEmit answer.ts | cut -d: -f1,2 || true
