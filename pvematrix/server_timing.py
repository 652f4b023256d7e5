"""Server-Timing, for browsers' developer tools."""

import time

from django.db import connection


class ServerTimingMiddleware:
    """Adds Server-Timing (W3C): milliseconds of the database and in all, and queries."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began, took = time.perf_counter(), []

        def timed(execute, *query):
            asked = time.perf_counter()
            try:
                return execute(*query)
            finally:
                took.append(time.perf_counter() - asked)

        with connection.execute_wrapper(timed):
            response = self.get_response(request)
        database, total = sum(took) * 1000, (time.perf_counter() - began) * 1000
        response.headers["Server-Timing"] = (
            f'db;dur={database:.1f};desc="{len(took)} queries", total;dur={total:.1f}'
        )
        return response
