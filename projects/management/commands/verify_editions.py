"""Recomputes the fingerprint of every edition."""

from django.core.management.base import BaseCommand

from projects.editions import fingerprint
from projects.models import Edition


class Command(BaseCommand):
    help = (
        "Recompute the SHA-256 of every edition's canonical CSV. Exits 1 when one differs from "
        "what was published."
    )

    def handle(self, *args, **options):
        editions = list(Edition.objects.order_by("date", "published_at", "pk"))
        differing = 0
        for edition in editions:
            found = fingerprint(edition)
            if found == edition.sha256:
                self.stdout.write(f"{edition.slug}: unchanged, {edition.count} projects, {found}")
            else:
                differing += 1
                self.stdout.write(
                    f"{edition.slug}: CHANGED. Published as {edition.sha256}, now {found}"
                )
        self.stdout.write(f"Editions verified: {len(editions)}. Changed: {differing}.")
        if differing:
            raise SystemExit(1)
