"""The registers with personal data at the desk; no log and no draft has what is typed."""

import logging
from typing import Any

from django.http import HttpRequest

from .lists import ListedLookupsAdmin

log = logging.getLogger("pvematrix.security")


class PersonalAdmin(ListedLookupsAdmin):
    is_personal = True
    delete_confirmation_template = "admin/delete_for_good.html"

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        extra = {"request": request, "detail": f"{self.opts.model_name} {obj.pk}"}
        super().delete_model(request, obj)
        # Who restores a backup deletes it again.
        log.warning("personal_record_deleted", extra=extra)


class ExpertAdmin(PersonalAdmin):
    list_display = ["name", "affiliation", "subjects", "languages", "consent_ends_on"]
    search_fields = ["name", "affiliation", "subjects", "languages"]


class AssistanceRequestAdmin(PersonalAdmin):
    list_display = ["name", "asked_on", "state", "project"]
    list_filter = ["state"]
    search_fields = ["name", "wanted", "project"]
