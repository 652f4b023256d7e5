"""Recomputes the fingerprint of every edition."""

from typing import Any

from django.core.management.base import BaseCommand

from projects.editions import fingerprint, quotations_fingerprint
from projects.models import Edition


class Command(BaseCommand):
    help = (
        "Recompute the SHA-256 of every edition's canonical CSV and of its file of quotations. "
        "Exits 1 when one differs from what was published."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        editions = list(Edition.objects.order_by("date", "published_at", "pk"))
        differing = 0
        for edition in editions:
            sha256, quoted = fingerprint(edition), quotations_fingerprint(edition)
            if (sha256, quoted) == (edition.sha256, edition.quotations_sha256):
                self.stdout.write(f"{edition.slug}: unchanged, {edition.count} projects, {sha256}")
                continue
            differing += 1
            if sha256 != edition.sha256:
                self.stdout.write(
                    f"{edition.slug}: CHANGED. Published as {edition.sha256}, now {sha256}"
                )
            if quoted != edition.quotations_sha256:
                self.stdout.write(
                    f"{edition.slug}: QUOTATIONS CHANGED. Published as "
                    f"{edition.quotations_sha256 or 'none'}, now {quoted or 'none'}"
                )
        self.stdout.write(f"Editions verified: {len(editions)}. Changed: {differing}.")
        if differing:
            raise SystemExit(1)
