// program: Swagger Parser (npm @apidevtools/swagger-parser)
// asks: the description, validated, with all references resolved
// expects: OpenAPI 3.1.0, version 1
import SwaggerParser from "@apidevtools/swagger-parser";

const description = await (await fetch(`${process.env.SITE}/api/v1/openapi.json`)).json();
const { openapi, info } = await SwaggerParser.validate(description);
console.log(`OpenAPI ${openapi}, version ${info.version}`);
