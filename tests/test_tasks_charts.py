"""Charts on paper, also without scripts."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

AFRICA = "61 projects in Africa (A/72/621, para. 25)"


@pytest.mark.parametrize(
    ("address", "known", "scripts"),
    [
        ("/", "223 projects (A/72/621, paras. 22 and 24).", True),
        (
            "/reports/priority-area/?region=africa",
            f"{AFRICA}. The report does not say what they work on. For each part, its totals "
            "allow a range.",
            False,
        ),
    ],
)
def test_paper_has_charts_whole_and_says_where_it_is_from(visit, address, known, scripts):
    page = visit(address, java_script_enabled=scripts)
    page.emulate_media(media="print")
    # A4 across, without its margins.
    page.set_viewport_size({"width": 1017, "height": 688})
    foot = page.locator("footer .printed")
    expect(foot).to_be_visible()
    expect(foot).to_contain_text(f"{address} · ")
    expect(foot).to_contain_text(f" · {known}")
    # The document whose paragraphs these are.
    source = page.locator("footer").get_by_text("Source: United Nations document A/72/621.")
    expect(source).to_be_visible()
    for hidden in (".chart", ".tab-list", "header nav"):
        for one in page.locator(hidden).all():
            expect(one).to_be_hidden()
    for table in page.locator("main > .breakdown table").all():
        expect(table).to_be_visible()
        box = table.bounding_box()
        assert box["x"] + box["width"] <= 1017
