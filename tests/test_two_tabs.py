"""Two tabs of the desk with one record: the second who saves is asked, whatever the record is."""

import re

import pytest

from pvematrix.desk.recorded import RecordedAdmin
from pvematrix.desk.site import desk
from reports.models import Statement

from .annex import fields_of

pytestmark = pytest.mark.usefixtures("register")
FIRST, SECOND = "Written in the first tab", "Written in the second tab"
# A field of each that two people may change, and what they write.
FIELDS = {
    "category": ("label", FIRST, SECOND),
    "country": ("name", FIRST, SECOND),
    "document": ("title", FIRST, SECOND),
    "entity": ("name", FIRST, SECOND),
    "figure": ("date", "2016", "2017-06"),
    "judgement": ("why", FIRST, SECOND),
    "note": ("text", FIRST, SECOND),
    "paragraph": ("section_heading", FIRST, SECOND),
    "report": ("title", FIRST, SECOND),
    "secondperson": ("why", FIRST, SECOND),
    "statement": ("title", FIRST, SECOND),
}


def page_of(record) -> str:
    opts = record._meta
    return f"/admin/{opts.app_label}/{opts.model_name}/{record.pk}/change/"


def form_of(client, page: str) -> dict:
    """What a browser sends of the form as it is shown."""
    context = client.get(page).context
    sets = [one.formset for one in context["inline_admin_formsets"]]
    forms = [form for one in sets for form in (one.management_form, *one.forms)]
    return fields_of(context["adminform"].form, *forms)


def test_every_table_that_two_people_may_write_is_tested_here_or_has_its_own_test():
    recorded = {
        model._meta.model_name
        for model, admin in desk._registry.items()
        if isinstance(admin, RecordedAdmin)
    }
    # Projects and accounts have tests of their own; an edition is published and never changed.
    assert recorded == {*FIELDS, "project", "account", "edition"}


@pytest.mark.long
@pytest.mark.parametrize("name", FIELDS)
def test_who_saves_second_sees_both_values_and_loses_none(admin_client, name):
    (model,) = (one for one in desk._registry if one._meta.model_name == name)
    record, (field, theirs, mine) = model._base_manager.order_by("pk").first(), FIELDS[name]
    page = page_of(record)
    form = form_of(admin_client, page) | {"reason": "x"}
    assert admin_client.post(page, {**form, field: theirs}).status_code == 302
    asked = admin_client.post(page, {**form, field: mine})
    assert asked.status_code == 409
    (conflict,) = asked.context["conflicts"]
    assert (conflict.theirs, conflict.mine) == (theirs, mine)
    chosen = {"merged": field, f"keep-{field}": "mine", "seen": asked.context["last"].pk}
    carried = dict(asked.context["carried"])
    assert admin_client.post(page, {**carried, **chosen}).status_code == 302
    record.refresh_from_db()
    assert getattr(record, field) == mine


def test_what_is_typed_into_a_form_of_what_was_deleted_meanwhile_is_shown(admin_client):
    page = page_of(Statement.live.get(code="G34"))
    form = form_of(admin_client, page) | {"reason": "From <the> letter", "title": "A better title"}
    gone = page.replace("change", "delete")
    admin_client.post(gone, {"post": "yes", "reason": "Twice there", "seen": form["seen"]})
    answer = admin_client.post(page, form)
    html = answer.content.decode()
    assert answer.status_code == 410
    assert "admin deleted G34 on " in html
    assert "<p>Reason: Twice there</p>" in html
    typed = re.findall(r"<dt>(.+?)</dt>\s*<dd><p>(.+?)</p></dd>", html)
    assert ("Title", "A better title") in typed
    assert typed[-1] == ("Reason for the change", "From &lt;the&gt; letter")
    (back,) = re.findall(r'<p><a href="([^"]+)">Bring back', html)
    assert admin_client.get(back).status_code == 200
    # What never was is only not there.
    assert admin_client.post("/admin/reports/statement/9999/change/", form).status_code == 302
