# program: FastMCP (PyPI fastmcp)
# asks: the tools for assistants: the questions of tests/data/questions.csv
# expects: 120 asked, 0 wrong, 16 dropped by the client
import asyncio
import csv
import json
import os
from pathlib import Path

import fastmcp
import httpx2

table = Path(__file__).parents[1] / "data/questions.csv"
rows = list(csv.DictReader(table.open(encoding="utf-8")))
http = httpx2.AsyncClient(base_url=os.environ["SITE"])


async def main(wrong=(), dropped=0):
    description = (await http.get("/api/v1/openapi.json?for=assistants")).json()
    async with fastmcp.Client(fastmcp.FastMCP.from_openapi(description, http)) as client:
        known = {tool.name: tool.input_schema["properties"] for tool in await client.list_tools()}
        for row in rows:
            given, is_refused = json.loads(row["arguments"]), row["status"] == "400"
            if is_refused and given.keys() - known[row["operation"]]:
                dropped += 1  # it asks without what the tool does not have
                continue
            found = await client.call_tool(row["operation"], given, raise_on_error=False)
            said, not_said = found.content[0].text, row["must_not"].split(" | ")
            is_right = found.is_error == is_refused and all(
                text in said for text in row["must"].split(" | ")
            )
            if not is_right or any(text and text in said for text in not_said):
                wrong = (*wrong, row["question"])
    print(f"{len(rows)} asked, {len(wrong)} wrong, {dropped} dropped by the client", *wrong)


asyncio.run(main())
