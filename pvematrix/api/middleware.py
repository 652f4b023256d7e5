"""What every answer of the API says of how often one address may ask."""

from ..errors import API
from .limits import policy


class ApiMiddleware:
    """Says how often one address may ask; outside of what keeps pages, since it is of a request."""

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
        for name, value in said.items():
            if value:
                response.headers[name] = value
        return response
