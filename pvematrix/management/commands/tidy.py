"""Deletes expired records."""

from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from projects.imports.batches import delete_unconfirmed
from projects.models import Contact
from pvematrix.models import Expert

# As the form of corrections says.
CONTACT_AGE = timedelta(days=182)


class Command(BaseCommand):
    help = (
        "Delete sessions and rows of the cache that have expired, and uploaded files that nobody "
        "confirmed for a week. Also contacts given with corrections half a year ago, and experts "
        "whose consent has ended. Run it every night; it says what it did."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        sessions, _by_model = Session.objects.filter(expire_date__lt=now).delete()
        current = Session.objects.values("session_key")
        UserSession.objects.exclude(session_key__in=current).delete()
        table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
        with connection.cursor() as cursor:
            # Django does so only if the cache has too many rows.
            cursor.execute(
                f"DELETE FROM {table} WHERE expires < %s",  # noqa: S608 - a name of our own
                [connection.ops.adapt_datetimefield_value(now)],
            )
            cached = cursor.rowcount
        old = Contact.objects.filter(correction__at__lt=now - CONTACT_AGE)
        contacts, _by_model = old.delete()
        self.stdout.write(
            f"Deleted: {sessions} expired sessions, {cached} expired rows of the cache, "
            f"{delete_unconfirmed()} uploaded files never confirmed, {contacts} contacts."
        )
        # Also if the registers are off: a consent ends anyway.
        ended = Expert.objects.filter(consent_ends_on__lt=timezone.localdate())
        experts, _by_model = ended.delete()
        if experts or settings.STAFF_REGISTERS:
            self.stdout.write(f"Deleted: {experts} experts whose consent has ended.")
