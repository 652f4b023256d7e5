"""gunicorn's access log, without what is secret in an address and what could hide in a line."""

from gunicorn.glogging import Logger

from projects.text import printable


class AccessLog(Logger):
    """Writes no query string of a page on accounts or persons, nor of the page that led to any.

    A server of single sign-on sends its code in the address that it leads back to, and whom staff
    search for at the desk stands in the address of the list. Nor is a link written by which a
    password can be chosen: it is one as long as nobody used it.
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
