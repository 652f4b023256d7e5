"""In: requests, and settings from the environment.
Out: answers: the pages of all apps under their addresses, errors, the log.
May import: reports, projects.
"""
