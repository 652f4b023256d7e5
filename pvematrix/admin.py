"""Where Django looks for the desk's modules."""

from .desk import accounts, authenticators, imports, projects, reports, revisions  # noqa: F401
