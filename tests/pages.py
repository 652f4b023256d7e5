"""What a response says, read the way a person or a script would."""

import re
from html import unescape


def body(response) -> bytes:
    """The whole content, streamed or not."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def text_of(client, address) -> str:
    """The page as text: tags dropped, white space collapsed."""
    html = client.get(address).content.decode().replace("</td>", " ").replace("</th>", " ")
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", html)))


def total_of(html: str) -> int:
    """The number of projects that the list says it found."""
    return int(re.search(r'id="sentence" tabindex="-1">(\d+) project', html)[1])


def facet_of(html: str, name: str) -> dict[str, int]:
    """The counts that the list shows for a facet, by slug."""
    found = re.findall(
        rf'name="{name}" value="([^"]+)".*?<span class="count">(\d+)</span>', html, re.DOTALL
    )
    return {slug: int(count) for slug, count in found}


def submit(client, page: str, data: dict, to: str = "", **extra):
    """Open a page and submit a form of it, with the last revision that it says it shows."""
    html = client.get(page).content.decode()
    seen = re.findall(r'<input type="hidden" name="(seen[-0-9]*)" value="(\d+)"', html)
    return client.post(to or page, data | dict(seen), **extra)
