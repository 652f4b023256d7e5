"""Django's loaddata; its rows bring their history along, or need none."""

from django.core.management.commands import loaddata

from projects.history import loading


class Command(loaddata.Command):
    def handle(self, *fixture_labels, **options):
        with loading("a fixture's rows are as they were dumped, their revisions too"):
            return super().handle(*fixture_labels, **options)
