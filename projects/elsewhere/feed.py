"""The feed of projects elsewhere: what was read last, of the records that match."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from ..changes import CHANGES_A_PAGE, PublicFeed
from ..citations import labelled
from .profile import Profile
from .queries import ElsewhereQuery


class ElsewhereFeed(PublicFeed):
    """The records that were loaded or changed last, newest first."""

    reader_class = ElsewhereQuery

    def get_object(self, request: HttpRequest, reader: Any, **named: Any) -> ElsewhereQuery:
        return reader

    def title(self, reader: ElsewhereQuery) -> str:
        said = reader.sentence if reader.is_filtered else ""
        title = labelled(_("PVE matrix"), _("Projects elsewhere"))
        return labelled(title, said) if said else title

    def link(self, reader: ElsewhereQuery) -> str:
        return f"{reverse('elsewhere')}{reader.suffix}"

    def items(self, reader: ElsewhereQuery) -> list[Profile]:
        newest = sorted(reader.found, key=lambda one: one.updated_at, reverse=True)
        return [Profile(one) for one in newest[:CHANGES_A_PAGE]]

    def item_title(self, item: Profile) -> str:
        return item.record.title

    def item_description(self, item: Profile) -> str:
        attribution = item.reading.attribution
        lines = filter(None, [item.source, item.when_in_words, item.judgement, attribution])
        return format_html_join("", "<p>{}</p>", ((line,) for line in lines))

    def item_link(self, item: Profile) -> str:
        return item.record.get_absolute_url()

    def item_guid(self, item: Profile) -> str:
        return f"tag:pvematrix,2026:elsewhere:{item.record.key}"

    def item_updateddate(self, item: Profile) -> datetime:
        return item.record.updated_at

    item_pubdate = item_updateddate
