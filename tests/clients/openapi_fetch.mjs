// program: openapi-fetch (npm openapi-fetch)
// asks: national or regional youth projects, lists as the description says
// expects: range 0 27
import createClient from "openapi-fetch";

const client = createClient({ baseUrl: process.env.SITE });
const query = { priority_area: ["youth"], scope: ["national", "regional"] };
const { data } = await client.GET("/api/v1/answers/", { params: { query } });
console.log(data.answer.state, data.answer.low, data.answer.high);
