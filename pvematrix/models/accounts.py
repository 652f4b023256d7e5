"""Accounts of staff as history records them, without secrets."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User, UserManager
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone

from projects.history import (
    NO_LINKS,
    FieldChange,
    Links,
    RecordedModel,
    RecordedQuerySet,
    Snapshot,
    differences,
    recording,
)

log = logging.getLogger("pvematrix.security")
# Changes with an event of their own in the security log; all others are account_changed.
EVENTS = {
    "password_set_at": "password_changed",
    "password_is_temporary": "password_changed",
    "second_factor_since": "second_factor_changed",
    "recovery_codes_since": "recovery_codes_changed",
}
_FACTORS = {
    Authenticator.Type.TOTP.value: "second_factor_since",
    Authenticator.Type.RECOVERY_CODES.value: "recovery_codes_since",
}


class Credential(models.Model):
    """When an account's password was set; `is_temporary` if somebody else set it."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True)
    password_set_at = models.DateTimeField()
    is_temporary = models.BooleanField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.user.get_username()


class AccountManager(UserManager.from_queryset(RecordedQuerySet)):  # type: ignore[misc]
    """Refuses changes without a revision."""

    use_in_migrations = False


class Account(RecordedModel, User):
    """A Django user; every change is a revision, and a line of the security log."""

    identifier = "username"

    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        proxy = True
        default_permissions = ()

    def save(self, *args: Any, **kwargs: Any) -> None:
        with recording() as recorder:
            old_hash = User.objects.filter(pk=self.pk).values_list("password", flat=True).first()
            super().save(*args, **kwargs)
            if not (self.is_active and self.is_staff):
                self.end_sessions()
            # A new account whose owner is still to choose one has none.
            if self.password != old_hash and (old_hash or self.has_usable_password()):
                given = recorder.by is not None and recorder.by.pk != self.pk
                state = {
                    "password_set_at": timezone.now(),
                    "is_temporary": given and self.has_usable_password(),
                }
                Credential.objects.update_or_create(user_id=self.pk, defaults=state)

    @contextmanager
    def changing(self, by: Any) -> Iterator[None]:
        """Record what changes inside, in the account or what belongs to it, as a revision."""
        with recording(by=by) as recorder:
            recorder.touch_stored(self)
            yield

    def end_sessions(self, keys: Iterable[str] | None = None, but: str | None = None) -> None:
        """End the sessions of `keys`, by default all that the account has, except `but`."""
        ended = {*(self._session_keys() if keys is None else keys)} - {but}
        Session.objects.filter(pk__in=ended).delete()
        UserSession.objects.filter(session_key__in=ended).delete()
        if ended:
            known = {"request": context.request, "detail": f"{self.username}: {len(ended)}"}
            transaction.on_commit(partial(log.warning, "sessions_ended", extra=known))

    def _session_keys(self) -> Iterator[str]:
        # Sessions have no column for the account; only staff have any, so there are few.
        for session in Session.objects.iterator():
            if session.get_decoded().get(SESSION_KEY) == str(self.pk):
                yield session.pk

    @classmethod
    def is_public(cls, snapshot: Snapshot | None) -> bool:
        return False

    def snapshot(self, links: Links = NO_LINKS) -> Snapshot:
        groups = links.get("groups", self.groups.all())
        rights = links.get("user_permissions", self.user_permissions.all())
        names = ("username", "first_name", "last_name", "email")
        flags = ("is_active", "is_staff", "is_superuser")
        credential = Credential.objects.filter(user_id=self.pk).first()
        factors = dict.fromkeys(_FACTORS.values(), "")
        for factor in Authenticator.objects.filter(user_id=self.pk, type__in=_FACTORS):
            factors[_FACTORS[factor.type]] = _moment(factor.created_at)
        return {
            **{name: getattr(self, name) for name in (*names, *flags)},
            "groups": sorted(group.name for group in groups),
            "user_permissions": sorted(
                f"{right.content_type.app_label}.{right.codename}" for right in rights
            ),
            "password_set_at": _moment(credential.password_set_at) if credential else "",
            "password_is_temporary": bool(credential and credential.is_temporary),
            **factors,
        }

    @classmethod
    def after_recording(cls, old: Snapshot | None, new: Snapshot | None) -> None:
        request = context.request
        # On commit, since a rollback must leave no line.
        transaction.on_commit(partial(_log, request, cls.key_of(new or old or {}), old, new))


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _log(request: HttpRequest, name: str, old: Snapshot | None, new: Snapshot | None) -> None:
    whole = "account_added" if old is None else "account_deleted" if new is None else ""
    events: dict[str, list[FieldChange]] = {}
    for change in differences(old, new):
        event = whole or EVENTS.get(change.column, "account_changed")
        events.setdefault(event, []).append(change)
    for event, changes in events.items():
        values = "; ".join(f"{one.column}: {one.old or '-'} -> {one.new or '-'}" for one in changes)
        log.warning(event, extra={"request": request, "detail": f"{name}: {values}"})
