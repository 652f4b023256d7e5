"""Encrypts the keys of second factors again, after a change of SECOND_FACTOR_KEYS."""

from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from pvematrix.second_factor import cipher

# allauth's names for what is secret in a factor: an app's key, and what recovery codes come from.
SECRETS = ("secret", "seed")


class Command(BaseCommand):
    help = "Encrypt the keys of second factors again, with the first of SECOND_FACTOR_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        unreadable = []
        with transaction.atomic():
            # Nobody's code counts as unused again because of what was read before.
            for factor in Authenticator.objects.select_for_update().order_by("pk"):
                try:
                    factor.data |= {
                        name: cipher().rotate(factor.data[name].encode()).decode()
                        for name in SECRETS
                        if name in factor.data
                    }
                except InvalidToken:
                    unreadable.append(f"{factor.user.get_username()}: {factor}")
                else:
                    factor.save(update_fields=["data"])
        count = Authenticator.objects.count() - len(unreadable)
        self.stdout.write(f"{count} factors are encrypted with the first of SECOND_FACTOR_KEYS.")
        if unreadable:
            raise CommandError(
                "None of SECOND_FACTOR_KEYS reads these; add the key that encrypted them, or "
                "delete them at the desk, under Authenticators:\n" + "\n".join(unreadable)
            )
