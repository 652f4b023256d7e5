"""Addresses that every request is compared with."""

from functools import cache

from django.urls import reverse


@cache
def address_of(name: str) -> str:
    """Return the address of a view that has no parameters, looked up once."""
    return reverse(name)
