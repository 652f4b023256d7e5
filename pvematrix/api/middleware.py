"""What every answer of the API carries, whether it was kept, made or refused."""

from ..errors import API
from .limits import policy

# So that a program within any page may read, and sees what the answer says of itself. It brings no
# cookie: the API has none to look at.
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Deprecation, ETag, Link, RateLimit, RateLimit-Policy, Retry-After, Sunset"
    ),
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}


class ApiMiddleware:
    """Lets other sites read the API, and says how often one address may ask.

    Outside of what keeps pages: the second is of one request. By a few lines, since there is one
    rule for one folder; django-cors-headers is for lists of origins, credentials and signals.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not request.path.startswith(API):
            return response
        said = {"RateLimit-Policy": policy(), "RateLimit": getattr(request, "limit", "")}
        if said["RateLimit"]:
            # What one network has left is no other's: nginx keeps the answer without it, next time.
            said["X-Accel-Expires"] = "0"
        if request.method in ("GET", "HEAD", "OPTIONS"):
            said |= CORS
        if request.method == "OPTIONS":
            said |= PREFLIGHT
        for name, value in said.items():
            if value:
                response.headers[name] = value
        return response
