"""gunicorn's access log, without secrets and control characters."""

from gunicorn.glogging import Logger

from projects.text import printable


class AccessLog(Logger):
    """Logs no query string of accounts, persons and referring pages: it may have a code or a name.

    A link for choosing a password is cut, since it works until it is used.
    """

    def atoms(self, resp, req, environ, request_time):
        atoms = super().atoms(resp, req, environ, request_time)
        if environ["PATH_INFO"].startswith(("/accounts/", "/admin/pvematrix/")):
            address = environ["RAW_URI"].partition("?")[0]
            before, link, _secret = address.partition("/password/choose/")
            address = before + link
            atoms["r"] = f"{environ['REQUEST_METHOD']} {address} {environ['SERVER_PROTOCOL']}"
        atoms["f"] = atoms["f"].partition("?")[0]
        return atoms | {name: printable(atoms[name]) for name in "raf"}
