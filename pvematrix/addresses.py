"""Addresses that every request is compared with, reversed once."""

from functools import cache

from django.urls import reverse


@cache
def address_of(name: str) -> str:
    """Return the address of a view without parameters."""
    return reverse(name)
